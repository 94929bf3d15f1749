/** The roles that real teams need, deployed: Terraform applies them, and what stands in IAM is what the documents say. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { synthesize } from '@leasehold/constructs';
import { loadDefinitions } from '@leasehold/definitions';
import { roleBoundary, roleName, rolePolicy, trust } from '@leasehold/documents';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { readBack } from './support/read-back';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;

describeWithRealTools('roles that pass, assume, read identities and mix access', () => {
  const { definitions } = loadDefinitions('roles', { cwd: join(__dirname, '../cases') });
  if (definitions === undefined) throw new Error('the roles load');
  let moto: Moto;
  let folder: string;
  let terraform: Terraform;

  beforeAll(async () => {
    moto = await startMoto('111122223333');
    folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
    const [stack] = synthesize(definitions, { outdir: join(folder, 'cdktf.out') });
    terraform = terraformIn(stack?.directory ?? folder, moto);
    await terraform.init();
    await terraform.apply();
  }, 10 * MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'show no change in a second plan',
    async () => {
      expect((await terraform.plan()).changes).toEqual([]);
    },
    5 * MINUTES,
  );

  it.each(
    definitions.environments.flatMap((environment) =>
      environment.roles.map((role) => [role.name, role, environment] as const),
    ),
  )('%s stands in IAM with its policy, its boundary and its trust', async (_, role, environment) => {
    const { roles } = await readBack(new IAMClient(moto.client));
    expect(parsed(roles[roleName(role, environment)])).toEqual({
      policies: [rolePolicy(role)],
      boundary: roleBoundary(role),
      trust: trust(role, environment),
    });
  });
});

function parsed(identity: { policies: string[]; boundary?: string; trust?: string } | undefined): object {
  const { policies = [], boundary = 'null', trust: own = 'null' } = identity ?? {};
  return { policies: policies.map((text) => JSON.parse(text)), boundary: JSON.parse(boundary), trust: JSON.parse(own) };
}
