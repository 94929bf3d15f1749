/** Actions that a human approves call by call, through the proxy and around it, against the sandbox. */
import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { manifest } from '@leasehold/documents';
import { type ApprovalChannel, type Lease, LeaseError } from '@leasehold/runtime';
import { apart, ONE_CALL } from '@leasehold/runtime/internal';
import { CallApprovals } from '../../../lib/cli/proxy/call-approvals';
import type { Environment } from '../../../lib/definitions/model';
import { load } from '../../definitions/support';
import { Desk, REQUEST } from '../../runtime/support/desk';
import { removeFolders } from '../support';
import { Proxied } from './support/proxied';

const Bucket = 'hermes-dev-deploy';
const TABLE = 'arn:aws:dynamodb:eu-west-1:123456789012:table/releases';
const { definitions, findings } = load({
  'all.yaml': `kind: Project
name: hermes
environments: { dev: { account: "123456789012", region: eu-west-1 } }
agents: { agent: { identity: { type: iam-user } } }
approvers: [lead, oncall]
---
kind: Role
name: s3-deploy
purpose: Upload a release, and remove files of it one by one.
access: delete
gate: mfa
companions: dynamodb
parameters:
  release: { description: Release folder, pattern: "[a-z0-9][a-z0-9.-]{0,62}" }
allow:
  - actions: [s3:PutObject, s3:GetObject, s3:DeleteObject, s3:DeleteObjectVersion]
    resources: "arn:aws:s3:::${Bucket}/\${param.release}/*"
sensitive: [{ action: s3:GetObject, because: One. }]
perCall: [s3:DeleteObject, s3:DeleteObjectVersion]
---
kind: Role
name: items
purpose: Remove items of the table of releases one by one.
access: delete
gate: mfa
allow:
  - { actions: dynamodb:DeleteItem, resources: "${TABLE}" }
perCall: dynamodb:DeleteItem
`,
});
const [environment] = definitions?.environments ?? [];
if (environment === undefined || findings.length > 0) throw new Error(JSON.stringify(findings));

let desk: Desk;
let lease: Lease;
let proxied: Proxied;
/** How the human answers the questions about calls. */
let answer: ApprovalChannel;
beforeEach(async () => {
  desk = await Desk.open(environment as Environment);
  answer = desk.yes;
});
afterEach(async () => {
  await proxied?.proxy.close();
  await desk.close();
  removeFolders();
});

async function open(role = 's3-deploy', answerWithin = 300): Promise<void> {
  const { parameters, reason } = REQUEST;
  const client = desk.client({ approval: (...asked) => answer(...asked), answerWithin });
  lease = await client.lease(role, { reason, parameters: role === 'items' ? {} : parameters });
  desk.asked.length = 0;
  const { roles } = client.manifest;
  const approvals = new CallApprovals({
    role: roles[role] ?? {},
    callRole: roles[`${role}-call`],
    parameters: lease.grant.parameters,
    apart: () => apart(client),
    request: () => ({ reason }),
  });
  proxied = await Proxied.open(lease, desk.sandbox.url, () => desk.sandbox.clock.now(), approvals);
}

const s3 = () => new S3Client(proxied.settings());
const remove = (Key: string, signal?: AbortSignal) =>
  s3().send(new DeleteObjectCommand({ Bucket, Key }), signal === undefined ? {} : { abortSignal: signal });
const questions = () => desk.asked.map(({ role, permissions }) => [role, ...permissions]);
const question = (Key: string) => [
  's3-deploy-call',
  { effect: 'Allow', actions: ['s3:DeleteObject'], resources: [`arn:aws:s3:::${Bucket}/${Key}`], conditions: {} },
];
/** What the sandbox decided about deletes, by the session that called. */
const decided = () =>
  desk.sandbox.log.events
    .filter(({ eventName }) => eventName === 'DeleteObject')
    .map(({ verdict, userIdentity: { arn } }) => [
      verdict,
      /role\/(\S+?)\/lh-|assumed-role\/(\S+?)\//.exec(arn ?? '')?.[2],
    ]);

