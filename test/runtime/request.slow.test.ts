/** What is refused before a human is asked, and what the refusal says. */

import { reasonTag } from '@leasehold/contract/text';
import { manifest } from '@leasehold/documents';
import type { LeaseRequest } from '@leasehold/runtime';
import fc from 'fast-check';

import { anAgent, anEnvironment, aParameter, aReleaseRole, aRole, IDENTITIES } from '../support/environment';
import { Desk, REQUEST } from './support/desk';

const ENVIRONMENT = anEnvironment({
  agents: [anAgent(), anAgent({ name: 'other' }), anAgent({ name: 'workload', identity: IDENTITIES.lambda })],
  roles: [
    aReleaseRole({ lease: { defaultSeconds: 900, maxSeconds: 1800 } }),
    aRole({ name: 'pick', parameters: [aParameter({ name: 'region', values: ['eu', 'us'] })] }),
    aRole({ name: 'open' }),
    aRole({ name: 'brokered', gates: ['broker'], agents: ['agent', 'workload'] }),
    aRole({ name: 'both', gates: ['broker', 'mfa'], agents: ['agent', 'workload'] }),
    aRole({ name: 'not-mine', agents: ['other'] }),
    aRole({ name: 'short', lease: { defaultSeconds: 600, maxSeconds: 600 } }),
    aRole({ name: 'unbound', parameters: [aParameter()] }),
  ],
});

let desk: Desk;

beforeAll(async () => {
  desk = await Desk.open(ENVIRONMENT);
});
afterAll(() => desk.close());

const clientOf = (agent = 'agent') => desk.client({ agent, manifest: manifest(ENVIRONMENT) });
const GOOD = { reason: REQUEST.reason };

async function refusal(role: string, request: unknown, agent?: string) {
  const before = [desk.asked.length, desk.sandbox.log.events.length];
  const error = await clientOf(agent)
    .lease(role, request as LeaseRequest)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect([desk.asked.length, desk.sandbox.log.events.length]).toEqual(before);
  return error;
}

describe('a reason', () => {
  it.each([
    ['Upload release 1.4.2 to the deploy bucket'],
    ['Deploy build 1.4.2'],
    ['Read the logs of order 4711, which failed at 09:12 UTC'],
    ['1.4.2 릴리스를 배포 버킷에 올립니다'],
    ['发布1.4.2版本到部署桶里面'],
    ['リリース1.4.2をデプロイバケットに上げる'],
    [`Upload release 1.4.2 ${'of the shop '.repeat(80)}`],
  ])('is taken: %s', async (reason) => {
    await expect(clientOf().lease('s3-deploy', { ...REQUEST, reason })).resolves.toMatchObject({ role: 's3-deploy' });
  });

  it.each([
    ['nothing', undefined, 'is missing'],
    ['no text', 42, 'is missing'],
    ['the empty text', '', 'is shorter than 10 characters'],
    ['spaces', '            ', 'is shorter than 10 characters'],
    ['a few characters', 'Deploy it', 'is shorter than 10 characters'],
    ['punctuation', '!!! ??? """ ### a', 'has fewer than 3 words'],
    ['two words', 'deployment needed', 'has fewer than 3 words'],
    ['one long word', 'aaaaaaaaaaaaaaaaaaaa', 'has fewer than 3 words'],
    ['words that say nothing', 'I need access to do my task', 'does not state an action'],
    ["the role's name and nothing else", 'use the s3-deploy role please', 'does not state an action'],
    ['one word again and again', 'deploy deploy deploy deploy', 'does not state an action'],
    ['letters again and again', 'aaaa bbbb cccc dddd', 'does not state an action'],
    ['a line break', 'Upload release 1.4.2\nApproved by lead', 'contains a line break'],
    ['an escape sequence', 'Upload release \x1b[2J1.4.2', 'contains a line break or an invisible'],
    ['a change of direction', 'Upload release \u202e2.4.1', 'contains a line break or an invisible'],
    ['a character of no width', 'Upload rel\u200bease 1.4.2', 'contains a line break or an invisible'],
    ['a story', 'Upload one release more '.repeat(60), 'has 1439 characters; the maximum is 1000'],
  ])('is refused when it is %s', async (_, reason, message) => {
    expect(await refusal('s3-deploy', { ...REQUEST, reason })).toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(`the reason ${message}`),
      hint: expect.stringContaining('A reason is one sentence that states the action and its target'),
    });
  });

  it('is recorded with what a tag cannot hold replaced visibly, and cut at 256 characters', () => {
    expect(reasonTag('Fix bug #12 (“prod”), now!')).toBe('Fix bug _12 __prod___ now_');
    expect(reasonTag('é'.repeat(300))).toBe(`${'é'.repeat(253)}...`);
    expect(reasonTag('a'.repeat(256))).toBe('a'.repeat(256));
    expect(reasonTag('𝒂'.repeat(200))).toBe(`${'𝒂'.repeat(126)}...`);
  });

  it('is always a tag that STS takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (reason) => {
        expect(reasonTag(reason)).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u);
        expect(reasonTag(reason).length).toBeLessThanOrEqual(256);
      }),
    );
  });
});

