/** What is loaded is what is deployed, from wherever it is loaded. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { loadDefinitions } from '@leasehold/definitions';
import { SandboxError, startSandbox } from '@leasehold/sandbox';
import type { Definitions } from '../../lib/definitions/model';
import type { Account } from '../../lib/sandbox/account/model';
import { accountsOf } from '../../lib/sandbox/load/definitions';
import { accountOfStack } from '../../lib/sandbox/load/stack';
import { writeConsoleFolder } from '../support/console-folder';
import { anAgent, anEnvironment, aReleaseRole, definitions, IDENTITIES } from '../support/environment';
import { aPeopleEnvironment } from '../support/people-environment';
import { aBrokeredEnvironment } from './support/broker';
import { ACCOUNT } from './support/cast';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-sandbox-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Shown {
  readonly inline: ReadonlyMap<string, unknown>;
  readonly attached: readonly string[];
  readonly createDate: Date;
  readonly description?: string;
}

/** Everything that decides, in an order that does not depend on the source. */
function shown(account: Account) {
  const sorted = <T>(items: Iterable<readonly [string, T]>) => [...items].sort(([a], [b]) => (a < b ? -1 : 1));
  const identity = (each: Shown) => {
    const { createDate: _, description: __, ...rest } = each;
    return { ...rest, inline: sorted(each.inline), attached: [...each.attached].sort() };
  };
  return {
    id: account.id,
    users: sorted([...account.users].map(([name, user]) => [name, identity(user)])),
    roles: sorted([...account.roles].map(([name, role]) => [name, identity(role)])),
    policies: sorted([...account.policies].map(([arn, { document }]) => [arn, document])),
    providers: sorted(account.providers),
  };
}

/** The same account twice: from the definitions, and from the stack that they synthesize to. */
function bothWays(project: Definitions) {
  const brokerCode = join(folder, 'broker.js');
  writeFileSync(brokerCode, '// The code decides nothing about who may do what.\n');
  const consoleCode = writeConsoleFolder(join(folder, 'console'));
  const stacks = synthesizeUnchecked(project, { outdir: folder, brokerCode, consoleCode });
  return {
    fromDefinitions: accountsOf(project).map(shown),
    fromStacks: stacks.map(({ directory }) => shown(accountOfStack(join(directory, 'cdk.tf.json')).account)),
  };
}

describe('definitions and the stacks made of them give the same account', () => {
  it('for the reference project', () => {
    const { definitions: project } = loadDefinitions('roles');
    if (!project) throw new Error('the reference project has errors');
    const { fromDefinitions, fromStacks } = bothWays(project);
    expect(fromDefinitions).toEqual(fromStacks);
    expect(fromStacks.flatMap(({ roles }) => roles)).toHaveLength(8);
  });

  it('for a broker where people sign in, with the role of the console', () => {
    const { fromDefinitions, fromStacks } = bothWays(definitions(aPeopleEnvironment()));
    expect(fromDefinitions).toEqual(fromStacks);
    expect(fromStacks.flatMap(({ roles }) => roles.map(([name]) => name))).toContain('hermes-dev-console');
  });

  const identities = Object.values(IDENTITIES).filter(({ type }) => type !== 'existing-role');
  it.each(identities)('for an agent of type $type', (identity) => {
    const role = aReleaseRole({ gates: identity.type === 'iam-user' ? ['broker', 'mfa'] : ['broker'] });
    const project = definitions(anEnvironment({ agents: [anAgent({ identity })], roles: [role] }));
    const { fromDefinitions, fromStacks } = bothWays(project);
    expect(fromDefinitions).toEqual(fromStacks);
  });
});

describe('an environment with a broker', () => {
  it.each([
    ['an IAM user for an agent', anAgent()],
    ['a workload for an agent', anAgent({ identity: IDENTITIES.lambda })],
  ])('is the same from definitions and from the stack: %s', (_, agent) => {
    const { fromDefinitions, fromStacks } = bothWays(definitions(aBrokeredEnvironment({ agents: [agent] })));
    expect(fromDefinitions).toEqual(fromStacks);
    expect(fromStacks.flatMap(({ users }) => users.map(([name]) => name))).toEqual(
      [...(agent.identity.type === 'iam-user' ? ['hermes-dev-agent'] : []), 'alice', 'lead', 'oncall', 'root'].sort(),
    );
  });
});

