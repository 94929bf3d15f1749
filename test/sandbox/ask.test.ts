/** Asking STS over the wire: once, with AWS's own words for a refusal, and with nothing made up where there is no answer. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { SandboxError } from '@leasehold/sandbox';
import { askForLease, StsRefusal } from '../../lib/sandbox/ask';
import { signedCall } from '../../lib/sandbox/sigv4/signed-call';
import { aSandbox, ROLE_ARN } from './support/sandbox';

let server: Server;
let status: number;
let answer: string | undefined;
let asked: URLSearchParams[];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push(new URLSearchParams(body));
    if (answer === undefined) request.socket.destroy();
    else response.writeHead(status, { 'content-type': 'text/xml' }).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  asked = [];
});
afterAll(() => server.close());

const SECRET = 'wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEY1';
const PARTS = {
  AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  SecretAccessKey: SECRET,
  SessionToken: 'IQoJb3JpZ2lu',
  Expiration: '2027-01-01T00:15:00Z',
};
const issued = (parts: Partial<typeof PARTS>) =>
  `<AssumeRoleResponse><AssumeRoleResult><Credentials>${Object.entries(parts)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</Credentials></AssumeRoleResult></AssumeRoleResponse>`;
const refusal = (code: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>No &lt;way&gt;. </Message></Error></ErrorResponse>`;

const ask = () =>
  askForLease({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
    userName: 'hermes-dev-agent',
    roleArn: ROLE_ARN,
    id: 'lh-1',
    reason: 'Upload build 1.4.2 + notes',
    parameters: { release: '1.4.2' },
    seconds: 900,
    mfa: { serialNumber: 'arn:aws:iam::123456789012:mfa/oncall', code: '012345' },
  });

/** The error of a request, which was sent once. */
async function failure(): Promise<Error> {
  const error = await ask().then(
    () => new Error('it was granted'),
    (cause: Error) => cause,
  );
  expect(asked).toHaveLength(1);
  return error;
}

it('sends all that a trust policy asks for, and returns what was issued', async () => {
  status = 200;
  answer = issued(PARTS);
  expect({ ...(await ask()) }).toEqual({
    accessKeyId: PARTS.AccessKeyId,
    secretAccessKey: PARTS.SecretAccessKey,
    sessionToken: PARTS.SessionToken,
    expiration: new Date(PARTS.Expiration),
  });
  expect(asked.map((form) => Object.fromEntries(form))).toEqual([
    {
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: ROLE_ARN,
      RoleSessionName: 'lh-1',
      SourceIdentity: 'hermes-dev-agent',
      DurationSeconds: '900',
      SerialNumber: 'arn:aws:iam::123456789012:mfa/oncall',
      TokenCode: '012345',
      'Tags.member.1.Key': 'lease-id',
      'Tags.member.1.Value': 'lh-1',
      'Tags.member.2.Key': 'reason',
      'Tags.member.2.Value': 'Upload build 1.4.2 + notes',
      'Tags.member.3.Key': 'param.release',
      'Tags.member.3.Value': '1.4.2',
    },
  ]);
});

it.each([
  [403, 'AccessDenied'],
  [400, 'PackedPolicyTooLarge'],
  [400, 'Throttling'],
  [500, 'InternalFailure'],
  [503, 'ServiceUnavailable'],
])('has the words of a refusal (%i %s), and does not ask again', async (code, name) => {
  status = code;
  answer = refusal(name);
  const error = await failure();
  expect(error).toBeInstanceOf(StsRefusal);
  expect(error).toMatchObject({ code: name, sentence: 'No <way>.' });
  expect(error.message).toBe(`The lease was refused: ${name}: No <way>.`);
});

it.each<[string, number, string | undefined]>([
  ['an answer without credentials', 200, issued({})],
  ['half of the credentials', 200, issued({ ...PARTS, SessionToken: '' })],
  ['credentials without an end', 200, issued({ ...PARTS, Expiration: 'soon' })],
  ['an answer that is cut off', 200, issued(PARTS).slice(0, 220)],
  ['no text', 200, ''],
  ['a page of another program', 200, '<html><body>It works</body></html>'],
  ['a redirect', 302, ''],
  ['an error that is no XML', 500, 'Internal Server Error'],
  ['a connection that breaks', 200, undefined],
])('makes neither a lease nor a refusal of %s', async (_, code, text) => {
  status = code;
  answer = text;
  const error = await failure();
  expect(error).toBeInstanceOf(SandboxError);
  expect(error).not.toBeInstanceOf(StsRefusal);
  expect(error.message).toMatch(/^STS did not respond, or the response is incomplete: ./);
  expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain(SECRET);
});

it.each(['1.4.2/app.js', '1.4.2/with%20space%2Band%25.js'])(
  'signs a call of S3 to %s as S3 verifies it',
  async (key) => {
    const sandbox = await aSandbox();
    const { status: code } = await signedCall({
      endpoint: sandbox.url,
      region: sandbox.region,
      service: 's3',
      credentials: sandbox.administrator,
      method: 'PUT',
      path: `/hermes-dev-deploy/${key}`,
      body: 'app();\n',
    });
    expect(code).toBe(200);
    await sandbox.stop();
  },
);
