/** Requests whose sender is not proven, in every protocol: test/cases/sandbox/signatures.json. */
import { defined } from '@leasehold/contract/defined';
import type { Sandbox } from '@leasehold/sandbox';
import rows from '../cases/sandbox/signatures.json';
import { aLease, aSandbox, plain } from './support/sandbox';
import { form, type Keys, send, type WireRequest } from './support/wire';

interface Row {
  readonly rule: string;
  readonly service: string;
  readonly sender: Pick<WireRequest, 'clock' | 'tamper' | 'unsignedHeaders' | 'region'> & {
    readonly unsigned?: boolean;
    readonly key?: 'unknown';
    readonly secret?: 'wrong';
    readonly caller?: 'session';
    readonly token?: 'garbled' | 'other' | 'none';
    readonly later?: number;
  };
  readonly expect: { readonly status: number; readonly code: string };
}

/** A request to each service that is in order, so that one fault is the only one. */
const CALLS: Readonly<Record<string, Pick<WireRequest, 'headers' | 'body' | 'method' | 'path'>>> = {
  sts: form({ Action: 'GetCallerIdentity', Version: '2011-06-15' }),
  s3: { method: 'PUT', path: '/bucket/key', body: 'hello' },
  dynamodb: {
    headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem', 'content-type': 'application/x-amz-json-1.0' },
    body: '{"TableName":"orders","Key":{"id":{"S":"1"}}}',
  },
  lambda: { method: 'POST', path: '/2015-03-31/functions/f/invocations', body: '{}' },
  ec2: form({ Action: 'DescribeInstances', Version: '2016-11-15' }),
};

let sandbox: Sandbox;
let session: Keys;
let other: Keys;

beforeEach(async () => {
  sandbox = await aSandbox();
  session = await aLease(sandbox);
  sandbox.clock.advance(30);
  other = await aLease(sandbox, { RoleSessionName: 'lh-test-2' });
});
afterEach(() => sandbox.stop());

function keysOf({ sender }: Row): Keys | null {
  if (sender.unsigned) return null;
  const { sessionToken, ...key }: Keys = sender.caller === 'session' ? session : plain(sandbox.keys);
  const token = {
    garbled: `${(sessionToken ?? 'IQoJb3Jp').slice(0, -4)}AAAA`,
    other: other.sessionToken,
    none: undefined,
  };
  const carried = sender.token === undefined ? sessionToken : token[sender.token];
  return {
    accessKeyId: sender.key === 'unknown' ? 'AKIAIOSFODNN7EXAMPLE' : key.accessKeyId,
    secretAccessKey: sender.secret === 'wrong' ? 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' : key.secretAccessKey,
    ...defined({ sessionToken: carried }),
  };
}

it.each(rows as readonly Row[])('$rule', async (row) => {
  const { clock, tamper, unsignedHeaders, region, later } = row.sender;
  if (later !== undefined) sandbox.clock.advance(later);
  const answer = await send(sandbox, {
    service: row.service,
    ...CALLS[row.service],
    keys: keysOf(row),
    ...defined({ clock, tamper, region, unsignedHeaders }),
  });
  expect([answer.status, answer.code]).toEqual([row.expect.status, row.expect.code]);
  expect(answer.headers['x-amzn-requestid']).toEqual(expect.any(String));
  expect(sandbox.log.last?.verdict).toBe('refused');
});

it.each(Object.entries(CALLS))('%s: the request without a fault is proven', async (service, call) => {
  await send(sandbox, { service, ...call, keys: plain(sandbox.keys) });
  expect(sandbox.log.last?.verdict).not.toBe('refused');
  expect(sandbox.log.last?.userIdentity.arn).toBe(sandbox.userArn);
});
