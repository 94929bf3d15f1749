/** Every kind of identity and role, applied by the real Terraform through the real provider. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { agentBoundary, agentTrust, ask, roleBoundary, roleName, rolePolicy, trust } from '@leasehold/documents';
import { anAgent, anEnvironment, aReleaseRole, aRole, definitions, IDENTITIES } from '../support/environment';
import type { StackJson } from '../support/synth';
import { unknownInPlan } from './support/literal-plan';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { readBack } from './support/read-back';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;
const NO_CHANGE = { changes: [], outputs: [] };

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
  let iam: IAMClient;
  let folder: string;
  let stack: StackJson;
  let terraform: Terraform;

  beforeAll(async () => {
    moto = await startMoto();
    iam = new IAMClient(moto.client);
    folder = mkdtempSync(join(tmpdir(), 'leasehold-e2e-'));
    const [written] = synthesizeUnchecked(definitions(everything), { outdir: join(folder, 'cdktf.out') });
    const directory = written?.directory ?? folder;
    stack = JSON.parse(readFileSync(join(directory, 'cdk.tf.json'), 'utf8'));
    terraform = terraformIn(directory, moto);
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
    'shows in its first plan everything that it sets: nothing is known after apply',
    async () => {
      const plan = await terraform.plan();
      const planned = Object.entries(stack.resource).flatMap(([type, named]) =>
        Object.keys(named).map((name) => `${type}.${name}`),
      );
      expect(plan.changes.map(({ address }) => address).sort()).toEqual(planned.sort());
      expect(unknownInPlan(plan, stack)).toEqual([]);
    },
    2 * MINUTES,
  );

  it(
    'applies, and a second plan shows no change',
    async () => {
      await terraform.apply();
      expect(await terraform.plan()).toEqual(NO_CHANGE);
    },
    5 * MINUTES,
  );

  it('stands in IAM as lib/documents says', async () => {
    const { users, roles } = await readBack(iam);
    for (const role of everything.roles) {
      expect(parsed(roles[roleName(role, everything)])).toEqual({
        policies: [rolePolicy(role)],
        boundary: roleBoundary(role, everything),
        trust: trust(role, everything),
      });
    }
    for (const agent of everything.agents) {
      if (agent.identity.type === 'existing-role') continue;
      const identity = { ...users, ...roles }[`hermes-dev-${agent.name}`];
      expect(parsed(identity)).toEqual({
        policies: ask(agent, everything),
        boundary: agentBoundary(agent, everything),
        ...(agent.identity.type === 'iam-user' ? {} : { trust: agentTrust(agent, everything) }),
      });
    }
  });

  it(
    'shows a policy given by hand as a change, and takes it away',
    async () => {
      const before = await readBack(iam);
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      });
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'by-hand', PolicyDocument }));
      const given = { PolicyArn: Policy?.Arn, PolicyName: 'by-hand', PolicyDocument };
      await iam.send(new AttachUserPolicyCommand({ UserName: 'hermes-dev-a-iam-user', ...given }));
      await iam.send(new PutUserPolicyCommand({ UserName: 'hermes-dev-a-iam-user', ...given }));
      for (const RoleName of ['hermes-dev-s3-deploy', 'hermes-dev-a-lambda', 'hermes-dev-broker']) {
        await iam.send(new AttachRolePolicyCommand({ RoleName, ...given }));
        await iam.send(new PutRolePolicyCommand({ RoleName, ...given }));
      }

      const { changes } = await terraform.plan();
      const shown = changes.map(({ type, change }) => [change.before?.user_name ?? change.before?.role_name, type]);
      expect(shown.sort()).toEqual([
        ['hermes-dev-a-iam-user', 'aws_iam_user_policies_exclusive'],
        ['hermes-dev-a-iam-user', 'aws_iam_user_policy_attachments_exclusive'],
        ['hermes-dev-a-lambda', 'aws_iam_role_policies_exclusive'],
        ['hermes-dev-a-lambda', 'aws_iam_role_policy_attachments_exclusive'],
        ['hermes-dev-broker', 'aws_iam_role_policies_exclusive'],
        ['hermes-dev-broker', 'aws_iam_role_policy_attachments_exclusive'],
        ['hermes-dev-s3-deploy', 'aws_iam_role_policies_exclusive'],
        ['hermes-dev-s3-deploy', 'aws_iam_role_policy_attachments_exclusive'],
      ]);

      await terraform.apply();
      expect(await readBack(iam)).toEqual(before);
      expect(await terraform.plan()).toEqual(NO_CHANGE);
    },
    5 * MINUTES,
  );

  it(
    'is refused in another account',
    async () => {
      const other = await startMoto('999999999999');
      try {
        const elsewhere = terraformIn(join(folder, 'cdktf.out', 'stacks', 'hermes-dev'), other);
        await expect(elsewhere.plan()).rejects.toThrow(/AWS account ID not allowed: 999999999999/);
      } finally {
        await other.stop();
      }
    },
    2 * MINUTES,
  );

  it(
    'is destroyed without rest',
    async () => {
      await terraform.destroy();
      expect(await readBack(iam)).toEqual({ users: {}, roles: {} });
    },
    5 * MINUTES,
  );
});

/** An identity without its ARN, every document parsed. */
function parsed(identity: { policies: string[]; boundary?: string; trust?: string } | undefined): object {
  if (!identity) throw new Error('IAM has no such identity');
  return {
    policies: identity.policies.map((text) => JSON.parse(text)),
    ...(identity.boundary === undefined ? {} : { boundary: JSON.parse(identity.boundary) }),
    ...(identity.trust === undefined ? {} : { trust: JSON.parse(identity.trust) }),
  };
}
