/** AssumeRoleWithWebIdentity, with tokens of an issuer that the sandbox plays. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Cast } from './support/cast';
import { form, send } from './support/wire';

const ISSUER = 'oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLE';
const SUBJECT = 'system:serviceaccount:agents:hermes';
const ROLE = 'arn:aws:iam::123456789012:role/leasehold/t-dev/t-dev-web';

let cast: Cast;

beforeEach(async () => {
  cast = await Cast.enter();
});
afterEach(() => cast.leave());

async function trade(token: string, changes: Readonly<Record<string, string>> = {}) {
  const { status, code, message } = await send(cast.sandbox, {
    service: 'sts',
    keys: null,
    ...form({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: ROLE,
      RoleSessionName: 'pod-1',
      WebIdentityToken: token,
      ...changes,
    }),
  });
  return { status, code, message };
}

const aToken = (changes: object = {}) =>
  cast.sandbox.webIdentityToken({ issuer: ISSUER, subject: SUBJECT, ...changes });

it('trades a token for a session, with the SDK', async () => {
  const sts = new STSClient({ endpoint: cast.sandbox.url, region: 'ap-northeast-2' });
  const { Credentials, Provider, SubjectFromWebIdentityToken } = await sts.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn: ROLE, RoleSessionName: 'pod-1', WebIdentityToken: aToken() }),
  );
  expect([Provider, SubjectFromWebIdentityToken]).toEqual([
    `arn:aws:iam::123456789012:oidc-provider/${ISSUER}`,
    SUBJECT,
  ]);
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const session = new STSClient({ endpoint: cast.sandbox.url, region: 'ap-northeast-2', credentials });
  const { Arn } = await session.send(new GetCallerIdentityCommand());
  expect(Arn).toBe('arn:aws:sts::123456789012:assumed-role/t-dev-web/pod-1');
});

describe('is refused', () => {
  it.each([
    ['another subject', { subject: 'system:serviceaccount:agents:other' }, 403, 'AccessDenied'],
    ['another audience', { audience: 'else.example.com' }, 400, 'InvalidIdentityToken'],
    ['an issuer that the account does not trust', { issuer: 'accounts.example.com' }, 400, 'InvalidIdentityToken'],
    ['an expired token', { expiresIn: -1 }, 400, 'ExpiredTokenException'],
  ])('with %s', async (_, changes, status, code) => {
    expect(await trade(aToken(changes))).toMatchObject({ status, code });
  });

  it('with a token that expired since', async () => {
    const token = aToken();
    cast.sandbox.clock.advance(301);
    expect(await trade(token)).toMatchObject({ status: 400, code: 'ExpiredTokenException' });
  });

  it.each([
    ['no token', ''],
    ['no JWT', 'not-a-token'],
    ['three dots', 'a.b.c'],
  ])('with %s', async (_, token) => {
    expect((await trade(token)).status).toBe(400);
  });

  it('with a token that somebody else signed, or nobody', async () => {
    const [head = '', body = ''] = aToken().split('.');
    const text = Buffer.from(`${head}.${body}`);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const shared = Buffer.from('{"alg":"HS256"}').toString('base64url');
    const publicKey = JSON.stringify(cast.sandbox.jwks.keys[0]);
    const forged = [
      `${head}.${body}.${sign('sha256', text, privateKey).toString('base64url')}`,
      `${head}.${body}.`,
      `${none}.${body}.`,
      `${shared}.${body}.${createHmac('sha256', publicKey).update(`${shared}.${body}`).digest('base64url')}`,
    ];
    for (const token of forged) expect(await trade(token)).toMatchObject({ status: 400, code: 'InvalidIdentityToken' });
  });

  it('with claims that were changed', async () => {
    const [head = '', body = '', signature = ''] = aToken({ subject: 'someone' }).split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: SUBJECT })).toString('base64url');
    expect(await trade(`${head}.${changed}.${signature}`)).toMatchObject({ code: 'InvalidIdentityToken' });
  });

  it('for a role that trusts nobody of the kind', async () => {
    const task = 'arn:aws:iam::123456789012:role/leasehold/t-dev/t-dev-open';
    expect(await trade(aToken(), { RoleArn: task })).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  it('for longer than the role allows', async () => {
    expect(await trade(aToken(), { DurationSeconds: '3601' })).toMatchObject({ status: 400, code: 'ValidationError' });
  });
});

it('is the only call that nobody signs', async () => {
  for (const action of ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken', 'AssumeRoleWithSAML']) {
    const call = form({ Action: action, Version: '2011-06-15', RoleArn: ROLE, RoleSessionName: 'pod-1' });
    const { status } = await send(cast.sandbox, { service: 'sts', keys: null, ...call });
    expect([action, status]).toEqual([action, 403]);
  }
});

it('leaves who it was in the log, and not the token', async () => {
  const token = aToken();
  await trade(token);
  expect(cast.sandbox.log.last).toMatchObject({
    eventName: 'AssumeRoleWithWebIdentity',
    userIdentity: { type: 'WebIdentityUser', userName: SUBJECT },
    verdict: 'allowed',
  });
  expect(JSON.stringify(cast.sandbox.log.events)).not.toContain(token.split('.')[2]);
});
