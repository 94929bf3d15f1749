/** Taking leases back, with the sandbox as STS and IAM: the next call is denied, until the lease has ended. */

import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRoleTagsCommand, TagRoleCommand, UntagRoleCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { projectionsTableName, REVOKED_SLOTS } from '@leasehold/documents';
import { Credentials, type Sandbox } from '@leasehold/sandbox';
import { MARGIN } from '../../../lib/broker/adapters/revocation-times';
import type { IssuedCredentials, Issuer, Revoker } from '../../../lib/broker/ports';
import { aSandbox } from '../../sandbox/support/sandbox';
import { aGrant } from '../support';
import {
  aDynamoDb,
  aDynamoDbClient,
  BROKERED,
  ENVIRONMENT,
  type Fate,
  Network,
  portsAt,
  type Running,
} from './support';

const ROLE = BROKERED.name;
const ROLE_NAME = 'hermes-dev-s3-deploy';

let dynamodb: Running;
let sandbox: Sandbox;
/** The ways to the table and to IAM. */
let table: Network;
let iam: Network;
let issuer: Issuer;
let revoker: Revoker;
/** When the leases of a test begin: at a full hour, when the only role has its turn to be looked at. */
let start: number;

beforeEach(async () => {
  [dynamodb, sandbox] = await Promise.all([aDynamoDb(), aSandbox(ENVIRONMENT)]);
  [table, iam] = await Promise.all([Network.before(dynamodb.url), Network.before(sandbox.url)]);
  ({ issuer, revoker } = brokerPorts());
  start = Math.ceil(sandbox.clock.now() / 3_600_000) * 3600;
  sandbox.clock.set(new Date(start * 1000));
});
afterEach(async () => {
  await Promise.all([table.stop(), iam.stop()]);
  await Promise.all([dynamodb.stop(), sandbox.stop()]);
});

/** The ports of one function; another has its own. */
function brokerPorts() {
  const credentials = sandbox.platformCredentials('hermes-dev-broker') as never;
  return portsAt({ dynamodb: table.url, iam: iam.url, sts: sandbox.url }, { credentials });
}

const SECONDS = 900;

/** A lease, and whether it works. */
async function aLease(lease: string) {
  const tags = { 'lease-id': lease, reason: 'Upload release 1.4.2', requester: 'hermes', 'param.release': '1.4.2' };
  const issued = await issuer.cut({ lease, grant: aGrant({ tags }), approvers: [], seconds: SECONDS });
  const { accessKeyId, secretAccessKey, sessionToken } = issued;
  const credentials = new Credentials({ accessKeyId, secretAccessKey, sessionToken });
  const works = () => sandbox.may(credentials, 's3:PutObject', 'arn:aws:s3:::hermes-dev-deploy/1.4.2/app.js');
  return { issued, works, revocation: { lease, role: ROLE, until: start + SECONDS } };
}

function upload({ accessKeyId, secretAccessKey, sessionToken }: IssuedCredentials) {
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const s3 = new S3Client({
    endpoint: sandbox.url,
    region: sandbox.region,
    credentials,
    maxAttempts: 1,
    forcePathStyle: true,
  });
  return s3.send(new PutObjectCommand({ Bucket: 'hermes-dev-deploy', Key: '1.4.2/app.js', Body: 'x' }));
}

function administrator(): IAMClient {
  const { accessKeyId, secretAccessKey } = sandbox.administrator;
  return new IAMClient({ endpoint: sandbox.url, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } });
}

/** The role's tags that take leases back. */
async function tags(): Promise<Record<string, string>> {
  const { Tags: all = [] } = await administrator().send(new ListRoleTagsCommand({ RoleName: ROLE_NAME }));
  return Object.fromEntries(
    all.flatMap(({ Key = '', Value = '' }) => (Key.startsWith('revoked.') ? [[Key, Value]] : [])),
  );
}

/** How many records of the role there are. */
async function records(): Promise<number> {
  const client = aDynamoDbClient(dynamodb.url);
  const { Count: count = 0 } = await client.send(
    new QueryCommand({
      TableName: projectionsTableName(ENVIRONMENT),
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `revocation#${ROLE}` } },
    }),
  );
  client.destroy();
  return count;
}

/** The first moment at which nothing of a lease can be needed. */
const over = () => start + SECONDS + MARGIN;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000', '');

