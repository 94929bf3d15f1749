/** The log says who did what on whose say-so, and nothing that could be used again. */
import fs, { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { type Event, EventLog, startSandbox } from '@leasehold/sandbox';
import { MOST_EVENTS } from '../../lib/sandbox/log';
import { LogFile } from '../../lib/sandbox/log-file';
import { ACCOUNT, Cast, keysIn, LEASE } from './support/cast';
import { plain } from './support/sandbox';
import { send } from './support/wire';

let cast: Cast;

beforeEach(async () => {
  cast = await Cast.enter({ source: { stacks: [ACCOUNT] } });
});
afterEach(() => cast.leave());

it('has a lease as CloudTrail has it', async () => {
  await cast.call('sts', cast.fill(LEASE), await cast.keys('alice'));
  expect(cast.sandbox.log.last).toEqual({
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      arn: 'arn:aws:iam::123456789012:user/agents/t-dev-alice',
      accountId: '123456789012',
      accessKeyId: cast.sandbox.keys.accessKeyId,
      userName: 't-dev-alice',
    },
    eventTime: expect.stringMatching(/^2027-01-01T00:0[2-4]:\d\dZ$/),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: 'ap-northeast-2',
    sourceIPAddress: '127.0.0.1',
    userAgent: expect.stringMatching(/^aws-sdk-js\//),
    requestParameters: {
      roleArn: 'arn:aws:iam::123456789012:role/leasehold/t-dev/t-dev-task',
      roleSessionName: 'lh-9',
      durationSeconds: 900,
      sourceIdentity: 't-dev-alice',
      serialNumber: 'arn:aws:iam::123456789012:mfa/alice',
      tags: [
        { key: 'lease-id', value: 'lh-9' },
        { key: 'reason', value: 'Deploy build 1.4.2' },
        { key: 'param.release', value: '1.4.2' },
      ],
    },
    responseElements: {
      credentials: {
        accessKeyId: expect.stringMatching(/^ASIA/),
        expiration: expect.stringMatching(/^2027-01-01T00:1[7-9]:\d\d\.000Z$/),
      },
      assumedRoleUser: {
        assumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:lh-9$/),
        arn: 'arn:aws:sts::123456789012:assumed-role/t-dev-task/lh-9',
      },
      packedPolicySize: expect.any(Number),
      sourceIdentity: 't-dev-alice',
    },
    requestID: expect.any(String),
    eventID: expect.any(String),
    eventType: 'AwsApiCall',
    recipientAccountId: '123456789012',
    verdict: 'allowed',
    decisions: [
      {
        outcome: 'allowed',
        action: 'sts:AssumeRole',
        resource: expect.any(String),
        statement: { policy: 'the trust policy', index: 0, sid: 'LeaseByMfa' },
        because: 'LeaseByMfa of the trust policy allows it.',
      },
      {
        outcome: 'allowed',
        action: 'sts:TagSession',
        resource: expect.any(String),
        statement: {
          policy: 'arn:aws:iam::123456789012:policy/leasehold/t-dev/t-dev-alice-ask-1',
          index: 0,
          sid: 'Ask',
        },
        because: expect.any(String),
      },
      {
        outcome: 'allowed',
        action: 'sts:SetSourceIdentity',
        resource: expect.any(String),
        statement: expect.anything(),
        because: expect.any(String),
      },
    ],
  });
});

it('has a denial with its code, its sentence and what decided it', async () => {
  await cast.call('iam', { Action: 'CreateAccessKey' }, await cast.keys('alice'));
  expect(cast.sandbox.log.last).toMatchObject({
    eventName: 'CreateAccessKey',
    errorCode: 'AccessDenied',
    errorMessage: expect.stringContaining('with an explicit deny in a permissions boundary'),
    responseElements: null,
    verdict: 'denied',
    decisions: [
      { outcome: 'explicitly denied', statement: { policy: 'the permissions boundary', sid: 'NothingButAsk' } },
    ],
  });
});

it("has a session's caller with its role, tags' owner and source identity", async () => {
  const { text } = await cast.call('sts', cast.fill(LEASE), await cast.keys('alice'));
  await send(cast.sandbox, { service: 's3', method: 'PUT', path: '/deploy/1.4.2/a', keys: keysIn(text) });
  expect(cast.sandbox.log.last).toMatchObject({
    eventName: 'PutObject',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::123456789012:assumed-role/t-dev-task/lh-9',
      sessionContext: {
        sessionIssuer: { type: 'Role', userName: 't-dev-task' },
        attributes: { creationDate: expect.stringMatching(/^2027-01-01T00:0[2-4]:\d\dZ$/), mfaAuthenticated: 'false' },
        sourceIdentity: 't-dev-alice',
      },
    },
  });
});

