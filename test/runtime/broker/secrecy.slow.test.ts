/** Nothing secret is ever shown of what goes to a broker and what comes back, whichever way it is shown. */
import { inspect } from 'node:util';
import { type BrokerClient, createBrokerClient } from '@leasehold/runtime/broker';
import { WAYS } from '../support/ways';
import { aHandover, aView, LEASE_ID, REASON } from './examples';
import { type Answer, FakeBroker, good, refusal, SESSION } from './fake-broker';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1LTEiLCJuYW1lIjoic2VjcmV0In0.c2lnbmF0dXJlLXNlY3JldA';
const CONSOLE = 'https://signin.aws.amazon.com/federation?Action=login&SigninToken=console-secret-token';
const { accessKeyId, secretAccessKey, sessionToken } = aHandover().credentials;

let broker: FakeBroker;
let client: BrokerClient;
/** Everything that may be shown nowhere; each is told by its beginning. */
let secrets: string[];

beforeAll(async () => {
  broker = await FakeBroker.open();
  client = createBrokerClient({ url: broker.url, region: 'ap-northeast-2', credentials: SESSION });
  secrets = [
    ...[secretAccessKey, sessionToken, accessKeyId],
    ...[SESSION.secretAccessKey, SESSION.sessionToken, TOKEN],
    ...[CONSOLE.slice(CONSOLE.indexOf('console-secret')), broker.origin.replace('http://', '')],
  ];
});
afterAll(() => broker.close());

const BODY = { role: 's3-deploy', reason: REASON, subjectToken: TOKEN } as const;

/** A broker, or what pretends to be one, that repeats all that it was sent. */
const parrot: Answer = ({ headers, body }) =>
  refusal('malformed', {
    detail: `${headers.authorization} ${headers['x-amz-security-token']} ${JSON.stringify(body)}`,
    hint: inspect(body),
    lease: headers['x-amz-security-token'] ?? '',
    nearest: { role: TOKEN, actions: [TOKEN], parameters: { token: TOKEN }, seconds: 1 },
  });

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  return error;
}

const told = (answer: Answer, ask: (client: BrokerClient) => Promise<unknown>) => () => {
  broker.answers(answer);
  return ask(client);
};
const refused = (answer: Answer, ask: (client: BrokerClient) => Promise<unknown> = (own) => own.request(BODY)) =>
  told(answer, (own) => rejection(ask(own)));

const OBJECTS: Readonly<Record<string, () => unknown>> = {
  'a client': () => client,
  'a client that was used': async () => {
    broker.answers(good({ roles: [] }));
    await client.roles();
    return client;
  },
  'a request that was granted': told(good(aHandover(), 201), (own) => own.request(BODY)),
  'a lease that was collected': told(good(aHandover()), (own) => own.collect(LEASE_ID)),
  'an address of the console': told(
    good({ lease: aView({ state: 'issued' }), url: CONSOLE, expiresAt: 1_800_000_900 }),
    (own) => own.console(LEASE_ID),
  ),
  'a lease of a client': async () => {
    broker.answers(good(aHandover(), 201));
    const options = { credentials: SESSION, agent: 'worker' };
    return broker.client(options).lease('s3-deploy', { reason: REASON, parameters: { release: '1.4.2' } });
  },
  'a refusal': refused(refusal('reviewer-denied')),
  'a refusal that repeats all that it heard': refused(parrot),
  "API Gateway's refusal that repeats all that it heard": refused(({ headers, body }) => ({
    status: 403,
    body: { message: `${JSON.stringify(headers)} ${JSON.stringify(body)}` },
  })),
  'an answer that is none, and repeats all that it heard': refused(({ headers, body }) =>
    good({ lease: aView(), [String(headers['x-amz-security-token'])]: body, [TOKEN]: TOKEN }, 202),
  ),
  'credentials in an answer that is none': refused(
    good({ ...aHandover(), credentials: [aHandover().credentials] }, 201),
  ),
  'credentials in a page': refused({ status: 200, type: 'text/html', body: JSON.stringify(aHandover()) }),
  'a connection that broke': refused('lost'),
  'a broker out of reach': () =>
    rejection(
      createBrokerClient({
        url: `${broker.url}/`.replace(/:\d+/, ':1'),
        region: 'eu-west-1',
        credentials: SESSION,
      }).roles(),
    ),
  'a request that is refused here': () => rejection(client.request({ ...BODY, subjectToken: `${TOKEN} ` })),
  'an address that is refused here': () =>
    rejection((async () => createBrokerClient({ url: `${broker.url}?token=${TOKEN}`, region: 'eu-west-1' }))()),
  'an identity that cannot be had': () =>
    rejection(
      createBrokerClient({
        url: broker.url,
        region: 'eu-west-1',
        credentials: () => Promise.reject(Object.assign(new Error('no'), { held: SESSION })),
      }).roles(),
    ),
};

describe.each(Object.keys(OBJECTS))('%s', (name) => {
  it.each(Object.keys(WAYS))('shows nothing secret to %s', async (way) => {
    const value = await OBJECTS[name]?.();
    expect(value).toBeDefined();
    const shown = WAYS[way]?.(value) ?? '';
    for (const secret of secrets) expect(shown).not.toContain(secret.slice(0, 20));
  });
});

it('knows secrets that would be found', () => {
  expect(secrets.every((secret) => secret.length > 10)).toBe(true);
  for (const secret of secrets) expect(WAYS['util.inspect']?.({ secret })).toContain(secret.slice(0, 20));
});

it('sends the token in the body, and nowhere else', async () => {
  broker.answers(refusal('reviewer-denied'));
  await rejection(client.request(BODY));
  const { headers, query, body } = broker.calls.at(-1) ?? {};
  expect(body).toEqual(BODY);
  expect(JSON.stringify([headers, query])).not.toContain(TOKEN);
});