describe('a lease that is taken back', () => {
  it('is denied its next call, and no other lease is', async () => {
    const [one, other] = [await aLease('lh-1'), await aLease('lh-2')];
    await upload(one.issued);
    expect(await revoker.revoke(ROLE, [one.revocation])).toEqual({});
    await expect(upload(one.issued)).rejects.toMatchObject({ name: 'AccessDenied' });
    await upload(other.issued);
    await upload((await aLease('lh-3')).issued);
    expect(await tags()).toEqual({ 'revoked.1': 'lh-1' });
  });

  it('takes one slot, however often', async () => {
    const { revocation } = await aLease('lh-1');
    for (let times = 0; times < 3; times += 1) await revoker.revoke(ROLE, [revocation]);
    expect(await tags()).toEqual({ 'revoked.1': 'lh-1' });
    expect(await records()).toBe(1);
  });

  it('is denied until it has ended, and then forgotten', async () => {
    const { revocation, works } = await aLease('lh-1');
    await revoker.revoke(ROLE, [revocation]);
    for (const now of [start, start + SECONDS - 1, start + SECONDS, over() - 1]) {
      await revoker.prune(now);
      expect(await tags()).toEqual({ 'revoked.1': 'lh-1' });
    }
    expect(works()).toBe(false);
    await revoker.prune(over());
    expect(await tags()).toEqual({});
    expect(await records()).toBe(0);
  });

  it('leaves other tags of the role alone', async () => {
    await administrator().send(new TagRoleCommand({ RoleName: ROLE_NAME, Tags: [{ Key: 'team', Value: 'blue' }] }));
    const { revocation } = await aLease('lh-1');
    await revoker.revoke(ROLE, [revocation]);
    await revoker.prune(over());
    const { Tags: all = [] } = await administrator().send(new ListRoleTagsCommand({ RoleName: ROLE_NAME }));
    expect(all).toContainEqual({ Key: 'team', Value: 'blue' });
  });
});

describe('many leases', () => {
  it('each have a slot of their own, though taken back at once by as many', async () => {
    const leases = await Promise.all(Array.from({ length: REVOKED_SLOTS }, (_, index) => aLease(`lh-${index}`)));
    const answers = await Promise.all(leases.map(({ revocation }) => brokerPorts().revoker.revoke(ROLE, [revocation])));
    expect(answers).toEqual(leases.map(() => ({})));
    expect(Object.values(await tags()).sort()).toEqual(leases.map(({ revocation }) => revocation.lease).sort());
    expect(leases.filter(({ works }) => works())).toEqual([]);
    await upload((await aLease('lh-another')).issued);
  });

  it('are taken back in one call of IAM', async () => {
    const leases = await Promise.all(Array.from({ length: 5 }, (_, index) => aLease(`lh-${index}`)));
    await revoker.revoke(
      ROLE,
      leases.map(({ revocation }) => revocation),
    );
    expect(iam.operations).toEqual(['TagRole']);
    expect(leases.filter(({ works }) => works())).toEqual([]);
  });

  it('shut the role where they do not fit, until the last has ended', async () => {
    const fitting = Array.from({ length: REVOKED_SLOTS }, (_, index) => ({
      lease: `lh-${index}`,
      role: ROLE,
      until: start + 60,
    }));
    expect(await revoker.revoke(ROLE, fitting)).toEqual({});
    const [one, another] = [await aLease('lh-one'), await aLease('lh-another')];
    const until = start + SECONDS;
    expect(await revoker.revoke(ROLE, [one.revocation])).toEqual({ shutUntil: until });
    expect([one.works(), another.works()]).toEqual([false, false]);
    await expect(aLease('lh-new')).rejects.toMatchObject({ name: 'Refused', code: 'AccessDenied' });
    // The slots are free long before; the role stays shut.
    await revoker.prune(start + 60 + MARGIN);
    expect(await tags()).toEqual({ 'revoked.role': iso(until) });
    await revoker.prune(over());
    expect(await tags()).toEqual({});
    await upload((await aLease('lh-new')).issued);
  });

  it('shut the role at once where there are more than slots', async () => {
    const leases = Array.from({ length: REVOKED_SLOTS + 1 }, (_, index) => ({
      lease: `lh-${index}`,
      role: ROLE,
      until: start + index,
    }));
    expect(await revoker.revoke(ROLE, leases)).toEqual({ shutUntil: start + REVOKED_SLOTS });
    expect(await tags()).toEqual({ 'revoked.role': iso(start + REVOKED_SLOTS) });
  });

  it('shut the role where it has as many tags as it can have', async () => {
    const Tags = Array.from({ length: 49 }, (_, index) => ({ Key: `team-${index}`, Value: 'x' }));
    await administrator().send(new TagRoleCommand({ RoleName: ROLE_NAME, Tags }));
    const [one, other] = [await aLease('lh-1'), await aLease('lh-2')];
    expect(await revoker.revoke(ROLE, [one.revocation, other.revocation])).toEqual({ shutUntil: start + SECONDS });
    expect([one.works(), other.works()]).toEqual([false, false]);
  });
});

const DENIED: Fate = {
  status: 403,
  body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code></Error></ErrorResponse>',
};

