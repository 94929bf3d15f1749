/** What a session may do, and for how long. */
import { Sessions } from '../../lib/sandbox/credentials/sessions';
import { Cast, keysIn, LEASE, type QueryCall } from './support/cast';
import { type Keys, send } from './support/wire';

let cast: Cast;

beforeEach(async () => {
  cast = await Cast.enter({
    source: { stacks: [require.resolve('../cases/sandbox/account.tf.json')] },
  });
});
afterEach(() => cast.leave());

async function open(changes: QueryCall = {}): Promise<Keys> {
  const { text } = await cast.call(
    'sts',
    cast.fill({ Action: 'AssumeRole', RoleArn: '{open}', RoleSessionName: 'opened', ...changes }),
    await cast.keys('alice'),
  );
  return keysIn(text);
}

async function status(keys: Keys, method: string, path: string): Promise<string> {
  const { status: code, message } = await send(cast.sandbox, { service: 's3', method, path, keys });
  return code === 200 ? 'allowed' : (message?.replace(/^.*(because|with) /, '') ?? String(code));
}

const READ_ONE = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::deploy/one' }],
});

it('a session policy narrows', async () => {
  const keys = await open({ Policy: READ_ONE });
  expect(await status(keys, 'GET', '/deploy/one')).toBe('allowed');
  expect(await status(keys, 'GET', '/deploy/two')).toBe('no session policy allows the s3:GetObject action');
});

it('a session policy never widens', async () => {
  const keys = await open({
    Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  });
  expect(await status(keys, 'DELETE', '/deploy/one')).toBe(
    'no identity-based policy allows the s3:DeleteObject action',
  );
});

it('an explicit deny in a session policy wins', async () => {
  const deny =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}]}';
  expect(await status(await open({ Policy: deny }), 'GET', '/deploy/one')).toBe('an explicit deny in a session policy');
});

it('a managed policy passed as session policy narrows', async () => {
  const keys = await open({ PolicyArns: ['arn:aws:iam::123456789012:policy/leasehold/t-dev/t-dev-read-deploy'] });
  expect(await status(keys, 'GET', '/deploy/one')).toBe('allowed');
  expect(await status(keys, 'PUT', '/deploy/one')).toBe('no session policy allows the s3:PutObject action');
});

describe('GetScopedCredentials', () => {
  const scoped = async (keys: Keys, parameters: QueryCall) => {
    const { text } = await cast.call('sts', { Action: 'GetScopedCredentials', ...parameters }, keys);
    return keysIn(text);
  };
  const nothingOf = (key: string) =>
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","sts:GetScopedCredentials"],"Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::deploy/1.4.2/${key}"}]}`;

  it('narrows, and narrows again', async () => {
    const once = await scoped(await cast.keys('lease'), { Policy: nothingOf('a') });
    const twice = await scoped(once, { Policy: nothingOf('b') });
    expect(await status(once, 'PUT', '/deploy/1.4.2/a')).toBe('an explicit deny in a session policy');
    expect(await status(once, 'PUT', '/deploy/1.4.2/b')).toBe('allowed');
    expect(await status(twice, 'PUT', '/deploy/1.4.2/a')).toBe('an explicit deny in a session policy');
    expect(await status(twice, 'PUT', '/deploy/1.4.2/b')).toBe('an explicit deny in a session policy');
    expect(await status(twice, 'PUT', '/deploy/1.4.2/c')).toBe('allowed');
  });

  it('has at most three policies', async () => {
    let keys = await cast.keys('lease');
    for (const key of ['a', 'b', 'c']) keys = await scoped(keys, { Policy: nothingOf(key) });
    const fourth = await cast.call('sts', { Action: 'GetScopedCredentials', Policy: nothingOf('d') }, keys);
    expect([fourth.status, fourth.code]).toEqual([403, 'AccessDenied']);
    // Time can still be taken away.
    expect(await status(await scoped(keys, { DurationSeconds: '60' }), 'PUT', '/deploy/1.4.2/d')).toBe('allowed');
  });

  it("narrows a user's session from GetSessionToken", async () => {
    const { text } = await cast.call('sts', { Action: 'GetSessionToken' }, await cast.keys('administrator'));
    const keys = await scoped(keysIn(text), { DurationSeconds: '60' });
    const who = await cast.call('sts', { Action: 'GetCallerIdentity' }, keys);
    expect(who.text).toContain(':user/');
    cast.sandbox.clock.advance(61);
    expect((await cast.call('sts', { Action: 'GetCallerIdentity' }, keys)).code).toBe('ExpiredToken');
  });

  it('ends after the seconds asked, and otherwise with the session', async () => {
    const lease = await cast.keys('lease');
    const short = await scoped(lease, { DurationSeconds: '60' });
    const long = await scoped(lease, { Policy: nothingOf('b') });
    cast.sandbox.clock.advance(61);
    expect(await status(short, 'PUT', '/deploy/1.4.2/a')).toBe('The provided token has expired.');
    expect(await status(long, 'PUT', '/deploy/1.4.2/a')).toBe('allowed');
    cast.sandbox.clock.advance(900);
    expect(await status(long, 'PUT', '/deploy/1.4.2/a')).toBe('The provided token has expired.');
  });

  it('keeps name and tags', async () => {
    const keys = await scoped(await cast.keys('lease'), { DurationSeconds: '60' });
    const { text } = await cast.call('sts', { Action: 'GetCallerIdentity' }, keys);
    expect(text).toContain('assumed-role/t-dev-task/lh-9');
    expect(await status(keys, 'PUT', '/deploy/1.4.2/a')).toBe('allowed');
  });
});

it('a lease ends after its duration', async () => {
  const { text } = await cast.call('sts', cast.fill(LEASE), await cast.keys('alice'));
  const keys = keysIn(text);
  cast.sandbox.clock.advance(880);
  expect(await status(keys, 'PUT', '/deploy/1.4.2/a')).toBe('allowed');
  cast.sandbox.clock.advance(20);
  expect(await status(keys, 'PUT', '/deploy/1.4.2/a')).toBe('The provided token has expired.');
});

it('a token of another sandbox opens nothing', async () => {
  const other = await Cast.enter();
  const keys = await other.keys('open');
  await other.leave();
  const { code } = await cast.call('sts', { Action: 'GetCallerIdentity' }, keys);
  expect(code).toBe('InvalidClientTokenId');
});

it('a token holds nothing that can be read', async () => {
  const { sessionToken = '' } = await cast.keys('lease');
  const bytes = Buffer.from(sessionToken, 'base64');
  expect(bytes.toString('latin1')).not.toMatch(/lh-9|t-dev|release|Deploy/);
  expect(bytes.subarray(0, 6).toString('base64')).toBe('IQoJb3Jp');
});

it('sessions leave nothing behind, however many are made', () => {
  const sessions = new Sessions();
  const issue = () =>
    sessions.issue({
      account: '123456789012',
      issuedAt: 0,
      expiresAt: 900,
      of: 'role',
      principalId: 'AROA',
      principalName: 'r',
      sessionName: 's',
    });
  const first = issue();
  for (let index = 0; index < 20_000; index++) issue();
  expect(sessions.open(first.accessKeyId, first.sessionToken ?? '')?.sessionName).toBe('s');
  expect(JSON.stringify(sessions)).toBe('{}');
});
