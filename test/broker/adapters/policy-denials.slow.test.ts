/** Revoking with the policy, with the sandbox as STS and IAM: no tag of a role takes part. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  CreatePolicyVersionCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  ListRoleTagsCommand,
} from '@aws-sdk/client-iam';
import {
  NO_DENIALS,
  projectionsTableName,
  readRevocationPolicy,
  revocationPolicy,
  revocationPolicyArn,
} from '@leasehold/documents';
import { Credentials, type Sandbox } from '@leasehold/sandbox';
import { MARGIN } from '../../../lib/broker/adapters/revocation-times';
import { LONGEST_LEASE } from '../../../lib/broker/durations';
import type { Issuer, Revoker } from '../../../lib/broker/ports';
import type { Environment, Role } from '../../../lib/definitions/model';
import { aSandbox } from '../../sandbox/support/sandbox';
import { aGrant } from '../support';
import {
  aDynamoDb,
  aDynamoDbClient,
  BROKER,
  BROKERED,
  type Fate,
  Network,
  ENVIRONMENT as PLAIN,
  portsAt,
  type Running,
} from './support';

const OTHER: Role = { ...BROKERED, name: 's3-other' };
/** Single leases are revoked with the policy, too. */
const ENVIRONMENT: Environment = {
  ...PLAIN,
  roles: [BROKERED, OTHER],
  broker: { ...BROKER, revoke: { by: 'deny-policy' } },
};

let dynamodb: Running;
let sandbox: Sandbox;
let table: Network;
let iam: Network;
let issuer: Issuer;
let revoker: Revoker;
let start: number;
/** The time of the functions. */
let now: number;

beforeEach(async () => {
  [dynamodb, sandbox] = await Promise.all([aDynamoDb(), aSandbox(ENVIRONMENT)]);
  [table, iam] = await Promise.all([Network.before(dynamodb.url), Network.before(sandbox.url)]);
  ({ issuer, revoker } = brokerPorts());
  start = Math.ceil(sandbox.clock.now() / 3_600_000) * 3600;
  now = start;
  sandbox.clock.set(new Date(start * 1000));
});
afterEach(async () => {
  await Promise.all([table.stop(), iam.stop()]);
  await Promise.all([dynamodb.stop(), sandbox.stop()]);
});

function brokerPorts(environment = ENVIRONMENT) {
  const credentials = sandbox.platformCredentials('hermes-dev-broker') as never;
  const endpoints = { dynamodb: table.url, iam: iam.url, sts: sandbox.url };
  return portsAt(endpoints, { environment, credentials, clock: () => now });
}

const SECONDS = 900;
const over = () => start + SECONDS + MARGIN;

async function aLease(lease: string, role = BROKERED.name) {
  const tags = { 'lease-id': lease, reason: 'Upload release 1.4.2', requester: 'hermes', 'param.release': '1.4.2' };
  const grant = aGrant({
    tags,
    role,
    roleArn: `arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-${role}`,
  });
  const { accessKeyId, secretAccessKey, sessionToken } = await issuer.cut({
    lease,
    grant,
    approvers: [],
    seconds: SECONDS,
  });
  const credentials = new Credentials({ accessKeyId, secretAccessKey, sessionToken });
  const works = () => sandbox.may(credentials, 's3:PutObject', 'arn:aws:s3:::hermes-dev-deploy/1.4.2/app.js');
  expect(works()).toBe(true);
  return { works, revocation: { lease, role, until: start + SECONDS } };
}

function administrator(): IAMClient {
  const { accessKeyId, secretAccessKey } = sandbox.administrator;
  return new IAMClient({ endpoint: sandbox.url, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } });
}

const PolicyArn = revocationPolicyArn(ENVIRONMENT);

/** The document in force. */
async function inForce() {
  const { Versions: versions = [] } = await administrator().send(new ListPolicyVersionsCommand({ PolicyArn }));
  const VersionId = versions.find(({ IsDefaultVersion: is }) => is)?.VersionId;
  const { PolicyVersion: version } = await administrator().send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return JSON.parse(decodeURIComponent(version?.Document ?? ''));
}

const denied = async () => readRevocationPolicy(await inForce(), ENVIRONMENT);
const NOTHING = revocationPolicy(NO_DENIALS, ENVIRONMENT);

async function records(): Promise<readonly string[]> {
  const client = aDynamoDbClient(dynamodb.url);
  const { Items: items = [] } = await client.send(
    new QueryCommand({
      TableName: projectionsTableName(ENVIRONMENT),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: 'denials' } },
    }),
  );
  client.destroy();
  return items.map(({ sk }) => sk?.S ?? '');
}

const writeByHand = (document: object) =>
  administrator().send(
    new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: JSON.stringify(document), SetAsDefault: true }),
  );

