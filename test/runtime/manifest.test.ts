/** The stack's output, read wherever it comes from. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as documents from '@leasehold/documents';
import { createLeaseClient, LeaseError, type Manifest, permissionsOf, readManifest } from '@leasehold/runtime';
import type { Environment } from '../../lib/definitions/model';
import { anAgent, anEnvironment, aParameter, aReleaseRole, aRole, IDENTITIES, manyRoles } from '../support/environment';

const DEV = anEnvironment({ roles: [aReleaseRole(), aRole({ name: 'other' })] });
/** What the stack's output is; that the runtime's type takes it is checked by the compiler. */
const MANIFEST: Manifest = documents.manifest(DEV);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-manifest-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string): string {
  const path = join(folder, 'leasehold.json');
  writeFileSync(path, text);
  return path;
}

const OUTPUT = { sensitive: false, type: ['object', {}], value: MANIFEST };
const WHOLE = { agent_user_arn: { sensitive: false, type: 'string', value: 'arn' }, leasehold: OUTPUT };

it.each([
  ['an object', () => MANIFEST],
  ['terraform output -json leasehold', () => JSON.stringify(MANIFEST)],
  ['terraform output -json', () => JSON.stringify(WHOLE, null, 2)],
  ['the parsed whole', () => WHOLE],
  ['one output with its type', () => JSON.stringify(OUTPUT)],
  ['an output whose value is text', () => ({ leasehold: { value: JSON.stringify(MANIFEST) } })],
  ['the file of one output', () => file(JSON.stringify(MANIFEST))],
  ['the file of the whole, with a byte order mark', () => file(`\ufeff${JSON.stringify(WHOLE)}`)],
])('reads %s', (_, input) => {
  const found = readManifest(input());
  expect(found.roles['s3-deploy']?.arn).toBe(
    'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy',
  );
  expect(Object.keys(found.roles)).toEqual(['s3-deploy', 'other']);
  expect(found.agents.agent?.mfaDevices).toEqual({
    lead: 'arn:aws:iam::123456789012:mfa/hermes-dev-agent-lead',
    oncall: 'arn:aws:iam::123456789012:mfa/hermes-dev-agent-oncall',
  });
});

it.each<[string, Environment]>([
  [
    'every kind of agent',
    anEnvironment({
      agents: Object.entries(IDENTITIES).map(([name, identity]) => anAgent({ name, identity })),
      roles: [aRole({ gates: ['broker'], agents: Object.keys(IDENTITIES) })],
    }),
  ],
  ['another partition', anEnvironment({ partition: 'aws-cn', region: 'cn-north-1' })],
  [
    'a parameter with values',
    anEnvironment({ roles: [aRole({ parameters: [aParameter({ values: ['eu', 'us'] })] })] }),
  ],
  ['two hundred roles', anEnvironment({ roles: manyRoles(200) })],
])('reads the manifest that documents make of %s, and loses nothing that it knows', (_, environment) => {
  const made = documents.manifest(environment);
  const found = readManifest(JSON.stringify(made));
  const { roles, ...rest } = made;
  expect(found).toMatchObject(rest);
  for (const [name, { waivers: _, ...role }] of Object.entries(roles)) expect(found.roles[name]).toEqual(role);
});

it('cannot be changed after it was checked', () => {
  const source = structuredClone(MANIFEST);
  const found = readManifest(source);
  Object.assign(source.roles['s3-deploy'] ?? {}, { arn: 'arn:aws:iam::123456789012:role/other' });
  expect(found.roles['s3-deploy']?.arn).toContain('s3-deploy');
  expect(() => Object.assign(found.roles, { other: 1 })).toThrow(TypeError);
  expect(() => Object.assign(found.roles['s3-deploy']?.policy.Statement ?? {}, { 0: 1 })).toThrow(TypeError);
});

