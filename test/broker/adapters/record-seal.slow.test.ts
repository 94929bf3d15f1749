/** Who wrote a record: only what the function's key shows counts. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { DeleteItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { eventsTableName, projectionsTableName } from '@leasehold/documents';
import fc from 'fast-check';
import { kmsDerivation } from '../../../lib/broker/adapters/kms-derivation';
import { leaseItem } from '../../../lib/broker/adapters/lease-item';
import { DailySeal, localSeal } from '../../../lib/broker/adapters/record-seal';
import { Unauthentic } from '../../../lib/broker/lease/fault';
import { fold } from '../../../lib/broker/lease/fold';
import { Unavailable } from '../../../lib/broker/port-errors';
import { eventsOf, proposed, REQUESTED } from '../support';
import {
  aDynamoDb,
  aDynamoDbClient,
  ENVIRONMENT,
  KEY,
  listen,
  Network,
  portsAt,
  type Running,
  SEAL,
  textOf,
} from './support';

const TABLE = eventsTableName(ENVIRONMENT);
const DAY = 86_400;
const NOW = 1_800_000_000;

describe('a seal', () => {
  it('holds for the very record, by the very key, of the very day', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.nat(3 * DAY), async (one, other, at) => {
        const [record, another] = [['x', one ?? null] as never, ['x', other ?? null] as never];
        const mac = await SEAL.seal(at, record);
        expect(await SEAL.holds(at, record, mac)).toBe(true);
        expect(await SEAL.holds(at + DAY, record, mac)).toBe(false);
        expect(await SEAL.holds(at, another, mac)).toBe(JSON.stringify(one) === JSON.stringify(other));
        expect(await localSeal(Buffer.from('another key')).holds(at, record, mac)).toBe(false);
        // Any one character of it is part of it.
        const place = at % mac.length;
        const letter = mac[place] === 'A' ? 'Q' : 'A';
        expect(await SEAL.holds(at, record, `${mac.slice(0, place)}${letter}${mac.slice(place + 1)}`)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it.each([undefined, '', 'x', '='.repeat(43), 'A'.repeat(43), 'A'.repeat(44)])('is not %j', async (mac) => {
    expect(await SEAL.holds(NOW, 'a record', mac)).toBe(false);
  });
});

describe('a key of KMS', () => {
  const asked: { readonly target: string; readonly input: Record<string, string> }[] = [];
  const answers: (object | number)[] = [];
  let kms: Running;
  let client: KMSClient;

  beforeAll(async () => {
    kms = await listen(
      createServer(async (message, response) => {
        const input = JSON.parse(await textOf(message));
        asked.push({ target: String(message.headers['x-amz-target']), input });
        const answer = answers.shift() ?? {
          Mac: createHmac('sha256', 'in KMS').update(input.Message).digest('base64'),
        };
        response.writeHead(typeof answer === 'number' ? answer : 200, { 'content-type': 'application/x-amz-json-1.1' });
        response.end(JSON.stringify(typeof answer === 'number' ? { __type: 'KMSInternalException' } : answer));
      }),
    );
    client = new KMSClient({ endpoint: kms.url, region: ENVIRONMENT.region, credentials: KEY, maxAttempts: 1 });
  });
  beforeEach(() => asked.splice(0));
  afterAll(() => kms.stop());

  const aSeal = (stack = 'hermes-dev') => new DailySeal(kmsDerivation(() => client, 'arn:of:the:key', stack));

  it('is asked for once a day and instance, however many records there are', async () => {
    const seal = aSeal();
    const macs = await Promise.all(
      Array.from({ length: 200 }, (_, index) => seal.seal(NOW + index, ['record', index])),
    );
    for (const [index, mac] of macs.entries()) {
      expect(await seal.holds(NOW + index, ['record', index], mac)).toBe(true);
    }
    expect(asked.map(({ target }) => target)).toEqual(['TrentService.GenerateMac']);
    expect(asked[0]?.input).toMatchObject({ KeyId: 'arn:of:the:key', MacAlgorithm: 'HMAC_SHA_256' });
    await seal.seal(NOW + DAY, 'a record of the next day');
    expect(asked).toHaveLength(2);
  });

  it('gives every instance the same keys, and every stack and day one of its own', async () => {
    const mac = await aSeal().seal(NOW, 'a record');
    expect(await aSeal().holds(NOW, 'a record', mac)).toBe(true);
    expect(await aSeal('zeus-dev').holds(NOW, 'a record', mac)).toBe(false);
    expect(await aSeal().holds(NOW + DAY, 'a record', mac)).toBe(false);
  });

  it.each<[string, object | number]>([
    ['fails', 500],
    ['answers without a MAC', {}],
    ['answers with a short one', { Mac: Buffer.alloc(8).toString('base64') }],
  ])('that %s authenticates nothing, and is asked again by the next', async (_, answer) => {
    const seal = aSeal();
    const mac = await aSeal().seal(NOW, 'a record');
    answers.push(answer, answer);
    await expect(seal.seal(NOW, 'a record')).rejects.toThrow(Unavailable);
    await expect(seal.holds(NOW, 'a record', mac)).rejects.toThrow(Unavailable);
    expect(await seal.holds(NOW, 'a record', mac)).toBe(true);
  });
});

describe('a record in the table', () => {
  let dynamodb: Running;
  let network: Network;
  beforeAll(async () => {
    dynamodb = await aDynamoDb();
    network = await Network.before(dynamodb.url);
  });
  afterAll(async () => {
    await network.stop();
    await dynamodb.stop();
  });

  const EVENTS = eventsOf(REQUESTED, proposed(0));
  const ports = () => portsAt({ dynamodb: network.url });
  const stored = async () => {
    const query = {
      TableName: TABLE,
      KeyConditionExpression: 'lease = :l',
      ExpressionAttributeValues: { ':l': { S: 'lh-1' } },
    };
    return (await aDynamoDbClient(dynamodb.url).send(new QueryCommand(query))).Items?.[0] ?? {};
  };
  const put = (item: object) =>
    aDynamoDbClient(dynamodb.url).send(new PutItemCommand({ TableName: TABLE, Item: item as never }));

  beforeEach(async () => {
    const Key = { lease: { S: 'lh-1' }, sequence: { N: '1' } };
    await aDynamoDbClient(dynamodb.url).send(new DeleteItemCommand({ TableName: TABLE, Key }));
  });

  it('that the broker wrote is believed, by another instance too', async () => {
    await ports().leases.append(EVENTS, fold(EVENTS));
    expect(fold(await ports().leases.read('lh-1'))).toEqual(fold(EVENTS));
  });

  it('that anybody else put there is not, and is shown to who looks into it', async () => {
    await put(leaseItem(EVENTS, fold(EVENTS), 'somebody'));
    const error = await ports()
      .leases.read('lh-1')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Unauthentic);
    expect(error).toMatchObject({ sequences: [1, 2], events: JSON.parse(JSON.stringify(EVENTS)) });
  });

  it.each<[string, (item: Record<string, { S?: string }>) => object]>([
    ['of another grant', (item) => ({ ...item, events: { S: item.events?.S?.replace('1.4.2', '1.4.3') } })],
    [
      'of another lease',
      (item) => ({ ...item, lease: { S: 'lh-2' }, events: { S: item.events?.S?.replaceAll('lh-1', 'lh-2') } }),
    ],
    ['with the MAC of nothing', (item) => ({ ...item, mac: { S: 'A'.repeat(43) } })],
    ['without a MAC', ({ mac: _, ...item }) => item],
  ])('is not believed %s', async (_, change) => {
    await ports().leases.append(EVENTS, fold(EVENTS));
    const changed = change((await stored()) as never) as { lease: { S: string } };
    await put(changed);
    await expect(ports().leases.read(changed.lease.S)).rejects.toThrow(Unauthentic);
  });

  it('of a principal is believed only where an administrator changed it through the broker', async () => {
    const { principals } = ports();
    const value = { policy: '', groups: ['staff'], version: 1, changedBy: 'root', changedAt: NOW };
    await principals.put('alice', value);
    expect(await principals.get('alice')).toEqual(value);
    await aDynamoDbClient(dynamodb.url).send(
      new UpdateItemCommand({
        TableName: projectionsTableName(ENVIRONMENT),
        Key: { pk: { S: 'principal#alice' }, sk: { S: 'account' } },
        UpdateExpression: 'SET groups = :g',
        ExpressionAttributeValues: { ':g': { L: [{ S: 'staff' }, { S: 'admins' }] } },
      }),
    );
    await expect(principals.get('alice')).rejects.toThrow('mac');
    await expect(principals.spend('alice', 'requests', NOW)).rejects.toThrow('mac');
  });
});
