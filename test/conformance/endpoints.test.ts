/** Probes about endpoints that the sandbox does not simulate: what they send, and how they read the answers. */
import type { Federation } from '@leasehold/conformance';
import type { Answer } from '../../lib/conformance/aws/answer';
import { answerOfError } from '../../lib/conformance/aws/answer';
import { Clients, type Service } from '../../lib/conformance/aws/clients';
import { HeldKeys, Secrets } from '../../lib/conformance/aws/secrets';
import { Bench } from '../../lib/conformance/bench';
import { probePlan } from '../../lib/conformance/identities/plan';
import type { Lab } from '../../lib/conformance/lab';
import { alertWildcards } from '../../lib/conformance/probes/account';
import { consoleChained, consoleScoped } from '../../lib/conformance/probes/console';

const SECRET = 'wJalrXUtnFEMI-EXAMPLEKEY';
const TOKEN = 'FwoGZXIvYXdzEXAMPLETOKEN';

interface Sent {
  readonly command: string;
  readonly input: unknown;
}

/** A bench whose calls are answered here. */
function benchWith(answers: Readonly<Record<string, (input: never) => object>>, federation?: Federation) {
  const sent: Sent[] = [];
  const secrets = new Secrets();
  const plan = probePlan({
    account: '123456789012',
    region: 'eu-west-1',
    run: 'lhp0123456789abcdef',
    partition: 'aws',
  });
  const clients = {
    send: async ({ command, input }: Sent) => {
      sent.push({ command, input });
      const answer = answers[command];
      if (answer === undefined) throw new Error(`no answer to ${command}`);
      return answer(input as never);
    },
  };
  const lab = {
    plan,
    clients,
    secrets,
    federation,
    regions: ['eu-west-1'],
    signal: new AbortController().signal,
    clock: { now: () => 0, sleep: async () => {} },
    patience: { settle: 0, change: 0 },
    broker: new HeldKeys('the broker', { accessKeyId: 'ASIAX', secretAccessKey: 'x' }),
    leases: 0,
  } as unknown as Lab;
  const trace: Answer[] = [];
  return { bench: new Bench(lab, trace), sent, trace, secrets };
}

const issued = () => ({
  Credentials: { AccessKeyId: 'ASIAEXAMPLE', SecretAccessKey: SECRET, SessionToken: TOKEN, Expiration: new Date() },
});
const STS = { AssumeRole: issued, GetScopedCredentials: issued };

/** A federation endpoint that answers so, and what it got. */
function endpoint(status: number, body: string) {
  const got: { url: string; method?: string | undefined; body: string }[] = [];
  const federation: Federation = {
    url: 'https://signin.example/federation',
    fetch: (async (url: string, init: RequestInit) => {
      got.push({ url, method: init.method, body: String(init.body) });
      return new Response(body, { status, headers: { 'x-amzn-requestid': 'r-1' } });
    }) as typeof fetch,
  };
  return { federation, got };
}

it.each([
  [200, '{"SigninToken":"a-sign-in-token"}', 'holds'],
  [400, 'bad', 'violated'],
  [401, 'denied', 'violated'],
  [403, 'denied', 'violated'],
  [404, 'nothing here', 'not decided'],
  [405, 'not so', 'not decided'],
  [407, 'of a proxy', 'not decided'],
  [408, 'too slow', 'not decided'],
  [413, 'too long', 'not decided'],
  [429, 'slowly', 'not decided'],
  [500, 'later', 'not decided'],
  [200, '{}', 'not decided'],
] as const)('the federation endpoint answers %i %s: %s', async (status, body, verdict) => {
  for (const probe of [consoleChained, consoleScoped]) {
    const { federation, got } = endpoint(status, body);
    const { bench, trace, secrets } = benchWith(STS, federation);
    const result = await probe.run(bench);
    expect(result.verdict).toBe(verdict);
    // The credentials are in the body, and neither they nor the token are in the evidence.
    expect(got).toHaveLength(1);
    expect(got[0]).toMatchObject({ url: 'https://signin.example/federation', method: 'POST' });
    const form = new URLSearchParams(got[0]?.body);
    expect(form.get('Action')).toBe('getSigninToken');
    expect(form.has('SessionDuration')).toBe(false);
    expect(JSON.parse(form.get('Session') ?? '')).toEqual({
      sessionId: 'ASIAEXAMPLE',
      sessionKey: SECRET,
      sessionToken: TOKEN,
    });
    expect(trace.at(-1)).toMatchObject({ call: 'signin:getSigninToken', requestId: 'r-1' });
    expect(JSON.stringify([result, trace])).not.toMatch(/a-sign-in-token|EXAMPLE/);
    if (status === 200 && verdict === 'holds') expect(secrets.without('a-sign-in-token')).toBe('***');
  }
});

it('an endpoint that does not answer decides nothing', async () => {
  const federation: Federation = {
    url: 'https://signin.example/federation',
    fetch: (() => Promise.reject(new TypeError(`fetch failed ${SECRET}`))) as typeof fetch,
  };
  const { bench, trace } = benchWith(STS, federation);
  expect(await consoleChained.run(bench)).toMatchObject({ verdict: 'not decided' });
  expect(JSON.stringify(trace)).not.toContain(SECRET);
});

const fault = (name: string, message: string, httpStatusCode: number) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode, requestId: 'r-2' } });

it('asks EventBridge about every deployed pattern', async () => {
  const { bench, sent } = benchWith({ TestEventPattern: () => ({ Result: false }) });
  expect(await alertWildcards.run(bench)).toMatchObject({ verdict: 'holds' });
  expect(sent.length).toBeGreaterThan(8);
  expect(JSON.stringify(sent)).toContain('wildcard');
});