it('finds no role that objects have by themselves', () => {
  expect(readManifest(MANIFEST).roles.toString).toBeUndefined();
  expect(readManifest(MANIFEST).agents.constructor).toBeUndefined();
});

/** A manifest with one thing changed. */
function changed(change: (manifest: Record<string, never>) => void): object {
  const copy = structuredClone(MANIFEST) as unknown as Record<string, never>;
  change(copy);
  return copy;
}

/** What a hint names to write the manifest. */
const AGAIN = 'npx leasehold manifest --env ENVIRONMENT > leasehold.json';

type Loose = Record<string, Record<string, Record<string, Record<string, unknown>>>>;
const role = (change: (role: Loose[string][string]) => void) =>
  changed((manifest) => change((manifest as unknown as Loose).roles?.['s3-deploy'] ?? {}));

it.each<[string, () => string | object, string, string]>([
  ['a file that is not there', () => join(folder, 'none.json'), 'none.json cannot be read', AGAIN],
  ['an empty path', () => '', 'the path of the manifest is empty', AGAIN],
  ['a file that is no JSON', () => file('name: x'), 'leasehold.json is not JSON', AGAIN],
  ['a text that is no JSON', () => '{"version":', 'the manifest is not JSON', AGAIN],
  ['a list', () => [], 'the manifest should be an object, and is a list of 0', AGAIN],
  [
    'outputs of another stack',
    () => ({ bucket: { value: 'x' } }),
    'contains no output `leasehold`',
    'a stack that Leasehold made',
  ],
  [
    'a later version',
    () => ({ ...MANIFEST, version: 2 }),
    'the manifest.version is 2, and this runtime reads version 1',
    'Install the version',
  ],
  ['no version', () => ({ ...OUTPUT, value: {} }), 'the manifest.version is missing', 'Install the version'],
  [
    'an account that is none',
    () => ({ ...MANIFEST, account: '1' }),
    'the manifest.account should be an account of 12 digits, and is "1"',
    AGAIN,
  ],
  [
    'an STS without TLS',
    () => ({ ...MANIFEST, stsEndpoint: 'http://sts.eu-west-1.amazonaws.com' }),
    'the manifest.stsEndpoint should be the https',
    AGAIN,
  ],
  [
    'no roles',
    () => ({ ...MANIFEST, roles: undefined }),
    'the manifest.roles should be an object, and is missing',
    AGAIN,
  ],
  [
    'a role without an ARN',
    () => role((r) => Reflect.deleteProperty(r, 'arn')),
    'the manifest.roles.s3-deploy.arn should be the ARN',
    AGAIN,
  ],
  [
    'an ARN of something else',
    () => role((r) => Object.assign(r, { arn: 'arn:aws:s3:::bucket' })),
    'roles.s3-deploy.arn should be the ARN',
    AGAIN,
  ],
  [
    'a duration that is a text',
    () => role((r) => Object.assign(r.lease ?? {}, { maxSeconds: '900' })),
    'roles.s3-deploy.lease.maxSeconds should be a whole number, at least 900, and is "900"',
    AGAIN,
  ],
  [
    'a longest lease below the usual one',
    () => role((r) => Object.assign(r.lease ?? {}, { maxSeconds: 60 })),
    'lease.maxSeconds should be a whole number, at least 900',
    AGAIN,
  ],
  [
    'a pattern that is none',
    () => role((r) => Object.assign(r.parameters?.release ?? {}, { pattern: '[' })),
    'parameters.release.pattern should be a regular expression',
    AGAIN,
  ],
  [
    'a tag that no lease carries',
    () => role((r) => Object.assign(r, { tags: ['lease-id', 'reason', 'param.release', 'cost'] })),
    'roles.s3-deploy.tags should be the tags lease-id, reason, param.release',
    AGAIN,
  ],
  [
    'a policy in the old language',
    () => role((r) => Object.assign(r.policy ?? {}, { Version: '2008-10-17' })),
    'policy.Version should be "2012-10-17"',
    AGAIN,
  ],
  [
    'a policy that nobody can be shown',
    () =>
      role((r) => Object.assign(r.policy ?? {}, { Statement: { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' } })),
    'policy.Statement.NotAction should be no NotAction, which cannot be shown to an approver',
    AGAIN,
  ],
  [
    'a statement without resources',
    () => role((r) => Object.assign(r.policy ?? {}, { Statement: [{ Effect: 'Allow', Action: 's3:GetObject' }] })),
    'policy.Statement[0].Resource',
    AGAIN,
  ],
  [
    'a device that is none',
    () => changed((m) => Object.assign((m as unknown as Loose).agents?.agent?.mfaDevices ?? {}, { lead: '!' })),
    'the manifest.agents.agent.mfaDevices.lead should be the serial number',
    AGAIN,
  ],
])('refuses %s, and says where and what to do', (_, input, message, hint) => {
  const found = (() => {
    try {
      return readManifest(input());
    } catch (error) {
      return error;
    }
  })();
  expect(found).toBeInstanceOf(LeaseError);
  expect(found).toMatchObject({
    code: 'invalid-manifest',
    retryable: false,
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
  });
});

describe('which agent asks', () => {
  const two = documents.manifest(anEnvironment({ agents: [anAgent(), anAgent({ name: 'second' })] }));
  const approval = () => Promise.reject(new Error('nobody is asked'));

  it('is the only one', () => {
    expect(createLeaseClient({ manifest: MANIFEST, approval }).manifest.project).toBe('hermes');
  });

  it('has to be said when there are several', () => {
    expect(() => createLeaseClient({ manifest: two, approval })).toThrow('the manifest has the agents agent, second');
    expect(() => createLeaseClient({ manifest: two, approval, agent: 'third' })).toThrow('has no agent third');
    expect(() => createLeaseClient({ manifest: two, approval, agent: 'toString' })).toThrow('has no agent toString');
    expect(createLeaseClient({ manifest: two, approval, agent: 'second' }).manifest.agents.second).toBeDefined();
  });
});

describe('the permissions of a role', () => {
  const { 's3-deploy': deploy } = MANIFEST.roles;
  const policy = (Statement: unknown) => ({
    arn: 'arn:aws:iam::1:role/r',
    policy: { Version: '2012-10-17', Statement },
  });

  it('have the parameters filled in, in resources and in conditions', () => {
    if (!deploy) throw new Error('no role');
    expect(permissionsOf(deploy, { release: '1.4.2' })).toEqual([
      {
        effect: 'Allow',
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/*'],
        conditions: {},
      },
      {
        effect: 'Allow',
        actions: ['s3:ListBucket'],
        resources: ['arn:aws:s3:::hermes-dev-deploy'],
        conditions: { StringLike: { 's3:prefix': ['1.4.2/*'] } },
      },
    ]);
  });

  it('leave a parameter without a value as it is written', () => {
    if (!deploy) throw new Error('no role');
    expect(permissionsOf(deploy, {})[0]?.resources).toEqual([
      'arn:aws:s3:::hermes-dev-deploy/${aws:PrincipalTag/param.release}/*',
    ]);
  });

  it('read one value as a list of one, and numbers as IAM does', () => {
    const Statement = {
      Effect: 'Deny',
      Action: 's3:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': false } },
    };
    expect(permissionsOf(policy(Statement), {})).toEqual([
      {
        effect: 'Deny',
        actions: ['s3:*'],
        resources: ['*'],
        conditions: { Bool: { 'aws:SecureTransport': ['false'] } },
      },
    ]);
  });

  it.each(['NotAction', 'NotResource', 'Principal', 'NotPrincipal'])(
    'are not shown in part when there is %s',
    (key) => {
      const Statement = { Effect: 'Allow', Action: 's3:*', Resource: '*', [key]: '*' };
      expect(() => permissionsOf(policy(Statement), {})).toThrow(`no ${key}`);
    },
  );
});