it('reads the YAML itself', async () => {
  const sandbox = await startSandbox();
  expect(sandbox.userArn).toBe('arn:aws:iam::123456789012:user/agents/hermes-dev-agent');
  expect(sandbox.env).toEqual({
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_REGION: 'ap-northeast-2',
    AWS_DEFAULT_REGION: 'ap-northeast-2',
    AWS_ACCESS_KEY_ID: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
    AWS_SECRET_ACCESS_KEY: expect.stringMatching(/^[\w+/]{40}$/),
  });
  await sandbox.stop();
});

it('speaks for the agent of the environment that is named', async () => {
  const sandbox = await startSandbox({ environment: 'prod' });
  expect(sandbox.userArn).toBe('arn:aws:iam::210987654321:user/agents/hermes-prod-agent');
  await sandbox.stop();
});

it('listens on the loopback interface alone', async () => {
  const sandbox = await startSandbox();
  expect(new URL(sandbox.url).hostname).toBe('127.0.0.1');
  await sandbox.stop();
  await expect(fetch(sandbox.url)).rejects.toThrow();
});

describe('what cannot be read whole is refused', () => {
  const stackWith = (
    change: (stack: Record<string, unknown> & { resource: Record<string, Record<string, object>> }) => void,
  ) => {
    const stack = structuredClone(require(ACCOUNT));
    change(stack);
    const file = join(folder, 'cdk.tf.json');
    writeFileSync(file, JSON.stringify(stack));
    return () => accountOfStack(file);
  };

  it('a file that is no stack', () => {
    expect(() => accountOfStack(join(folder, 'none'))).toThrow(SandboxError);
  });

  it.each([
    ['an expression of Terraform', { policy: '${data.x.json}' }, 'only Terraform knows'],
    ['a policy that is no JSON', { policy: 'x' }, 'is not JSON'],
    [
      'a policy that AWS would refuse',
      { policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]}' },
      'Effect',
    ],
    ['a policy without text', { policy: 7 }, 'a text was expected'],
  ])('%s', (_, change, message) => {
    const read = stackWith(({ resource }) => Object.assign(resource.aws_iam_policy?.['alice-ask'] ?? {}, change));
    expect(read).toThrow(message);
  });

  it('an attached policy that nobody defines', () => {
    const read = stackWith(({ resource }) => {
      Object.assign(resource.aws_iam_user_policy_attachment?.['alice-ask'] ?? {}, {
        policy_arn: 'arn:aws:iam::aws:policy/NoSuchAccess',
      });
    });
    expect(read).toThrow('which the sandbox does not know');
  });

  it('definitions with errors', async () => {
    writeFileSync(join(folder, 'project.yaml'), 'kind: Projekt\n');
    await expect(startSandbox({ source: { paths: folder } })).rejects.toThrow('The definitions have errors');
  });

  it('definitions that break a guardrail, unless the guardrails are skipped', async () => {
    writeFileSync(
      join(folder, 'project.yaml'),
      `kind: Project
name: shop
environments: { dev: { account: "123456789012", region: eu-west-1 } }
agents: { agent: { identity: { type: iam-user } } }
approvers: [lead]
---
kind: Role
name: reader
purpose: Read one bucket.
access: read
gate: mfa
allow: [{ actions: s3:GetObject, resources: "arn:aws:s3:::shop/*" }]
`,
    );
    await expect(startSandbox({ source: { paths: folder } })).rejects.toThrow('[no-sensitive-read]');
    const sandbox = await startSandbox({ source: { paths: folder, guardrails: 'skip' } });
    expect(sandbox.region).toBe('eu-west-1');
    await sandbox.stop();
  });

  it.each([
    ['an environment', { environment: 'none' }],
    ['a user', { user: 'none' }],
    ['a backing server', { backing: 'https://aws.amazon.com' }],
    ['a log file', { logFile: '/dev/null/x' }],
  ])('%s that is not there', async (_, options) => {
    await expect(startSandbox(options)).rejects.toThrow(SandboxError);
  });
});