describe('a lease', () => {
  it('is denied its next call, and no other lease is, without a tag of the role', async () => {
    const [one, other] = [await aLease('lh-1'), await aLease('lh-2')];
    expect(await revoker.revoke(BROKERED.name, [one.revocation])).toEqual({});
    expect([one.works(), other.works()]).toEqual([false, true]);
    const { Tags: tags } = await administrator().send(new ListRoleTagsCommand({ RoleName: 'hermes-dev-s3-deploy' }));
    expect(tags).toEqual([]);
  });

  it('is denied until it has ended, and then forgotten', async () => {
    const { revocation, works } = await aLease('lh-1');
    await revoker.revoke(BROKERED.name, [revocation]);
    for (now of [start, start + SECONDS, over() - 1]) {
      await revoker.prune(now);
      expect([...((await denied())?.leases.keys() ?? [])]).toEqual(['lh-1']);
    }
    expect(works()).toBe(false);
    await revoker.prune(over());
    expect(await inForce()).toEqual(NOTHING);
    expect(await records()).toEqual([]);
  });

  it('is revoked by tags if the definitions do not choose the policy', async () => {
    const { works, revocation } = await aLease('lh-1');
    const ports = brokerPorts({ ...ENVIRONMENT, broker: BROKER });
    await ports.revoker.revoke(BROKERED.name, [revocation]);
    expect(works()).toBe(false);
    expect(await inForce()).toEqual(NOTHING);
  });

  it('shuts its role if there are too many of them for the policy', async () => {
    const { works } = await aLease('lh-1');
    const other = await aLease('lh-2', OTHER.name);
    const leases = Array.from({ length: 160 }, (_, index) => ({
      lease: `lh-revoked-with-a-long-identifier-${index}`,
      role: BROKERED.name,
      until: start + index,
    }));
    expect(await revoker.revoke(BROKERED.name, leases)).toEqual({ shutUntil: start + 159 });
    expect([works(), other.works()]).toEqual([false, true]);
  });
});

describe('whole roles', () => {
  const all = () => [BROKERED, OTHER].map(({ name }) => ({ role: name, until: start + SECONDS }));

  it('are denied one at a time, and new leases of them, until the last lease has ended', async () => {
    const [one, other] = [await aLease('lh-1'), await aLease('lh-2', OTHER.name)];
    await revoker.deny(all().slice(0, 1));
    expect([one.works(), other.works()]).toEqual([false, true]);
    await revoker.prune(over() - 1);
    expect(one.works()).toBe(false);
    await revoker.prune(over());
    expect(await inForce()).toEqual(NOTHING);
  });

  it('are all denied by one write, which has no condition', async () => {
    const [one, other] = [await aLease('lh-1'), await aLease('lh-2', OTHER.name)];
    await revoker.deny(all());
    expect(iam.operations.filter((each) => each === 'CreatePolicyVersion')).toHaveLength(1);
    expect(await inForce()).toMatchObject({ Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] });
    expect(JSON.stringify(await inForce())).not.toContain('Condition');
    expect([one.works(), other.works()]).toEqual([false, false]);
  });

  it('are denied for as long as anybody wanted', async () => {
    for (const seconds of [3600, 60]) await revoker.deny([{ role: BROKERED.name, until: start + seconds }]);
    await revoker.prune(start + 60 + MARGIN);
    expect([...((await denied())?.roles ?? [])]).toEqual([BROKERED.name]);
  });

  it('that do not have the policy are left to their tags', async () => {
    await revoker.deny([{ role: 'unknown', until: start + 60 }]);
    expect([...iam.operations, ...table.operations]).toEqual([]);
  });
});

describe('calls at the same time', () => {
  it('lose nothing that one of them revokes, whichever writes last', async () => {
    const leases = Array.from({ length: 6 }, (_, index) => `lh-${index}`);
    await Promise.all(
      leases.map((lease) =>
        brokerPorts().revoker.revoke(BROKERED.name, [{ lease, role: BROKERED.name, until: start + SECONDS }]),
      ),
    );
    expect([...((await denied())?.leases.keys() ?? [])].sort()).toEqual(leases);
  });

  it('write again what another one recorded between their read and their write', async () => {
    const other = brokerPorts().revoker;
    let between = true;
    iam.fate = async ({ operation }): Promise<Fate> => {
      if (operation === 'CreatePolicyVersion' && between) {
        between = false;
        await other.deny([{ role: OTHER.name, until: start + SECONDS }]);
      }
      return 'pass';
    };
    await revoker.revoke(BROKERED.name, [{ lease: 'lh-1', role: BROKERED.name, until: start + SECONDS }]);
    expect(between).toBe(false);
    const { leases, roles } = (await denied()) ?? NO_DENIALS;
    expect([[...leases.keys()], [...roles]]).toEqual([['lh-1'], [OTHER.name]]);
  });

  it('keep to the number of versions that a policy can have', async () => {
    for (let index = 0; index < 8; index += 1) {
      await revoker.revoke(BROKERED.name, [{ lease: `lh-${index}`, role: BROKERED.name, until: start + SECONDS }]);
    }
    expect((await denied())?.leases.size).toBe(8);
  });
});

