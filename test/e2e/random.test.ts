/** Random definitions that pass the checks: the real Terraform finds nothing wrong with their stacks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { hasErrors, loadDefinitions } from '@leasehold/definitions';
import { checkDefinitions } from '@leasehold/guardrails';
import * as fc from 'fast-check';
import { randomProject, writeRandomProject } from '../support/random-project';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { SWEEP } from './support/sweep';
import { terraformIn } from './support/terraform';

const MINUTES = 60_000;
/** Clean projects that Terraform is asked about, of this many random ones. */
const CLEAN = SWEEP ? 25 : 1;
const TRIED = SWEEP ? 250 : 40;

describeWithRealTools('random definitions that pass the checks', () => {
  let moto: Moto;
  let folder: string;

  beforeAll(async () => {
    moto = await startMoto();
    folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
  }, MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'are valid to Terraform',
    async () => {
      let clean = 0;
      for (const [index, project] of fc.sample(randomProject, TRIED).entries()) {
        const { definitions } = loadDefinitions(writeRandomProject(join(folder, `${index}`), project));
        if (!definitions || clean === CLEAN) continue;
        if (hasErrors((await checkDefinitions(definitions, { today: '2026-11-22' })).findings)) continue;
        clean += 1;
        const [stack] = synthesizeUnchecked(definitions, { outdir: join(folder, `${index}`, 'out') });
        const terraform = terraformIn(stack?.directory ?? folder, moto);
        // An S3 backend would be asked for its state, which validation does not need.
        await terraform.init('-backend=false');
        const answer = await terraform.validate();
        expect({ project, ...answer }).toMatchObject({ project, valid: true, diagnostics: [] });
      }
      expect(clean).toBe(CLEAN);
    },
    20 * MINUTES,
  );
});
