/** Whatever is sent to the endpoint: without the token nothing of a lease comes back, and every answer can be read. */
import { request } from 'node:http';
import { type CredentialsEndpoint, type EndpointClient, startCredentialsEndpoint } from '@leasehold/serve';
import fc from 'fast-check';
import { aClient, aLease, type Double, SECRETS } from './double';

const numRuns = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 200);
const LEASED = ['s3-deploy', '__proto__', 'constructor'];

let double: Double;
let endpoint: CredentialsEndpoint;
let agent: EndpointClient;
let token: string;

beforeAll(async () => {
  double = aClient();
  endpoint = await startCredentialsEndpoint({ client: double.client });
  agent = endpoint.admit('agent');
  agent.hold(aLease('s3-deploy', { reason: 'Upload build 1.4.2' }));
  token = agent.environment('s3-deploy').AWS_CONTAINER_AUTHORIZATION_TOKEN ?? '';
});

afterAll(() => endpoint.close());

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
const path = fc.oneof(
  fc.constantFrom('/credentials/s3-deploy', '/leases/s3-deploy', '/', '//', '/credentials', '/credentials/%00', '*'),
  fc.constantFrom(...LEASED).map((role) => `/credentials/${role}`),
  visible.map((text) => `/${text}`),
  visible.map((text) => `/leases/${encodeURIComponent(text)}`),
);
const headers = fc.dictionary(
  fc.constantFrom('authorization', 'host', 'origin', 'content-type', 'x-forwarded-host', 'cookie', 'sec-fetch-site'),
  fc.oneof(visible, fc.constantFrom('application/json', 'Bearer', 'null', 'localhost')),
);
const question = fc.record(
  {
    reason: fc.string(),
    parameters: fc.anything(),
    narrow: fc.anything(),
    gate: fc.anything(),
    subjectToken: fc.anything(),
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  question.map((value) => JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each))),
  fc.json(),
  fc.string(),
  fc.constantFrom('', '{"__proto__":{"reason":"x"}}', '{"reason":null}'),
);
const sent = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'POST'),
  path,
  headers,
  body,
});

it('without the token: no secret, no question to a human, and a refusal', async () => {
  await fc.assert(
    fc.asyncProperty(sent, async (what) => {
      const { status, text } = await send(what);
      expect(status).toBeGreaterThanOrEqual(400);
      for (const secret of [...SECRETS, token]) expect(text).not.toContain(secret);
      expect(double.asked).toHaveLength(0);
    }),
    { numRuns },
  );
});

it('with the token: credentials of the lease that is held at its own path alone, and otherwise a code and a message', async () => {
  // What asks for a lease in order waits for a human, and is no matter of this law.
  const notAsking = sent.filter(({ method }) => method !== 'POST');
  await fc.assert(
    fc.asyncProperty(notAsking, async (what) => {
      const { host: _, origin: __, 'sec-fetch-site': ___, ...rest } = what.headers;
      const { status, text } = await send({ ...what, headers: { ...rest, authorization: token } });
      const mine = what.method === 'GET' && what.path === '/credentials/s3-deploy';
      expect(text.includes(SECRETS[0])).toBe(mine);
      if (status === 200 || text === '') return;
      expect(JSON.parse(text)).toMatchObject({ code: expect.stringMatching(/^[a-z-]+$/), message: expect.any(String) });
    }),
    { numRuns },
  );
});

it('with the token and a body of anything: a refusal that can be read, and no question without a reason', async () => {
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const headers = { authorization: token, 'content-type': 'application/json' };
      const answer = send({ method: 'POST', path: '/leases/other', headers, body: text });
      const waiting = setInterval(() => double.asked.at(-1)?.refuse(), 1);
      const { status, text: told } = await answer;
      clearInterval(waiting);
      expect([400, 403]).toContain(status);
      expect(JSON.parse(told)).toMatchObject({ code: expect.any(String) });
      for (const { request: asked } of double.asked) expect(typeof asked.reason).toBe('string');
    }),
    { numRuns },
  );
});

function send({ method, path, headers, body }: Sent): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(endpoint.url);
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    // A request that Node itself refuses was refused.
    call.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve({ status: 400, text: '' }) : reject(error),
    );
    call.end(method === 'POST' || method === 'PUT' ? body : undefined);
  });
}
