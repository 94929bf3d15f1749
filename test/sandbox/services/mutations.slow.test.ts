/** Whatever is done to a request, its mapping asks for no less, and never fails in any other way than by refusing. */

import { isArn } from '@leasehold/policy';
import fc from 'fast-check';
import {
  type Need,
  type ServiceMapping,
  type SignedRequest,
  UnmappedRequest,
} from '../../../lib/sandbox/service-mapping';
import { SERVICE_MAPPINGS } from '../../../lib/sandbox/services';
import { aRequest, jsonCall, queryCall } from './support/requests';
import { catalogue } from './support/rows';

const RUNS = { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) };

function mappingOf(name: string): ServiceMapping {
  const found = SERVICE_MAPPINGS.find(({ signingNames }) => signingNames.includes(name));
  if (!found) throw new Error(`no table of ${name}`);
  return found;
}

const S3 = mappingOf('s3');
const DYNAMODB = mappingOf('dynamodb');
const EC2 = mappingOf('ec2');
const LAMBDA = mappingOf('lambda');
const SNS = mappingOf('sns');

interface Seed {
  readonly mapping: ServiceMapping;
  readonly request: SignedRequest;
}

const json = (name: string, target: string, input: object): Seed => ({
  mapping: mappingOf(name),
  request: jsonCall(mappingOf(name), target, input),
});
const s3 = (method: string, path: string, query: readonly (readonly [string, string])[] = [], body = ''): Seed => ({
  mapping: S3,
  request: aRequest(S3, { method, path, query, body }),
});

const SEEDS: readonly Seed[] = [
  s3('GET', '/bucket/a/b.txt'),
  s3('PUT', '/bucket/a%20b/%C3%BC', [], 'data'),
  s3('GET', '/bucket', [
    ['list-type', '2'],
    ['prefix', 'a/'],
  ]),
  s3(
    'POST',
    '/bucket',
    [['delete', '']],
    '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>',
  ),
  json('dynamodb', 'DynamoDB_20120810.GetItem', { TableName: 'orders', Key: { a: { S: 'x' } } }),
  json('dynamodb', 'DynamoDB_20120810.Query', {
    TableName: 'orders',
    KeyConditionExpression: 'a = :a AND b > :b',
    ExpressionAttributeValues: { ':a': { S: 'x' }, ':b': { N: '1' } },
  }),
  json('dynamodb', 'DynamoDB_20120810.ExecuteStatement', { Statement: `SELECT * FROM "orders" WHERE a = 'x'` }),
  json('logs', 'Logs_20140328.FilterLogEvents', { logGroupName: '/hermes/dev/app' }),
  json('monitoring', 'GraniteServiceVersion20100801.PutMetricData', { Namespace: 'Shop' }),
  json('secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'a' }),
  json('ssm', 'AmazonSSM.GetParameter', { Name: '/a/b' }),
  json('sqs', 'AmazonSQS.SendMessage', { QueueUrl: 'http://localhost/123456789012/jobs', MessageBody: 'x' }),
  json('kms', 'TrentService.Decrypt', { KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }),
  {
    mapping: EC2,
    request: queryCall(
      EC2,
      'Action=TerminateInstances&Version=2016-11-15&InstanceId.1=i-12345678&InstanceId.2=i-12345679',
    ),
  },
  {
    mapping: SNS,
    request: queryCall(SNS, {
      Action: 'Publish',
      Version: '2010-03-31',
      TopicArn: 'arn:aws:sns:ap-northeast-2:123456789012:ops',
    }),
  },
  {
    mapping: mappingOf('rds'),
    request: queryCall(mappingOf('rds'), {
      Action: 'StopDBInstance',
      Version: '2014-10-31',
      DBInstanceIdentifier: 'shop',
    }),
  },
  { mapping: LAMBDA, request: aRequest(LAMBDA, { method: 'POST', path: '/2015-03-31/functions/resize/invocations' }) },
  {
    mapping: mappingOf('rds-data'),
    request: aRequest(mappingOf('rds-data'), {
      method: 'POST',
      path: '/Execute',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        resourceArn: 'arn:aws:rds:ap-northeast-2:123456789012:cluster:shop',
        secretArn: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:a-a1B2c3',
        sql: 'select 1',
      }),
    }),
  },
];