it('each call is asked about, with its exact action and resource, and no answer is remembered', async () => {
  await open();
  await remove('1.4.2/app.js');
  await remove('1.4.2/app.js');
  await remove('1.4.2/other + ü.js').catch(() => {});
  await remove('1.4.2/other.js');
  expect(questions()).toEqual(['1.4.2/app.js', '1.4.2/app.js', '1.4.2/other.js'].map(question));
  expect(decided()).toEqual(Array(3).fill(['allowed', 'hermes-dev-s3-deploy-call']));
  expect(new Set(desk.asked.map(({ id }) => id)).size).toBe(3);
});

it('the log names the lease of the call', async () => {
  await open();
  await remove('1.4.2/app.js');
  const [line] = proxied.lines;
  expect(line).toMatchObject({
    eventName: 'DeleteObject',
    additionalEventData: { lease: desk.asked[0]?.id, role: 's3-deploy-call', approved: true, forwarded: true },
  });
  expect(line?.userIdentity.accessKeyId).not.toBe((await lease.credentials()).accessKeyId);
});

it('other calls are made with the lease, without a question', async () => {
  await open();
  await s3().send(new PutObjectCommand({ Bucket, Key: '1.4.2/app.js', Body: 'x' }));
  expect(desk.asked).toEqual([]);
  expect(proxied.lines).toMatchObject([{ additionalEventData: { lease: lease.id, forwarded: true } }]);
  expect(proxied.lines[0]?.additionalEventData).not.toHaveProperty('approved');
});

it.each<[string, string, () => ApprovalChannel]>([
  ['denied', 'denied', () => () => Promise.reject(new LeaseError('denied', 'lead said no', 'Stop.', false))],
  ['not answered in time', 'lapsed', () => () => new Promise(() => {})],
])('a call that is %s is denied in the format of the service, and AWS does not get it', async (_, code, channel) => {
  await open('s3-deploy', 1);
  answer = channel();
  await expect(remove('1.4.2/app.js')).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
    message: expect.stringContaining(`[${code}]`),
  });
  expect(decided()).toEqual([]);
  expect(proxied.lines).toMatchObject([
    {
      eventName: 'DeleteObject',
      errorCode: 'AccessDenied',
      errorMessage: expect.stringContaining(`[${code}]`),
      resources: [{ ARN: `arn:aws:s3:::${Bucket}/1.4.2/app.js` }],
      additionalEventData: { lease: lease.id, approved: false, forwarded: false },
    },
  ]);
});

it('a denial is AccessDeniedException in the protocol of DynamoDB', async () => {
  await open('items');
  const dynamodb = new DynamoDBClient(proxied.settings());
  const item = new DeleteItemCommand({ TableName: 'releases', Key: { id: { S: '1.4.2' } } });
  await dynamodb.send(item);
  expect(questions()).toMatchObject([['items-call', { actions: ['dynamodb:DeleteItem'], resources: [TABLE] }]]);
  answer = () => Promise.reject(new LeaseError('denied', 'lead said no', 'Stop.', false));
  await expect(dynamodb.send(item)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

it.each<[string, () => Promise<unknown>]>([
  ['outside the role', () => remove('1.4.3/app.js')],
  ['with characters that no approval can name', () => remove('1.4.2/app*.js')],
  [
    'on several resources',
    () =>
      s3().send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: '1.4.2/a.js' }, { Key: '1.4.2/b.js' }] } }),
      ),
  ],
])('nobody is asked about a call %s', async (_, call) => {
  await open();
  await expect(call()).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(desk.asked).toEqual([]);
  expect(desk.sandbox.log.events.filter(({ eventName }) => eventName.startsWith('Delete'))).toEqual([]);
  expect(proxied.lines).toMatchObject([{ additionalEventData: { approved: false, forwarded: false } }]);
});

it('a call that needs none of the actions is not asked about, however many permissions it needs', async () => {
  await open();
  const CopySource = `${Bucket}/1.4.2/app.js`;
  await s3()
    .send(new CopyObjectCommand({ Bucket, Key: '1.4.2/copy.js', CopySource }))
    .catch(() => {});
  expect(desk.asked).toEqual([]);
});

