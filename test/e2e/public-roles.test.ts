/** The roles that real teams need, deployed: Terraform applies them, and what stands in IAM is what the documents say. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { type Definitions, loadDefinitions } from '@leasehold/definitions';
import { roleBoundary, roleName, rolePolicy, trust } from '@leasehold/documents';
import { followedTogether } from '../guardrails/literal';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { readBack } from './support/read-back';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;

const written = async (): Promise<Definitions> => {
  const { definitions } = loadDefinitions('roles', { cwd: join(__dirname, '../cases') });
  if (definitions === undefined) throw new Error('the roles load');
  return definitions;
};

describe.each([
  ['roles that pass, assume, read identities and mix access', written],
  ['policies of agents and pipelines, copied into roles, after the hints of one run', followedTogether],
] as const)('%s', (_, load) => {
  describeWithRealTools('deployed', () => {
    let definitions: Definitions;
    let moto: Moto;
    let folder: string;
    let terraform: Terraform;

    beforeAll(async () => {
      definitions = await load();
      moto = await startMoto('111122223333');
      folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
      const [stack] = synthesizeUnchecked(definitions, { outdir: join(folder, 'cdktf.out') });
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

    it('stand in IAM with their policy, boundary and trust', async () => {
      const { roles } = await readBack(new IAMClient(moto.client));
      const [environment] = definitions.environments;
      if (environment === undefined) throw new Error('an environment');
      expect(environment.roles.length).toBeGreaterThan(10);
      for (const role of environment.roles) {
        expect([role.name, parsed(roles[roleName(role, environment)])]).toEqual([
          role.name,
          { policies: [rolePolicy(role)], boundary: roleBoundary(role, environment), trust: trust(role, environment) },
        ]);
      }
    });
  });
});

function parsed(identity: { policies: string[]; boundary?: string; trust?: string } | undefined): object {
  const { policies = [], boundary = 'null', trust: own = 'null' } = identity ?? {};
  return { policies: policies.map((text) => JSON.parse(text)), boundary: JSON.parse(boundary), trust: JSON.parse(own) };
}
