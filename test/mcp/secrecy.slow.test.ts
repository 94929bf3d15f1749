/** No byte that goes to the client is a credential, also where AWS, an error or a stored object contains one. */
import type { ServerResponse } from 'node:http';
import type { LeaseClient } from '@leasehold/runtime';
import { Desk, REQUEST } from '../runtime/support/desk';
import { FakeAws } from './support/fake-aws';
import { McpSession } from './support/session';

let desk: Desk;
let aws: FakeAws;
let session: McpSession;
/** The credentials of every lease, as the SDK reads them. */
let leased: string[];

beforeEach(async () => {
  [desk, aws] = await Promise.all([Desk.open(), FakeAws.open()]);
  leased = [];
  const { accessKeyId, secretAccessKey } = desk.sandbox.keys;
  session = await McpSession.open(eavesdropping(desk.client()), {
    env: { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  });
});
afterEach(async () => {
  await session.close();
  await Promise.all([desk.close(), aws.close()]);
});

function eavesdropping(client: LeaseClient): LeaseClient {
  return {
    ...client,
    manifest: client.manifest,
    lease: (role, request) => client.lease(role, request),
    leaseFor: (intent, options) => client.leaseFor(intent, options),
    withLease: (role, request, work) =>
      client.withLease(role, request, async (lease) => {
        const { accessKeyId, secretAccessKey, sessionToken } = await lease.credentials();
        leased.push(accessKeyId, secretAccessKey, sessionToken);
        return work(lease);
      }),
  };
}

async function issued(): Promise<string> {
  const { data } = await session.call('request_lease', { role: 's3-deploy', ...REQUEST });
  await session.call('lease_status', { lease: data.lease });
  return String(data.lease);
}

/** Fails if a secret, in any form in which texts contain it, is among the bytes. */
function expectNoSecret(): void {
  const own = [desk.sandbox.keys.accessKeyId, desk.sandbox.keys.secretAccessKey];
  expect(leased).toHaveLength(3);
  for (const secret of [...leased, ...own]) {
    const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
    for (const form of forms) expect(session.received.includes(form)).toBe(false);
  }
}

const GET = { service: 's3', operation: 'GetObject', input: { Bucket: 'hermes-dev-deploy', Key: '1.4.2/a' } };

const failure = (status: number, code: string, message: string) => (response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<Error><Code>${code}</Code><Message>${message.replaceAll('&', '&amp;')}</Message></Error>`);
};

it.each<[string, (response: ServerResponse) => void]>([
  ['the body of an object', (response) => response.end(`keys: ${leased.join(' and ')}`)],
  ['a body that is URL-encoded', (response) => response.end(leased.map(encodeURIComponent).join('&'))],
  [
    'headers',
    (response) => {
      const [id = '', , token = ''] = leased;
      response
        .setHeader('x-amz-meta-id', id)
        .setHeader('x-amz-version-id', token)
        .setHeader(`x-amz-meta-${id}`, 'x')
        .end();
    },
  ],
  ['a denial', (response) => failure(403, 'AccessDenied', `Token ${leased.join(' ')} is not enough`)(response)],
  [
    'a denial that names it as the action',
    (response) =>
      failure(
        403,
        'AccessDenied',
        `User: x is not authorized to perform: s3:${leased[0]} on resource: arn:aws:s3:::${leased[2]}`,
      )(response),
  ],
  [
    'another error',
    (response) => failure(400, 'InvalidAccessKeyId', `The key ${leased.join(' ')} does not exist`)(response),
  ],
  ['the code of an error', (response) => failure(400, String(leased[0]), 'x')(response)],
  ['an answer that cannot be read', (response) => response.writeHead(500).end(leased.join('<'))],
  ['a broken connection', (response) => response.destroy()],
])('%s', async (_, answer) => {
  const lease = await issued();
  aws.answer = (__, response) => answer(response);
  await session.call('call_aws', { lease, ...GET });
  await session.call('end_lease', { lease });
  expect(aws.heard.length).toBeGreaterThan(0);
  // The call itself carried the token: without that, the test would show nothing.
  expect(aws.heard[0]?.headers['x-amz-security-token']).toBe(leased[2]);
  expectNoSecret();
});

it('other people’s credentials in what is stored are removed as well', async () => {
  const lease = await issued();
  const secret = 'abcdefghijklmnopqrstuvwxyz0123456789ABCD';
  const link = 'https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0123456789abcdef';
  aws.answer = (_, response) =>
    response.end(`[default]\naws_secret_access_key = ${secret}\n{"SessionToken":"${secret}"}\n${link} end`);
  const { data } = await session.call('call_aws', { lease, ...GET });
  const { Body } = data.output as { Body: string };
  expect(Body).not.toContain(secret);
  expect(Body).not.toContain('X-Amz-Signature');
  expect(Body).toContain('https://b.s3.amazonaws.com/k?[removed: signature] end');
});

it('errors that nobody foresaw are told without their message', async () => {
  const lease = await issued();
  session.service.secrets.scrubbed = () => {
    throw new Error(`broken near ${leased.join()}`);
  };
  aws.answer = (_, response) => response.end('x');
  await expect(session.call('call_aws', { lease, ...GET }, { timeout: 2000 })).rejects.toBeDefined();
  expectNoSecret();
});