describe('a role that is shut', () => {
  it('denies every lease and opens no new one, until it has been long enough', async () => {
    const { works } = await aLease('lh-1');
    await revoker.shut(ROLE, start + SECONDS);
    expect(works()).toBe(false);
    await expect(aLease('lh-2')).rejects.toMatchObject({ code: 'AccessDenied' });
    await revoker.prune(over() - 1);
    expect(works()).toBe(false);
    await revoker.prune(over());
    expect(await tags()).toEqual({});
    expect(await records()).toBe(0);
    await aLease('lh-3');
  });

  it('is shut for as long as anybody wanted', async () => {
    await Promise.all([60, 3600, 900].map((seconds) => revoker.shut(ROLE, start + seconds)));
    await revoker.shut(ROLE, start + 10);
    await revoker.prune(start);
    expect(await tags()).toEqual({ 'revoked.role': iso(start + 3600) });
    expect(await revoker.revoke(ROLE, [{ lease: 'lh-1', role: ROLE, until: start + 60 }])).toEqual({
      shutUntil: start + 3600,
    });
  });

  it('is told with what AWS has of it, and with what could not be read', async () => {
    expect(await revoker.standing()).toEqual([]);
    expect(iam.operations).toEqual([]);
    const until = start + SECONDS;
    await revoker.shut(ROLE, until);
    expect(await revoker.standing()).toEqual([{ role: ROLE, until, tag: 'present', policy: 'missing' }]);
    await revoker.deny([{ role: ROLE, until }]);
    await administrator().send(new UntagRoleCommand({ RoleName: ROLE_NAME, TagKeys: ['revoked.role'] }));
    expect(await revoker.standing()).toEqual([{ role: ROLE, until, tag: 'missing', policy: 'present' }]);
    iam.fate = () => DENIED;
    expect(await revoker.standing()).toEqual([{ role: ROLE, until, tag: 'not-read', policy: 'not-read' }]);
  });

  it('stays shut when it is shut anew while it is being opened', async () => {
    await revoker.shut(ROLE, start + 60);
    const again = brokerPorts().revoker;
    let between = true;
    iam.fate = async ({ operation }): Promise<Fate> => {
      if (operation === 'UntagRole' && between) {
        between = false;
        await again.shut(ROLE, start + SECONDS);
      }
      return 'pass';
    };
    await revoker.prune(start + 60 + MARGIN);
    expect(between).toBe(false);
    expect(await tags()).toEqual({ 'revoked.role': iso(start + SECONDS) });
  });
});