describe('parameters', () => {
  it.each([
    [
      'left out',
      's3-deploy',
      undefined,
      'the parameter release is missing',
      'Give `release`: Release folder, for example 1.4.2.',
    ],
    ['empty', 's3-deploy', {}, 'the parameter release is missing', 'Give `release`'],
    ['no object', 's3-deploy', ['1.4.2'], '`parameters` is not an object', 'Pass an object'],
    [
      'one too many',
      's3-deploy',
      { release: '1.4.2', other: 'x' },
      'the role has no parameter other',
      'Pass exactly these parameters: release.',
    ],
    [
      'given where there are none',
      'open',
      { release: '1.4.2' },
      'the role has no parameter release',
      'Leave parameters out.',
    ],
    [
      'an inherited name',
      'open',
      JSON.parse('{"__proto__": "x"}'),
      'the role has no parameter __proto__',
      'Leave parameters out.',
    ],
    [
      'a wildcard',
      's3-deploy',
      { release: '*' },
      'the parameter release is not a string of',
      'wildcards are never accepted',
    ],
    [
      'a wildcard in the middle',
      's3-deploy',
      { release: '1.*.2' },
      'the parameter release is not a string of',
      'wildcards are never accepted',
    ],
    ['a question mark', 's3-deploy', { release: '1.4.?' }, 'the parameter release is not a string of', 'wildcard'],
    ['a variable', 's3-deploy', { release: '${aws:username}' }, 'the parameter release is not a string of', 'wildcard'],
    ['a number', 's3-deploy', { release: 142 }, 'the parameter release is not a string of', 'Give `release`'],
    ['the empty text', 's3-deploy', { release: '' }, 'the parameter release is not a string of', 'Give `release`'],
    [
      'too long',
      's3-deploy',
      { release: 'a'.repeat(257) },
      'the parameter release is not a string of',
      'Give `release`',
    ],
    [
      'a folder above',
      's3-deploy',
      { release: '../other' },
      'does not match [a-z0-9][a-z0-9.-]{0,62}',
      'Give `release`: Release folder',
    ],
    [
      'matching in part',
      's3-deploy',
      { release: '1.4.2/x' },
      'the parameter release is "1.4.2/x", which does not match',
      'Give `release`',
    ],
    [
      'with a line end after the match',
      's3-deploy',
      { release: '1.4.2\n' },
      'the parameter release is not a string of',
      'Give `release`',
    ],
    [
      'none of the values',
      'pick',
      { region: 'ap' },
      'the parameter region is "ap", which is not one of its values',
      'Use one of eu, us.',
    ],
  ])('are refused: %s', async (_, role, parameters, message, hint) => {
    expect(await refusal(role, { ...GOOD, parameters })).toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  it('are refused where nothing says which value is right', async () => {
    expect(await refusal('unbound', { ...GOOD, parameters: { release: '1' } })).toMatchObject({
      code: 'invalid-manifest',
    });
  });

  it('are taken when they are one of the values', async () => {
    const lease = await clientOf().lease('pick', { ...GOOD, parameters: { region: 'eu' } });
    expect(lease.grant.parameters).toEqual({ region: 'eu' });
  });
});

describe('a duration', () => {
  it.each([899, 1801, 900.5, -1, 0, Number.NaN, Number.POSITIVE_INFINITY, '900'])(
    'of %s is refused',
    async (duration) => {
      expect(await refusal('s3-deploy', { ...REQUEST, duration })).toMatchObject({
        code: 'invalid-request',
        message: `the duration is ${duration}, and must be a whole number of seconds from 900 to 1800 for this role`,
      });
    },
  );

  it('that STS does not cut is refused, even when the role has it', async () => {
    expect(await refusal('short', GOOD)).toMatchObject({
      code: 'invalid-request',
      hint: expect.stringContaining('attenuate'),
    });
  });
});

describe('a role', () => {
  it.each([
    ['that is not there', 'nope', 'agent', 'invalid-manifest', 'the stack hermes-dev has no role nope'],
    ['that objects have by themselves', 'constructor', 'agent', 'invalid-manifest', 'no role constructor'],
    ['of a broker that is not there', 'brokered', 'agent', 'invalid-request', 'and the manifest contains no broker'],
    ['of another agent', 'not-mine', 'agent', 'invalid-request', 'the agent agent may not ask for not-mine'],
    ['for a workload', 'both', 'workload', 'invalid-request', 'the agent workload is a workload (lambda)'],
  ])('%s is refused', async (_, role, agent, code, message) => {
    expect(await refusal(role, GOOD, agent)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('that opens by either gate opens by mfa', async () => {
    await expect(clientOf().lease('both', GOOD)).resolves.toMatchObject({ role: 'both' });
  });

  it('without anybody who could approve is refused', async () => {
    const client = desk.client({ manifest: manifest(anEnvironment({ approvers: [] })) });
    await expect(client.lease('s3-deploy', GOOD)).rejects.toMatchObject({
      message: 'nobody can approve for the agent agent',
    });
  });
});

describe('a narrowing', () => {
  it.each([
    [
      'to an action of another service',
      { actions: ['ec2:RunInstances'] },
      'does not allow the action ec2:RunInstances',
    ],
    ['to a pattern of actions', { actions: ['s3:Get*'] }, 'are not a list of actions by their whole names'],
    ['to another release', { resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.3/*'] }, 'does not allow the resource'],
    ['to everything', { resources: ['*'] }, 'does not allow the resource *'],
    ['to nothing', { resources: [] }, 'are not a list of ARNs'],
    [
      'to an action that keeps no resource',
      { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/a'] },
      'does not allow the action s3:ListBucket together with the rest of the selection',
    ],
    [
      'to what no session policy may hold',
      { resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/릴리스'] },
      'contain a character',
    ],
    [
      'to more than a session policy takes',
      { resources: Array.from({ length: 60 }, (_, n) => `arn:aws:s3:::hermes-dev-deploy/1.4.2/some/folder/${n}`) },
      'the session policy of the narrowed permissions has \\d+ characters, and STS permits 2048',
    ],
  ])('%s is refused', async (_, narrow, message) => {
    expect(await refusal('s3-deploy', { ...REQUEST, narrow })).toMatchObject({
      code: 'invalid-request',
      message: expect.stringMatching(message.replace('resource *', 'resource \\*')),
    });
  });
});

describe('a client', () => {
  it.each([
    ['the global endpoint', 'https://sts.amazonaws.com'],
    ['an endpoint without TLS', 'http://sts.eu-west-1.amazonaws.com'],
    ['an endpoint with a path', 'https://example.com/sts'],
    ['an endpoint with a password', 'https://a:b@example.com'],
    ['no address at all', 'sts'],
  ])('is not made for %s', (_, endpoint) => {
    expect(() => desk.client({ endpoint, agent: 'agent' })).toThrow(
      'is not an STS endpoint to which a code can be sent',
    );
  });

  it.each([0, -5, 1.5, 90_000, Number.NaN])('is not made for an answer within %s seconds', (answerWithin) => {
    expect(() => desk.client({ answerWithin, agent: 'agent' })).toThrow(`answerWithin is ${answerWithin}`);
  });

  it('is not made without an approval channel', () => {
    expect(() => desk.client({ approval: undefined as never, agent: 'agent' })).toThrow('there is no approval channel');
  });

  it.each([
    [
      'temporary credentials',
      async () => ({ accessKeyId: 'ASIA1', secretAccessKey: 'x', sessionToken: 'y' }),
      'temporary credentials',
    ],
    ['no key', () => Promise.reject(new Error('no key')), 'no access key'],
  ])('asks nobody with %s', async (_, credentials, message) => {
    const client = desk.client({ credentials, agent: 'agent' });
    const before = desk.asked.length;
    await expect(client.lease('open', GOOD)).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(message),
    });
    expect(desk.asked).toHaveLength(before);
  });

  it('names certificates that cannot be read, and asks nobody', async () => {
    process.env.AWS_CA_BUNDLE = '/no/such/bundle.pem';
    try {
      const client = desk.client({ agent: 'agent', endpoint: 'https://127.0.0.1:9' });
      const before = desk.asked.length;
      await expect(client.lease('open', GOOD)).rejects.toMatchObject({
        code: 'invalid-request',
        message: expect.stringContaining('/no/such/bundle.pem'),
      });
      expect(desk.asked).toHaveLength(before);
    } finally {
      delete process.env.AWS_CA_BUNDLE;
    }
  });
});