it('a request of every service is mutated', () => {
  expect(new Set(SEEDS.map(({ mapping }) => mapping))).toEqual(new Set(SERVICE_MAPPINGS));
});

/** What a mapping asks for; `undefined` when it refuses. Fails when it throws anything else. */
function needsOf({ mapping, request }: Seed): readonly Need[] | undefined {
  try {
    return mapping.map(request).needs;
  } catch (error) {
    if (error instanceof UnmappedRequest) return undefined;
    throw error;
  }
}

const asked = (needs: readonly Need[]): readonly string[] =>
  needs.map(({ action, resource }) => `${action} ${resource}`);

/** Refused, or asking for all that the seed asks for. */
function expectNoLess(seed: Seed, request: SignedRequest): void {
  const mutated = needsOf({ mapping: seed.mapping, request });
  if (mutated === undefined) return;
  const before = asked(needsOf(seed) ?? []);
  expect(before.length).toBeGreaterThan(0);
  expect(asked(mutated)).toEqual(expect.arrayContaining([...before]));
}

const seed = fc.constantFrom(...SEEDS);

/** Headers that mean something to some server. */
const header = fc.tuple(
  fc.constantFrom(
    'content-encoding',
    'smithy-protocol',
    'x-amz-acl',
    'x-amz-copy-source',
    'x-amz-grant-read',
    'x-amz-object-lock-mode',
    'x-amz-server-side-encryption-aws-kms-key-id',
    'x-amz-storage-class',
    'x-amz-tagging',
    'x-amz-target',
    'x-amz-unknown',
    'x-http-method-override',
    'x-original-url',
  ),
  fc.oneof(
    fc.string(),
    fc.constantFrom('DELETE', 'gzip', 'rpc-v2-cbor', 'other/key', 'a=b', 'DynamoDB_20120810.Scan', 'private'),
  ),
);

/** Parameters that mean something to some server, but name no subresource of S3. */
const parameter = fc.tuple(
  fc.constantFrom('Action', 'InstanceId.1', 'InstanceId.3', 'TopicArn', 'TableName', 'x-id', 'x-amz-acl', 'prefix'),
  fc.oneof(fc.string(), fc.constantFrom('ListTopics', 'DescribeInstances', 'i-87654321', 'GetObject')),
);

