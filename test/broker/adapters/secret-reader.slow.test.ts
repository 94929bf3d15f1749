/** The key of the reviewer's interface, from a server that speaks Secrets Manager's protocol. */
import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CachedSecret } from '../../../lib/broker/adapters/secret-reader';
import { Unavailable } from '../../../lib/broker/port-errors';
import type { SecretReader } from '../../../lib/broker/ports';
import { ENVIRONMENT, KEY, listen, portsAt, type Running, textOf } from './support';

let secrets: Running;
let value: string | undefined;
let status: number;
let asked: { readonly SecretId?: string }[];
let now: number;
let reader: SecretReader;

beforeEach(async () => {
  [value, status, asked, now] = ['key-1', 200, [], 0];
  secrets = await listen(
    createServer((message, response) => {
      void textOf(message).then((body) => {
        expect(message.headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
        asked.push(JSON.parse(body));
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(
          status === 200
            ? JSON.stringify({ Name: 'x', SecretString: value })
            : JSON.stringify({ __type: 'AccessDeniedException', Message: 'no' }),
        );
      });
    }),
  );
  const client = new SecretsManagerClient({
    endpoint: secrets.url,
    region: ENVIRONMENT.region,
    credentials: KEY,
    maxAttempts: 1,
  });
  reader = new CachedSecret(
    () => client,
    'leasehold/hermes-dev/reviewer',
    () => now,
  );
});
afterEach(() => secrets.stop());

it('is read once, and anew after five minutes', async () => {
  expect(await reader.read()).toBe('key-1');
  value = 'key-2';
  now = 299_999;
  expect(await reader.read()).toBe('key-1');
  now = 300_000;
  expect(await reader.read()).toBe('key-2');
  expect(asked).toEqual([{ SecretId: 'leasehold/hermes-dev/reviewer' }, { SecretId: 'leasehold/hermes-dev/reviewer' }]);
});

it('is read once for many who ask at once', async () => {
  expect(new Set(await Promise.all(Array.from({ length: 50 }, () => reader.read())))).toEqual(new Set(['key-1']));
  expect(asked).toHaveLength(1);
});

it('is read anew when it was refused, once for all who were refused', async () => {
  await reader.read();
  value = 'key-2';
  expect(await Promise.all([reader.read('key-1'), reader.read('key-1')])).toEqual(['key-2', 'key-2']);
  expect(await reader.read('key-1')).toBe('key-2');
  expect(asked).toHaveLength(2);
});

it('is trimmed: people paste keys with a line end', async () => {
  value = 'key-1\n';
  expect(await reader.read()).toBe('key-1');
});

it.each([
  ['is not there', undefined, 200],
  ['is empty', ' ', 200],
  ['may not be read', 'key-2', 400],
  ['cannot be read', 'key-2', 500],
])('fails where it %s, keeps nothing, and is read by the next', async (_, spoiled, how) => {
  await reader.read();
  now = 300_000;
  [value, status] = [spoiled, how];
  await expect(reader.read()).rejects.toThrow(Unavailable);
  [value, status] = ['key-3', 200];
  expect(await reader.read()).toBe('key-3');
});

it('is not shown by its reader', async () => {
  await reader.read();
  expect(inspect(reader, { depth: 20, showHidden: true })).not.toContain('key-1');
  expect(JSON.stringify(reader)).not.toContain('key-1');
});

it('is that of the environment', async () => {
  expect(await portsAt({ secretsmanager: secrets.url }).reviewerKey.read()).toBe('key-1');
  expect(asked).toEqual([{ SecretId: 'leasehold/hermes-dev/reviewer' }]);
});