describe('whatever fails', () => {
  const busy: Fate = {
    status: 409,
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>ConcurrentModification</Code></Error></ErrorResponse>',
  };

  it('is tried again while IAM is busy with the role', async () => {
    const { revocation, works } = await aLease('lh-1');
    iam.first(busy, busy);
    await revoker.revoke(ROLE, [revocation]);
    expect(works()).toBe(false);
  });

  it('is not taken for done when the tag was not set, and is done by the next pruning', async () => {
    const { revocation, works } = await aLease('lh-1');
    iam.fate = () => 'break';
    await expect(revoker.revoke(ROLE, [revocation])).rejects.toMatchObject({
      name: 'Unavailable',
      call: 'iam:TagRole',
    });
    await expect(revoker.shut(ROLE, start + 60)).rejects.toMatchObject({ name: 'Unavailable' });
    await expect(revoker.prune(start + 1)).rejects.toMatchObject({ name: 'Unavailable' });
    expect(works()).toBe(true);
    iam.fate = () => 'pass';
    await revoker.prune(start + 2);
    expect(works()).toBe(false);
    expect(await tags()).toEqual({ 'revoked.1': 'lh-1', 'revoked.role': iso(start + 60) });
  });

  it('writes no tag that is not on record', async () => {
    const { revocation } = await aLease('lh-1');
    table.fate = () => 'break';
    await expect(revoker.revoke(ROLE, [revocation])).rejects.toMatchObject({ call: 'dynamodb:Query' });
    await expect(revoker.shut(ROLE, start + 60)).rejects.toMatchObject({ call: 'dynamodb:UpdateItem' });
    table.fate = ({ operation }) => (operation === 'PutItem' ? 'break' : 'pass');
    await expect(revoker.revoke(ROLE, [revocation])).rejects.toMatchObject({ call: 'dynamodb:PutItem' });
    expect(await tags()).toEqual({});
  });

  it('takes one slot though the answers are lost', async () => {
    const { revocation } = await aLease('lh-1');
    table.fate = (_, index) => (index % 2 === 0 ? 'lose' : 'pass');
    iam.first('lose');
    await revoker.revoke(ROLE, [revocation]);
    expect(await tags()).toEqual({ 'revoked.1': 'lh-1' });
    table.fate = () => 'pass';
    expect(await records()).toBe(1);
  });

  it('frees a slot once its tag is gone, though the pruning died in between', async () => {
    const { revocation } = await aLease('lh-1');
    await revoker.revoke(ROLE, [revocation]);
    table.fate = ({ operation }) => (operation === 'DeleteItem' ? 'break' : 'pass');
    await expect(revoker.prune(over())).rejects.toMatchObject({ call: 'dynamodb:DeleteItem' });
    expect(await tags()).toEqual({});
    expect(await records()).toBe(1);
    table.fate = () => 'pass';
    // The claim of who died is respected for a minute.
    await revoker.prune(over() + 59);
    expect(await records()).toBe(1);
    await revoker.prune(over() + 60);
    expect(await records()).toBe(0);
  });

  it('gives no deny away that was set while another pruning dawdled', async () => {
    const first = await aLease('lh-1');
    await revoker.revoke(ROLE, [first.revocation]);
    // One pruning has looked, and is held up; meanwhile another is done, and the slot is taken anew.
    const slow = brokerPorts().revoker;
    let between = true;
    iam.fate = async ({ operation }): Promise<Fate> => {
      if (operation === 'ListRoleTags' && between) {
        between = false;
        await revoker.prune(over());
        expect(await tags()).toEqual({});
        await revoker.revoke(ROLE, [{ lease: 'lh-2', role: ROLE, until: over() + SECONDS }]);
      }
      return 'pass';
    };
    await slow.prune(over());
    expect(between).toBe(false);
    expect(await tags()).toEqual({ 'revoked.1': 'lh-2' });
  });

  it('keeps a tag of which nothing is on record for as long as a lease can last', async () => {
    const { works } = await aLease('lh-1');
    const Tags = [
      { Key: 'revoked.7', Value: 'lh-1' },
      { Key: 'revoked.role', Value: iso(start + 60) },
    ];
    await administrator().send(new TagRoleCommand({ RoleName: ROLE_NAME, Tags }));
    await revoker.prune(start);
    expect(await records()).toBe(2);
    // Its slot is taken now.
    for (let lease = 0; lease < 7; lease += 1) {
      await revoker.revoke(ROLE, [{ lease: `lh-other-${lease}`, role: ROLE, until: start + 30 }]);
    }
    expect(await tags()).toMatchObject({ 'revoked.7': 'lh-1', 'revoked.8': 'lh-other-6' });
    await revoker.prune(start + 60 + MARGIN);
    expect(await tags()).toEqual({ 'revoked.7': 'lh-1' });
    expect(works()).toBe(false);
    await revoker.prune(start + 3600 + MARGIN);
    expect(await tags()).toEqual({});
    expect(await records()).toBe(0);
  });

  it.each([8_640_000_000_000, 8_640_000_000_001, Number.MAX_SAFE_INTEGER])(
    'keeps a role shut, and revokes its leases, if its record ends at %d',
    async (until) => {
      const { revocation, works } = await aLease('lh-1');
      await revoker.shut(ROLE, until);
      await revoker.prune(start);
      expect(await revoker.revoke(ROLE, [revocation])).toEqual({ shutUntil: until });
      await revoker.shut(ROLE, start + SECONDS);
      await revoker.prune(over());
      expect(await tags()).toEqual({ 'revoked.role': '+275760-09-13T00:00:00Z' });
      expect(works()).toBe(false);
    },
  );

  it('shuts for an hour by a tag that says no time', async () => {
    await administrator().send(
      new TagRoleCommand({ RoleName: ROLE_NAME, Tags: [{ Key: 'revoked.role', Value: 'for ever' }] }),
    );
    await revoker.prune(start);
    await revoker.prune(start + 3600);
    expect(await tags()).toHaveProperty(['revoked.role']);
    await revoker.prune(start + 3600 + MARGIN);
    expect(await tags()).toEqual({});
  });
});

it('reads the tags of roles and the revocation policy once an hour if nothing is on record', async () => {
  for (let minute = 0; minute < 120; minute += 1) await revoker.prune(start + minute * 60);
  const once = ['ListRoleTags', 'ListPolicyVersions', 'GetPolicyVersion'];
  expect(iam.operations).toEqual([...once, ...once]);
});

it('knows the roles that the broker opens, and no others', async () => {
  const revocation = { lease: 'lh-1', role: 'other', until: start };
  await expect(revoker.revoke('other', [revocation])).rejects.toThrow(RangeError);
  await expect(revoker.shut('constructor', start)).rejects.toThrow(RangeError);
  expect([...iam.seen, ...table.seen]).toEqual([]);
});

it('does nothing about no leases', async () => {
  expect(await revoker.revoke(ROLE, [])).toEqual({});
  expect(table.seen).toEqual([]);
});
