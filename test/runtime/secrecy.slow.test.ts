/** Nothing secret is ever shown, whichever way an object is printed, serialised or cloned. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { manifest } from '@leasehold/documents';
import { Approval, createLeaseClient, type Lease, LeaseCredentials } from '@leasehold/runtime';
import { callerIdentity, DEV, Desk, REQUEST } from './support/desk';
import { WAYS } from './support/ways';

let desk: Desk;
let lease: Lease;
/** Every secret that this file knows of. */
let secrets: string[];

beforeAll(async () => {
  desk = await Desk.open();
  lease = await desk.client().lease('s3-deploy', REQUEST);
  const { accessKeyId, secretAccessKey, sessionToken } = await lease.credentials();
  secrets = [accessKeyId, secretAccessKey, sessionToken, desk.sandbox.keys.secretAccessKey, CODE];
});
afterAll(() => desk.close());

const CODE = '718293';

/** Every public object, and every error that a public function throws or rejects with. */
const OBJECTS: Readonly<Record<string, () => unknown>> = {
  'a lease': () => lease,
  'an attenuated lease': () => lease.attenuate({ duration: 60 }),
  'its credentials': () => lease.credentials(),
  'its credentials after a client used them': async () => {
    const credentials = await lease.credentials();
    const client = new S3Client({ region: 'eu-west-1', credentials });
    await client.config.credentials();
    return credentials;
  },
  'its provider': () => lease.credentials,
  'its grant': () => lease.grant,
  'a client': () => desk.client(),
  'a client that leased': async () => {
    const client = desk.client();
    await client.lease('s3-deploy', REQUEST);
    return client;
  },
  'a public client': () =>
    createLeaseClient({ manifest: manifest(DEV), approval: desk.yes, credentials: desk.sandbox.keys }),
  'an approval': () => new Approval('lead', CODE),
  'an approval request': () => desk.asked[0],
  'a lease that is over': async () => {
    const own = await desk.client().withLease('s3-deploy', REQUEST, async (held) => held);
    return [own, await rejection(own.credentials())];
  },
  "AWS's no to a code": () => rejection(desk.client({ approval: codes }).lease('s3-deploy', REQUEST)),
  "AWS's no to a key": () =>
    rejection(
      desk
        .client({ credentials: { ...keys(), accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }, approval: codes })
        .lease('s3-deploy', REQUEST),
    ),
  'an AWS out of reach': () =>
    rejection(desk.client({ endpoint: 'http://127.0.0.1:1', approval: codes }).lease('s3-deploy', REQUEST)),
  "a channel's error that holds a code": () =>
    rejection(
      desk
        .client({ approval: () => Promise.reject(Object.assign(new Error('no'), { request: { code: CODE } })) })
        .lease('s3-deploy', REQUEST),
    ),
  'a key that cannot be had': () =>
    rejection(
      desk
        .client({
          credentials: () => Promise.reject(Object.assign(new Error('no'), { key: desk.sandbox.keys.secretAccessKey })),
        })
        .lease('s3-deploy', REQUEST),
    ),
};

const codes = async () => new Approval('lead', CODE);

function keys() {
  const { accessKeyId, secretAccessKey } = desk.sandbox.keys;
  return { accessKeyId, secretAccessKey };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  return error;
}

describe.each(Object.keys(OBJECTS))('%s', (name) => {
  it.each(Object.keys(WAYS))('shows nothing secret to %s', async (way) => {
    const value = await OBJECTS[name]?.();
    expect(value).toBeDefined();
    const shown = WAYS[way]?.(value) ?? '';
    // The test fails on a part of a secret, too.
    for (const secret of secrets) expect(shown).not.toContain(secret.slice(0, 20));
  });
});

it('knows secrets that would be found', () => {
  expect(secrets.map(({ length }) => length > 5)).toEqual([true, true, true, true, true]);
  for (const secret of secrets) {
    const plain = { inner: { secret } };
    for (const show of ['console.log', 'util.inspect', 'JSON.stringify', 'structuredClone', 'v8.serialize']) {
      expect(WAYS[show]?.(plain)).toContain(secret.slice(0, 20));
    }
  }
});

it('shows who uses credentials what is in them, by name', async () => {
  const credentials = await lease.credentials();
  expect(credentials).toBeInstanceOf(LeaseCredentials);
  expect(credentials.accessKeyId).toMatch(/^ASIA/);
  expect(credentials.expiration).toEqual(lease.expiresAt);
  const { secretAccessKey, sessionToken } = credentials;
  expect([secretAccessKey.length, sessionToken.length].every((length) => length > 20)).toBe(true);
});

it('repeats no code that AWS repeats', async () => {
  const message = `1 validation error detected: Value '${CODE}' at 'tokenCode' failed to satisfy constraint`;
  const server: Server = createServer(async (request, response) => {
    let sent = '';
    for await (const chunk of request) sent += chunk;
    if (sent.includes('Action=GetCallerIdentity')) return response.end(callerIdentity());
    response.statusCode = 400;
    return response.end(
      `<ErrorResponse><Error><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const error = await rejection(desk.client({ endpoint, approval: codes }).lease('s3-deploy', REQUEST));
  await new Promise((resolve) => server.close(resolve));
  expect(inspect(error, { showHidden: true, depth: null })).toContain("Value '[secret]' at 'tokenCode'");
  expect(error).toMatchObject({ code: 'invalid-request' });
});