it('questions are asked one after the other, and identical calls are not combined', async () => {
  await open();
  let open_ = 0;
  answer = async (...asked) => {
    open_++;
    expect(open_).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    open_--;
    return desk.yes(...asked);
  };
  await Promise.all([remove('1.4.2/app.js'), remove('1.4.2/app.js'), remove('1.4.2/b.js')]);
  expect(desk.asked).toHaveLength(3);
});

it('the question is taken back when the client ends its connection', async () => {
  await open();
  const gone = new AbortController();
  const takenBack = new Promise<void>((resolve) => {
    answer = (_, { signal }) => {
      signal.addEventListener('abort', () => resolve());
      gone.abort();
      return new Promise(() => {});
    };
  });
  await expect(remove('1.4.2/app.js', gone.signal)).rejects.toMatchObject({ name: 'AbortError' });
  await takenBack;
  expect(decided()).toEqual([]);
  await proxied.proxy.close();
  // Nobody denied the call.
  expect(proxied.lines).toMatchObject([{ errorCode: 'ClientDisconnected', additionalEventData: { forwarded: false } }]);
  expect(proxied.lines[0]?.additionalEventData).not.toHaveProperty('approved');
});

it('a call that is approved after the end of the lease is not made', async () => {
  await open();
  answer = (...asked) => {
    desk.sandbox.clock.advance(901);
    return desk.yes(...asked);
  };
  await expect(remove('1.4.2/app.js')).rejects.toMatchObject({ name: 'ExpiredToken' });
  expect(decided()).toEqual([]);
});

describe('around the proxy', () => {
  const direct = (of: Lease) =>
    new S3Client({
      endpoint: desk.sandbox.url,
      region: 'eu-west-1',
      credentials: of.credentials,
      forcePathStyle: true,
    });

  it('AWS denies the action to the lease of the role', async () => {
    await open();
    const call = new DeleteObjectCommand({ Bucket, Key: '1.4.2/app.js' });
    await expect(direct(lease).send(call)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('explicit deny'),
    });
    await direct(lease).send(new PutObjectCommand({ Bucket, Key: '1.4.2/app.js', Body: 'x' }));
  });

  it('AWS permits nothing else to the lease for one call', async () => {
    await open();
    const client = desk.client();
    const parameters = { ...REQUEST.parameters, call: 'app.js' };
    const asked = { reason: REQUEST.reason, parameters, narrow: { actions: ['s3:DeleteObject'] }, [ONE_CALL]: true };
    const one = await client.lease('s3-deploy-call', asked);
    await direct(one).send(new DeleteObjectCommand({ Bucket, Key: '1.4.2/app.js' }));
    for (const call of [
      new DeleteObjectCommand({ Bucket, Key: '1.4.2/app.js.map' }),
      new DeleteObjectCommand({ Bucket, Key: '1.4.3/app.js' }),
    ]) {
      await expect(direct(one).send(call)).rejects.toMatchObject({ name: 'AccessDenied' });
    }
    const put = new PutObjectCommand({ Bucket, Key: '1.4.2/app.js', Body: 'x' });
    await expect(direct(one).send(put)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('the runtime requests no lease for one call', async () => {
    await open();
    const parameters = { ...REQUEST.parameters, call: 'app.js' };
    await expect(desk.client().lease('s3-deploy-call', { reason: REQUEST.reason, parameters })).rejects.toMatchObject({
      code: 'invalid-request',
      hint: expect.stringContaining('leasehold proxy s3-deploy'),
    });
    expect(desk.asked).toEqual([]);
  });
});

it('the manifest tells the proxy what to ask about', () => {
  const { roles } = manifest(environment);
  expect(roles['s3-deploy']?.perCall).toEqual({
    role: 's3-deploy-call',
    actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
    resource: `arn:aws:s3:::${Bucket}/\${aws:PrincipalTag/param.release}/\${aws:PrincipalTag/param.call}`,
  });
  expect(roles['s3-deploy-call']?.callOf).toBe('s3-deploy');
});