/** The same path, with some of its characters percent-encoded, once or twice. */
function encoded(path: string, marks: readonly number[]): string {
  return [...path]
    .map((char, index) => {
      const mark = marks[index % marks.length] ?? 0;
      if (mark === 0 || char === '%' || path.slice(Math.max(0, index - 2), index).includes('%')) return char;
      const once = `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
      return mark === 1 ? once : once.replace('%', '%25');
    })
    .join('');
}

describe('property: a request that was tampered with', () => {
  it('asks for something before it is', () => {
    expect(SEEDS.filter((each) => needsOf(each) === undefined)).toEqual([]);
  });

  it('asks for no less with more headers', () => {
    fc.assert(
      fc.property(seed, fc.array(header, { minLength: 1, maxLength: 3 }), (each, headers) => {
        expectNoLess(each, {
          ...each.request,
          headers: { ...Object.fromEntries(headers), ...each.request.headers },
        });
      }),
      RUNS,
    );
  });

  it('asks for no less with more parameters', () => {
    fc.assert(
      fc.property(seed, fc.array(parameter, { minLength: 1, maxLength: 3 }), fc.boolean(), (each, added, first) => {
        const { query } = each.request;
        expectNoLess(each, { ...each.request, query: first ? [...added, ...query] : [...query, ...added] });
      }),
      RUNS,
    );
  });

  it('asks for the same by the same path in other encodings', () => {
    fc.assert(
      fc.property(seed, fc.array(fc.constantFrom(0, 0, 1, 2), { minLength: 1, maxLength: 7 }), (each, marks) => {
        expectNoLess(each, { ...each.request, path: encoded(each.request.path, marks) });
      }),
      RUNS,
    );
  });

  it('is refused on a path that does not begin with a slash', () => {
    const accepted = SEEDS.flatMap((each) =>
      [`%2F${each.request.path.slice(1)}`, `x${each.request.path}`, each.request.path.slice(1)]
        .filter((path) => needsOf({ ...each, request: { ...each.request, path } }) !== undefined)
        .map((path) => `${each.request.service} ${path}`),
    );
    expect(accepted).toEqual([]);
  });

  it('asks for no less on another host', () => {
    const hosts = fc.constantFrom(
      '127.0.0.1',
      '[::1]',
      's3.amazonaws.com',
      'dynamodb.ap-northeast-2.amazonaws.com',
      'x',
    );
    fc.assert(
      fc.property(seed, hosts, (each, host) => expectNoLess(each, { ...each.request, host })),
      RUNS,
    );
  });

  it('is refused when its JSON says something twice', () => {
    const jsonSeeds = SEEDS.filter(({ request }) => request.body.toString().startsWith('{'));
    expect(jsonSeeds.length).toBeGreaterThan(5);
    fc.assert(
      fc.property(fc.constantFrom(...jsonSeeds), fc.nat(), fc.jsonValue(), (each, index, value) => {
        const body = JSON.parse(each.request.body.toString()) as Record<string, unknown>;
        const names = Object.keys(body);
        const name = names[index % names.length] ?? '';
        const text = `{${JSON.stringify(name)}:${JSON.stringify(value)},${JSON.stringify(body).slice(1)}`;
        expect(
          needsOf({ mapping: each.mapping, request: { ...each.request, body: Buffer.from(text) } }),
        ).toBeUndefined();
      }),
      RUNS,
    );
  });

  it('asks for actions and resources of AWS, or nothing, whatever its bytes are', async () => {
    const known = await catalogue();
    const change = fc.record({ at: fc.nat(), drop: fc.nat(4), insert: fc.uint8Array({ maxLength: 4 }) });
    fc.assert(
      fc.property(seed, fc.array(change, { minLength: 1, maxLength: 4 }), (each, changes) => {
        let body = each.request.body;
        for (const { at, drop, insert } of changes) {
          const index = body.length === 0 ? 0 : at % body.length;
          body = Buffer.concat([body.subarray(0, index), insert, body.subarray(index + drop)]);
        }
        for (const { action, resource } of needsOf({ mapping: each.mapping, request: { ...each.request, body } }) ??
          []) {
          expect(known.action(action)?.id).toBe(action);
          expect(resource === '*' || isArn(resource.replace(/[*?]/g, 'x'))).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('never makes a mapping fail, whatever it is', () => {
    const anything = fc.record({
      method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS'),
      path: fc.oneof(
        fc.webPath(),
        fc.string().map((text) => `/${text}`),
      ),
      query: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }),
      headers: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
      host: fc.oneof(fc.constant('localhost'), fc.string()),
      body: fc.oneof(
        fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
      ),
    });
    fc.assert(
      fc.property(seed, anything, fc.boolean(), ({ mapping, request }, parts, whole) => {
        needsOf({ mapping, request: { ...request, ...parts, headers: whole ? parts.headers : request.headers } });
      }),
      RUNS,
    );
  });

  it('never makes a mapping fail with a JSON body of other shapes', () => {
    const jsonSeeds = SEEDS.filter(({ request }) => request.body.toString().startsWith('{'));
    fc.assert(
      fc.property(fc.constantFrom(...jsonSeeds), fc.nat(), fc.jsonValue(), (each, index, value) => {
        const body = JSON.parse(each.request.body.toString()) as Record<string, unknown>;
        const names = Object.keys(body);
        body[names[index % names.length] ?? ''] = value;
        needsOf({ mapping: each.mapping, request: { ...each.request, body: Buffer.from(JSON.stringify(body)) } });
      }),
      RUNS,
    );
  });
});

describe('property: numbers as leading keys', () => {
  it('have one text, however they are written', () => {
    const leading = (N: string) =>
      DYNAMODB.map(jsonCall(DYNAMODB, 'DynamoDB_20120810.GetItem', { TableName: 'orders', Key: { a: { N } } })).needs[0]
        .context['dynamodb:LeadingKeys'];
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: -20, max: 20 }), (digits, exponent) => {
        const [plain] = leading(`${digits}e${exponent}`) ?? [];
        expect(Number(plain)).toBe(Number(`${digits}e${exponent}`) + 0);
        expect(plain).not.toMatch(/e|^-?0\d|\.$|\.\d*0$/);
        expect(leading(`${digits}0e${exponent - 1}`)).toEqual([plain]);
        expect(leading(plain ?? '')).toEqual([plain]);
      }),
      RUNS,
    );
  });
});
