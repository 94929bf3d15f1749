/** The reference project, deployed as its README says: the real cdktf-cli, Terraform and provider. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IAMClient } from '@aws-sdk/client-iam';
import { loadDefinitions } from '@leasehold/definitions';
import { agentBoundary, ask, manifest, roleBoundary, roleName, rolePolicy, trust } from '@leasehold/documents';
import type { Environment } from '../../lib/definitions/model';
import { type EnvironmentName, wrongAnswers } from '../deployed/tables';
import type { DeployedIdentity } from '../support/deployed';
import { copyProject } from '../support/project';
import { unknownInPlan } from './support/literal-plan';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { readBack } from './support/read-back';
import { run } from './support/run';
import { type Terraform, terraformEnvironment, terraformIn } from './support/terraform';

const MINUTES = 60_000;
const NO_CHANGE = { changes: [], outputs: [] };

describeWithRealTools('the reference project', () => {
  const { definitions } = loadDefinitions('roles');
  const environments = definitions?.environments ?? [];

  it('has environments dev and prod', () => {
    expect(environments.map(({ name }) => name)).toEqual(['dev', 'prod']);
  });

  describe.each(environments)('in $name', (environment) => {
    const stackName = `${environment.project}-${environment.name}`;
    let moto: Moto;
    let folder: string;
    let terraform: Terraform;
    const cdktf = (args: readonly string[], server = moto) =>
      run(join('node_modules', '.bin', 'cdktf'), args, {
        cwd: folder,
        env: { ...server.environment, ...terraformEnvironment(), CI: '1', NO_COLOR: '1' },
        expect: [0, 1],
      });

    beforeAll(async () => {
      moto = await startMoto(environment.account);
      folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
      copyProject(folder);
      terraform = terraformIn(join(folder, 'cdktf.out', 'stacks', stackName), moto);
    }, MINUTES);

    afterAll(async () => {
      await moto?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it(
      '`cdktf diff` shows what will be made, all of it literal',
      async () => {
        const { code, stdout, stderr } = await cdktf(['diff', stackName]);
        expect({ code, text: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, text: '' });
        const file = join(folder, 'cdktf.out', 'stacks', stackName, 'cdk.tf.json');
        const stack = JSON.parse(readFileSync(file, 'utf8'));
        const plan = await terraform.plan();
        expect(plain(stdout)).toContain(`Plan: ${plan.changes.length} to add, 0 to change, 0 to destroy.`);
        expect(unknownInPlan(plan, stack)).toEqual([]);
        expect(await terraform.validate()).toMatchObject({ valid: true, diagnostics: [] });
      },
      2 * MINUTES,
    );

    it(
      '`cdktf deploy` refuses another account',
      async () => {
        const other = await startMoto('999999999999');
        try {
          const { code } = await cdktf(['deploy', '--auto-approve', stackName], other);
          expect(code).toBe(1);
          expect(await readBack(new IAMClient(other.client))).toEqual({ users: {}, roles: {} });
          // cdktf-cli does not always pass Terraform's last words on, so the reason is asked of Terraform itself.
          const { stderr } = await run('terraform', ['plan', '-no-color', '-input=false'], {
            cwd: join(folder, 'cdktf.out', 'stacks', stackName),
            env: { ...other.environment, ...terraformEnvironment() },
            expect: [1],
          });
          expect(stderr).toContain('AWS account ID not allowed: 999999999999');
        } finally {
          await other.stop();
        }
      },
      2 * MINUTES,
    );

    it(
      '`cdktf deploy` makes it, and a second plan shows no change',
      async () => {
        const { code, stdout, stderr } = await cdktf(['deploy', '--auto-approve', stackName]);
        expect({ code, text: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, text: '' });
        expect(await terraform.plan()).toEqual(NO_CHANGE);
        expect(plain((await cdktf(['diff', stackName])).stdout)).toContain('No changes.');
      },
      5 * MINUTES,
    );

    it('stands in IAM as lib/documents says', async () => {
      const { users, roles } = await readBack(new IAMClient(moto.client));
      expect(documentsOf(users)).toEqual(expectedUsers(environment));
      expect(documentsOf(roles)).toMatchObject(expectedRoles(environment));
    });

    it('answers the decision tables, read back over the API', async () => {
      const deployed = await readBack(new IAMClient(moto.client));
      expect(wrongAnswers({ environment: environment.name as EnvironmentName, deployed })).toEqual([]);
    });

    it('tells clients what they need', async () => {
      const { leasehold, role_arns } = await terraform.output();
      expect(leasehold?.value).toEqual(manifest(environment));
      expect(Object.keys(role_arns?.value ?? {}).sort()).toEqual(environment.roles.map(({ name }) => name).sort());
    });

    it(
      '`cdktf destroy` leaves nothing',
      async () => {
        expect((await cdktf(['destroy', '--auto-approve', stackName])).code).toBe(0);
        expect(await readBack(new IAMClient(moto.client))).toEqual({ users: {}, roles: {} });
      },
      5 * MINUTES,
    );
  });
});

function expectedUsers(environment: Environment): object {
  return Object.fromEntries(
    environment.agents
      .filter(({ identity }) => identity.type === 'iam-user')
      .map((agent) => [
        `${environment.project}-${environment.name}-${agent.name}`,
        { policies: ask(agent, environment), boundary: agentBoundary(agent, environment) },
      ]),
  );
}

function expectedRoles(environment: Environment): object {
  return Object.fromEntries(
    environment.roles.map((role) => [
      roleName(role, environment),
      { policies: [rolePolicy(role)], boundary: roleBoundary(), trust: trust(role, environment) },
    ]),
  );
}

function documentsOf(identities: Readonly<Record<string, DeployedIdentity>>): object {
  return Object.fromEntries(
    Object.entries(identities).map(([name, { policies, boundary, trust: trusted }]) => [
      name,
      {
        policies: policies.map((text) => JSON.parse(text)),
        ...(boundary === undefined ? {} : { boundary: JSON.parse(boundary) }),
        ...(trusted === undefined ? {} : { trust: JSON.parse(trusted) }),
      },
    ]),
  );
}

/** Text without the colours that Terraform adds under cdktf-cli. */
function plain(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
}
