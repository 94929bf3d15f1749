/** Every kind of identity and role, applied by the real Terraform through the real provider. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../lib/constructs';
import { anAgent, anEnvironment, aReleaseRole, aRole, definitions, IDENTITIES } from '../support/environment';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;

const everything = anEnvironment({
  agents: Object.values(IDENTITIES).map((identity) => anAgent({ name: `a-${identity.type}`, identity })),
  roles: [
    aReleaseRole({ agents: ['a-iam-user'], gates: ['broker', 'mfa'] }),
    aRole({ name: 'brokered', agents: Object.keys(IDENTITIES).map((type) => `a-${type}`), gates: ['broker'] }),
  ],
  alerts: { emails: ['security@example.com'], trail: 'create', hours: { from: 0, to: 10 } },
});

describeWithRealTools('a stack with every identity, gate and alert', () => {
  let moto: Moto;
  let folder: string;
  let terraform: Terraform;

  beforeAll(async () => {
    moto = await startMoto();
    folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
    const [stack] = synthesize(definitions(everything), { outdir: join(folder, 'cdktf.out') });
    terraform = terraformIn(stack?.directory ?? folder, moto);
    await terraform.init();
  }, 2 * MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'is valid',
    async () => {
      expect(await terraform.validate()).toMatchObject({ valid: true, diagnostics: [] });
    },
    MINUTES,
  );

  it(
    'applies, and a second plan shows no change',
    async () => {
      await terraform.apply();
      expect(await terraform.plan()).toEqual({ changes: [], outputs: [] });
    },
    5 * MINUTES,
  );

  it(
    'is destroyed without rest',
    async () => {
      await terraform.destroy();
    },
    5 * MINUTES,
  );
});