it.each([
  ['InvalidEventPatternException', 400, 'violated'],
  ['AccessDeniedException', 400, 'not decided'],
  ['ThrottlingException', 400, 'not decided'],
] as const)('EventBridge answers %s: %s', async (name, status, verdict) => {
  const { bench } = benchWith({
    TestEventPattern: (input: { readonly EventPattern: string }) => {
      if (input.EventPattern.includes('wildcard')) throw fault(name, 'too many', status);
      return { Result: false };
    },
  });
  expect(await alertWildcards.run(bench)).toMatchObject({ verdict });
});

/** The hosts outside AWS that a call notes. No request is sent. */
async function otherHosts(service: Service, region: string, config: object): Promise<readonly string[]> {
  const requestHandler = { handle: () => Promise.reject(new Error('nothing is sent')) };
  const credentials = { accessKeyId: 'AKIAX', secretAccessKey: 'x' };
  const clients = new Clients(() => ({ credentials, requestHandler, ...config }), {
    now: () => 0,
    sleep: async () => {},
  });
  const [command, input] = CALLS[service];
  const call = { service, command, input, region } as never;
  await expect(clients.send(call, new AbortController().signal)).rejects.toThrow('nothing is sent');
  return [...clients.otherHosts];
}

const CALLS: Readonly<Record<Service, readonly [command: string, input: object]>> = {
  dynamodb: ['ListTables', {}],
  events: ['TestEventPattern', { EventPattern: '{}', Event: '{}' }],
  iam: ['ListUsers', {}],
  s3: ['ListObjectsV2', { Bucket: 'team-data' }],
  sts: ['GetCallerIdentity', {}],
};

it.each(
  (Object.keys(CALLS) as Service[]).flatMap((service) =>
    [{}, { useDualstackEndpoint: true }].map((config) => [service, config] as const),
  ),
)('calls of %s with %j go to AWS in every partition', async (service, config) => {
  for (const region of ['eu-west-1', 'us-east-1', 'cn-north-1', 'us-gov-west-1']) {
    expect(await otherHosts(service, region, config)).toEqual([]);
  }
});

it.each([
  'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
  'https://bucket.s3.eu-west-1.amazonaws.com',
  'https://ec2-198-51-100-1.eu-west-1.compute.amazonaws.com',
  'https://x.sts.eu-west-1.amazonaws.com',
  'http://sts.eu-west-1.amazonaws.com',
  'https://sts.eu-west-1.amazonaws.com:8443',
  'http://127.0.0.1:4566',
  'https://localhost',
  'https://amazonaws.com.evil.example',
  'https://notamazonaws.com',
])('%s is no endpoint of STS', async (endpoint) => {
  expect(await otherHosts('sts', 'eu-west-1', { endpoint })).toEqual([new URL(endpoint).hostname]);
});

it.each(['https://evil.s3.eu-west-1.amazonaws.com', 'https://evil.s3.amazonaws.com'])(
  '%s is no endpoint of S3 for another bucket',
  async (endpoint) => {
    expect(await otherHosts('s3', 'eu-west-1', { endpoint })).toEqual([`team-data.${new URL(endpoint).hostname}`]);
    expect(await otherHosts('s3', 'eu-west-1', { endpoint, forcePathStyle: true })).toEqual([
      new URL(endpoint).hostname,
    ]);
  },
);

describe('an error of AWS as evidence', () => {
  const facts = { call: 'sts:AssumeRole', what: 'a call', region: 'eu-west-1' };
  const secrets = new Secrets();
  secrets.add(SECRET, '123456');

  it.each([
    ['AccessDenied', 'User: x is not authorized to perform: sts:AssumeRole on resource: y', 403, 'denied'],
    ['AccessDeniedException', 'User: x is not authorized to perform: dynamodb:ListTables', 400, 'denied'],
    ['AccessDenied', 'x with an explicit deny in a service control policy', 403, 'refused'],
    ['AccessDenied', 'x with an explicit deny in a resource control policy', 403, 'refused'],
    ['AccessDenied', 'MultiFactorAuthentication failed with invalid MFA one time pass code. ', 403, 'refused'],
    ['AccessDenied', 'Cannot call GetSessionToken with session credentials', 403, 'refused'],
    ['ResourceNotFoundException', 'Requested resource not found', 400, 'allowed'],
    ['ConditionalCheckFailedException', 'The conditional request failed', 400, 'allowed'],
    ['ValidationError', 'wrong', 400, 'refused'],
    ['Throttling', 'Rate exceeded', 400, 'no answer'],
    ['ServiceUnavailable', 'later', 503, 'no answer'],
  ])('%s: %s (%i) is %s', (name, message, status, outcome) => {
    expect(answerOfError(fault(name, message, status), facts, secrets)).toMatchObject({
      outcome,
      code: name,
      requestId: 'r-2',
    });
  });

  it('a lost connection is no answer, and says which', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    expect(answerOfError(error, facts, secrets)).toMatchObject({ outcome: 'no answer', code: 'ECONNREFUSED' });
  });

  it('its message contains no secret, no control character, and is short', () => {
    const error = fault(
      'ValidationError',
      `Value '${SECRET}' with 123456 of 9123456789\u202e\n${'x'.repeat(5000)}`,
      400,
    );
    const { message = '' } = answerOfError(error, facts, secrets);
    expect(message).toContain("Value '***' with *** of 9123456789");
    expect(message).not.toMatch(/[\u202e\n]/);
    expect(message.length).toBeLessThan(500);
  });
});
