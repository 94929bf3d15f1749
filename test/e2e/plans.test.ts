/** The recorded plans of `test/plans` are what the real Terraform makes of their configurations. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { PLANS, planNames, planner } from './support/recorded-plans';
import { run } from './support/run';
import { SWEEP } from './support/sweep';

const MINUTES = 60_000;
const WRITE = Boolean(process.env.LEASEHOLD_WRITE_PLANS);

/** One plan of a kind: with modules, with an earlier state, with what others made, destroyed, and one that fails. */
const SAMPLE = ['modules-for-each', 'moved-into-module', 'attached-by-hand', 'destroyed', 'planning-failed'];

describeWithRealTools('the recorded plans', () => {
  let moto: Moto;
  let folder: string;
  let plan: (name: string) => Promise<object>;

  beforeAll(async () => {
    // Otherwise moto knows no policy that AWS manages.
    process.env.MOTO_IAM_LOAD_MANAGED_POLICIES = 'true';
    moto = await startMoto();
    folder = mkdtempSync(join(tmpdir(), 'leasehold-plans-'));
    plan = await planner(folder, moto);
  }, 5 * MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('have one of each kind in the sample', () => {
    expect(planNames()).toEqual(expect.arrayContaining(SAMPLE));
  });

  it.each(SWEEP || WRITE ? planNames() : SAMPLE)(
    '%s',
    async (name) => {
      const made = await plan(name);
      const file = join(PLANS, name, 'plan.json');
      if (WRITE) {
        writeFileSync(file, JSON.stringify(made, null, 2));
        await run('npx', ['biome', 'format', '--write', file], { cwd: join(PLANS, '..', '..') });
      }
      expect(existsSync(file)).toBe(true);
      expect(withoutCounts(made)).toEqual(withoutCounts(JSON.parse(readFileSync(file, 'utf8'))));
    },
    5 * MINUTES,
  );
});

/** Terraform makes what does not depend on each other in any order, and so are the ids numbered that moto makes up. */
function withoutCounts(plan: object): object {
  return JSON.parse(JSON.stringify(plan).replace(/\bunique\d+/g, 'unique'));
}
