/** Nothing secret is ever shown, whichever way an object is printed, serialised or cloned. */

import { Console } from 'node:console';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { S3Client } from '@aws-sdk/client-s3';
import { Approval, createLeaseClient, type Lease, LeaseCredentials } from '@leasehold/runtime';
import { manifest } from '../../lib/documents';
import { DEV, Desk, REQUEST } from './support/desk';

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

/** What each way of showing a value shows. */
const WAYS: Readonly<Record<string, (value: unknown) => string>> = {
  'console.log': (value) => {
    let text = '';
    const stream = new Writable({
      write: (chunk, _, done) => {
        text += chunk;
        done();
      },
    });
    const console = new Console(stream);
    console.log(value);
    console.dir(value, { showHidden: true, depth: null });
    console.table(value);
    return text;
  },
  'console.log with %o and %j': (value) => {
    let text = '';
    const stream = new Writable({
      write: (chunk, _, done) => {
        text += chunk;
        done();
      },
    });
    new Console(stream).log('%o %O %s %j', value, value, value, value);
    return text;
  },
  'util.inspect': (value) => inspect(value),
  'util.inspect of everything': (value) => inspect(value, { showHidden: true, depth: null, maxStringLength: null }),
  'util.inspect past custom views': (value) => inspect(value, { showHidden: true, depth: null, customInspect: false }),
  'JSON.stringify': (value) => JSON.stringify(value) ?? '',
  'a template string': (value) => `${value}`,
  concatenation: (value) => `${value}`,
  'Object.entries': (value) => inspect(Object.entries(Object(value)), { depth: null }),
  spreading: (value) => inspect({ ...Object(value) }, { showHidden: true, depth: null }),
  'Object.assign': (value) => inspect(Object.assign({}, value), { depth: null }),
  structuredClone: (value) => attempt(() => inspect(structuredClone(value), { showHidden: true, depth: null })),
  'v8.serialize': (value) =>
    attempt(() => {
      const bytes = serialize(value);
      return bytes.toString('latin1') + bytes.toString('utf16le') + inspect(deserialize(bytes), { depth: null });
    }),
  'own property names': (value) =>
    Reflect.ownKeys(Object(value))
      .map((key) => inspect(Object.getOwnPropertyDescriptor(value, key), { showHidden: true, depth: null }))
      .join(),
};

/** What cannot be cloned says so, with the source of a function at most. */
function attempt(show: () => string): string {
  try {
    return show();
  } catch (error) {
    return inspect(error, { showHidden: true, depth: null });
  }
}

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
  const server: Server = createServer((_, response) => {
    response.statusCode = 400;
    response.end(
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