describe('whatever fails', () => {
  it('is not taken for done, and is done by the next pruning', async () => {
    const { revocation, works } = await aLease('lh-1');
    iam.fate = ({ operation }) => (operation === 'CreatePolicyVersion' ? 'break' : 'pass');
    await expect(revoker.revoke(BROKERED.name, [revocation])).rejects.toMatchObject({
      name: 'Unavailable',
      call: 'iam:CreatePolicyVersion',
    });
    await expect(revoker.prune(start + 1)).rejects.toMatchObject({ name: 'Unavailable' });
    expect(works()).toBe(true);
    iam.fate = () => 'pass';
    await revoker.prune(start + 2);
    expect(works()).toBe(false);
  });

  it('writes no denial that is not on record', async () => {
    table.fate = () => 'break';
    await expect(revoker.deny([{ role: BROKERED.name, until: start + 60 }])).rejects.toMatchObject({
      call: 'dynamodb:UpdateItem',
    });
    expect(await inForce()).toEqual(NOTHING);
  });

  it('prunes tags though the policy cannot be pruned', async () => {
    iam.fate = ({ operation }) => (operation === 'ListPolicyVersions' ? 'break' : 'pass');
    await expect(revoker.prune(start)).rejects.toMatchObject({ call: 'iam:ListPolicyVersions' });
    expect(iam.operations).toContain('ListRoleTags');
  });

  it('tries again while another call writes versions', async () => {
    const full: Fate = {
      status: 409,
      body: '<ErrorResponse><Error><Type>Sender</Type><Code>LimitExceeded</Code></Error></ErrorResponse>',
    };
    iam.fate = ({ operation }, index) => (operation === 'CreatePolicyVersion' && index < 4 ? full : 'pass');
    await revoker.deny([{ role: BROKERED.name, until: start + 60 }]);
    expect((await denied())?.roles.size).toBe(1);
  });

  it('keeps denials of which nothing is on record for as long as a lease can last', async () => {
    const revoked = { leases: new Map([['lh-1', undefined]]), roles: new Set([OTHER.name]), everything: false };
    await writeByHand(revocationPolicy(revoked, ENVIRONMENT));
    await revoker.prune(start);
    expect([...(await records())].sort()).toEqual(['lease#lh-1', `role#${OTHER.name}`]);
    now = start + 60;
    await revoker.deny([{ role: BROKERED.name, until: start + 60 }]);
    await revoker.prune(start + 60 + MARGIN);
    expect(await denied()).toEqual(revoked);
    await revoker.prune(start + LONGEST_LEASE + MARGIN);
    expect(await inForce()).toEqual(NOTHING);
  });

  it.each([
    ['an allow', { Effect: 'Allow', Action: '*', Resource: '*' }],
    ['another deny', { Effect: 'Deny', Action: 's3:*', Resource: '*' }],
  ])('replaces a document that the broker did not write, with %s', async (_, statement) => {
    await revoker.deny([{ role: BROKERED.name, until: start + SECONDS }]);
    await writeByHand({ Version: '2012-10-17', Statement: [statement] });
    await revoker.prune(start + 1);
    expect([...((await denied())?.roles ?? [])]).toEqual([BROKERED.name]);
  });
});

it('looks at the policy once an hour alone while nothing is on record', async () => {
  for (let minute = 0; minute < 120; minute += 1) await revoker.prune(start + minute * 60);
  expect(iam.operations.filter((each) => each === 'ListPolicyVersions')).toHaveLength(2);
  expect(iam.operations).not.toContain('CreatePolicyVersion');
});

it('writes one policy, and no other', async () => {
  const broker = new IAMClient({
    endpoint: sandbox.url,
    region: 'us-east-1',
    credentials: sandbox.platformCredentials('hermes-dev-broker') as never,
  });
  const others = ['hermes-dev-role-boundary', 'hermes-dev-s3-deploy-role-boundary', 'hermes-dev-broker-boundary'];
  for (const name of others) {
    const write = new CreatePolicyVersionCommand({
      PolicyArn: `arn:aws:iam::123456789012:policy/leasehold/hermes-dev/${name}`,
      PolicyDocument: JSON.stringify(NOTHING),
    });
    await expect(broker.send(write)).rejects.toMatchObject({ name: 'AccessDenied' });
  }
});
