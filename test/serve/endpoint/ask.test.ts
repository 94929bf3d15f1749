/** The small client: asks an endpoint for a lease, and never sends a token elsewhere. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { askEndpoint, type CredentialsEndpoint, startCredentialsEndpoint } from '@leasehold/serve';
import { aClient, type Double } from './double';

const REASON = 'Upload build 1.4.2 for ticket OPS-481';

let double: Double;
let endpoint: CredentialsEndpoint;
let url: string;
let token: string;

beforeEach(async () => {
  double = aClient();
  endpoint = await startCredentialsEndpoint({ client: double.client });
  const env = endpoint.admit('agent').environment('s3-deploy');
  url = env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '';
  token = env.AWS_CONTAINER_AUTHORIZATION_TOKEN ?? '';
});

afterEach(() => endpoint.close());

it('asks with any address of the endpoint, and answers with the lease, not with its credentials', async () => {
  const waiting = askEndpoint({ url, token, role: 's3-deploy', reason: REASON, parameters: { release: '1.4.2' } });
  const question = await double.question();
  expect(question.request).toMatchObject({ reason: REASON, parameters: { release: '1.4.2' } });
  question.approve();
  expect(await waiting).toEqual({ id: expect.any(String), role: 's3-deploy', expiresAt: expect.any(Date) });
});

it('tells the refusal with its code and what to do', async () => {
  const waiting = askEndpoint({ url, token, role: 's3-deploy', reason: REASON });
  (await double.question()).refuse();
  await expect(waiting).rejects.toMatchObject({
    code: 'denied',
    message: 'oncall said no.',
    hint: 'Do something else.',
  });
});

it('an abort takes the question back', async () => {
  const stop = new AbortController();
  const waiting = askEndpoint({ url, token, role: 's3-deploy', reason: REASON, signal: stop.signal });
  const question = await double.question();
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  while (!question.takenBack()) await new Promise((resolve) => setTimeout(resolve, 5));
});

it.each([
  'http://example.com/credentials/s3-deploy',
  'http://169.254.170.2/credentials/s3-deploy',
  'https://127.0.0.1:1/',
  'http://127.0.0.1@example.com/',
  'http://user@127.0.0.1:1/',
  'http://127.0.0.1.example.com/',
  'file:///etc/passwd',
  'nothing',
])('%s gets no token', async (elsewhere) => {
  await expect(askEndpoint({ url: elsewhere, token, role: 's3-deploy', reason: REASON })).rejects.toMatchObject({
    code: 'invalid-request',
  });
});

it('an endpoint that is gone is told, without the token', async () => {
  await endpoint.close();
  const failed = await askEndpoint({ url, token, role: 's3-deploy', reason: REASON }).catch((error: Error) => error);
  expect(failed).toMatchObject({ code: 'unavailable', hint: 'Start it: leasehold serve.' });
  expect(JSON.stringify(failed) + String(failed)).not.toContain(token);
});

it('an answer of something else is no lease', async () => {
  const other = createServer((_, response) => response.end('<html>'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(
    askEndpoint({ url: `http://127.0.0.1:${port}`, token, role: 's3-deploy', reason: REASON }),
  ).rejects.toMatchObject({ code: 'unavailable' });
  other.close();
});