it('holds no secret, and neither does anything that is printed', async () => {
  const code = cast.code('alice');
  const { text } = await cast.call('sts', cast.fill(LEASE), await cast.keys('alice'));
  const lease = keysIn(text);
  const admin = plain(cast.sandbox.administrator);
  const made = await cast.call('iam', { Action: 'CreateVirtualMFADevice', VirtualMFADeviceName: 'x' }, admin);
  const key = await cast.call('iam', { Action: 'CreateAccessKey', UserName: 't-dev-bob' }, admin);
  await cast.call(
    'iam',
    cast.fill({
      Action: 'EnableMFADevice',
      SerialNumber: '{free-serial}',
      AuthenticationCode1: '123456',
      AuthenticationCode2: '654321',
    }),
    admin,
  );
  const secrets = [
    code,
    '654321',
    lease.secretAccessKey,
    lease.sessionToken ?? '',
    cast.sandbox.keys.secretAccessKey,
    admin.secretAccessKey,
    /<Base32StringSeed>([^<]+)</.exec(made.text)?.[1] ?? '',
    /<SecretAccessKey>([^<]+)</.exec(key.text)?.[1] ?? '',
  ];
  expect(secrets.every((secret) => secret.length >= 6)).toBe(true);
  const { sandbox } = cast;
  const device = sandbox.enrolMfaDevice();
  const everything = [sandbox, sandbox.log, sandbox.keys, sandbox.administrator, device].flatMap((thing) => [
    inspect(thing, { depth: 9, showHidden: true }),
    JSON.stringify(thing),
    String(thing),
  ]);
  const shown = [...everything, JSON.stringify(sandbox.log.events), inspect(sandbox.log.events, { depth: 9 })].join(
    '\n',
  );
  for (const secret of secrets) expect(shown).not.toContain(secret);
});

it('goes to a file, line by line, for its owner alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-log-'));
  const logFile = join(folder, 'calls.jsonl');
  const sandbox = await startSandbox({ source: { stacks: [ACCOUNT] }, user: 't-dev-alice', logFile });
  await send(sandbox, {
    service: 'sts',
    query: 'Action=GetCallerIdentity&Version=2011-06-15',
    method: 'GET',
    keys: sandbox.keys,
  });
  await send(sandbox, {
    service: 'sts',
    query: 'Action=GetCallerIdentity&Version=2011-06-15',
    method: 'GET',
    keys: null,
  });
  await sandbox.stop();
  const lines = readFileSync(logFile, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ eventName, verdict }) => [eventName, verdict])).toEqual([
    ['GetCallerIdentity', 'allowed'],
    ['Unknown', 'refused'],
  ]);
  expect(statSync(logFile).mode & 0o077).toBe(0);
  rmSync(folder, { recursive: true });
});

it('says at the end when it could not be written', async () => {
  const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('no space left')) });
  jest.spyOn(fs, 'createWriteStream').mockReturnValueOnce(full as fs.WriteStream);
  const log = new EventLog();
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-log-'));
  const file = new LogFile(join(folder, 'calls.jsonl'), log);
  rmSync(folder, { recursive: true });
  log.append({ ...cast.sandbox.log.last } as Event);
  await expect(file.close()).rejects.toThrow('could not be written completely');
});

it('tells every event to who listens, until they stop', async () => {
  const names: string[] = [];
  const stop = cast.sandbox.log.subscribe(({ eventName }) => names.push(eventName));
  const keys = await cast.keys('alice');
  await cast.call('sts', { Action: 'GetCallerIdentity' }, keys);
  stop();
  await cast.call('sts', { Action: 'GetCallerIdentity' }, keys);
  expect(names).toEqual(['GetCallerIdentity']);
  cast.sandbox.log.clear();
  expect([...cast.sandbox.log]).toEqual([]);
});

it('forgets the oldest events, and so does not grow', () => {
  const log = new EventLog();
  const event = cast.sandbox.log.last;
  if (!event) throw new Error('no event');
  for (let index = 0; index < MOST_EVENTS * 3; index++) log.append({ ...event, eventID: String(index) });
  expect(log.events.length).toBeLessThanOrEqual(MOST_EVENTS * 2);
  expect(log.last?.eventID).toBe(String(MOST_EVENTS * 3 - 1));
});
