/** What a model is told about a call that failed: a denial, an error, or that nobody knows. */
import { manifest } from '@leasehold/documents';
import { failureOf } from '../../../lib/mcp/aws/failure';
import { SecretList } from '../../../lib/mcp/secrets';
import { DEV } from '../../runtime/support/desk';
import { anIssuedLease, KEYS } from '../support/issued';

interface Facts {
  readonly name?: string;
  readonly message?: string;
  readonly status?: number;
  readonly code?: string;
}

function failure(
  { name = 'Error', message = '', status, code }: Facts,
  call: { prefix?: string; isRead?: boolean } = {},
) {
  const $metadata = status === undefined ? {} : { httpStatusCode: status };
  const error = Object.assign(new Error(message), { name, $metadata, ...(code === undefined ? {} : { code }) });
  const secrets = new SecretList();
  secrets.add(Object.values(KEYS));
  const held = anIssuedLease('s3:GetObject');
  const at = { prefix: 's3', operation: 'PutObject', region: 'ap-northeast-2', isRead: false, ...call };
  return failureOf(error, { held, manifest: manifest(DEV), secrets, ...at });
}

const facts = (given: ReturnType<typeof failure>) => ({ ...given, message: given.message });

it.each<[string, Facts, code: string, ofWrite: boolean, ofRead: boolean]>([
  ['nobody listens', { code: 'ECONNREFUSED' }, 'aws-error', true, true],
  ['there is no such host', { code: 'ENOTFOUND' }, 'aws-error', true, true],
  ['there is no answer about the host', { code: 'EAI_AGAIN' }, 'aws-error', true, true],
  ['the host became unreachable', { code: 'EHOSTUNREACH' }, 'aws-error', false, true],
  ['the network became unreachable', { code: 'ENETUNREACH' }, 'aws-error', false, true],
  ['the request could not be written', { code: 'EPIPE' }, 'aws-error', false, true],
  ['the connection timed out', { code: 'ETIMEDOUT' }, 'aws-error', false, true],
  ['the answer ended early', { code: 'ERR_STREAM_PREMATURE_CLOSE' }, 'aws-error', false, true],
  ['the connection ended', { code: 'ECONNRESET' }, 'aws-error', false, true],
  ['no answer came in time', { name: 'TimeoutError' }, 'aws-error', false, true],
  ['it was cancelled', { name: 'AbortError' }, 'aws-error', false, true],
  ['AWS is too busy', { name: 'ThrottlingException', status: 400 }, 'aws-error', true, true],
  ['S3 is too busy', { name: 'SlowDown', status: 503 }, 'aws-error', true, true],
  ['there were too many requests', { name: 'Whatever', status: 429 }, 'aws-error', true, true],
  ['AWS has an internal error', { name: 'InternalError', status: 500 }, 'aws-error', false, true],
  ['the answer cannot be read', { name: 'SyntaxError', status: 200 }, 'aws-error', false, true],
  ['the request is wrong', { name: 'ValidationException', status: 400 }, 'aws-error', false, false],
  ['the SDK refuses the input', { name: 'TypeError' }, 'aws-error', false, false],
  ['the object is not there', { name: 'NoSuchKey', status: 404 }, 'aws-error', false, false],
  ['AWS denies', { name: 'AccessDenied', status: 403 }, 'access-denied', false, false],
])('%s', (_, error, code, ofWrite, ofRead) => {
  expect(failure(error)).toMatchObject({ code, retryable: ofWrite });
  expect(failure(error, { isRead: true })).toMatchObject({ code, retryable: ofRead });
});

it.each<[Facts]>([[{ name: 'TimeoutError' }], [{ code: 'ECONNRESET' }], [{ code: 'EHOSTUNREACH' }]])(
  'a write that may have taken effect is not to be repeated: %j',
  (facts) => {
    expect(failure(facts).hint).toContain('Find out whether the call took effect');
  },
);

it.each([
  ['cognito-idp', 'NotAuthorizedException', 'Incorrect username or password.', 'aws-error'],
  ['cognito-identity', 'NotAuthorizedException', 'Invalid login token.', 'aws-error'],
  ['cognito-idp', 'AccessDeniedException', 'User is not authorized to perform: cognito-idp:ListUsers', 'access-denied'],
  ['cognito-idp', 'NotAuthorizedException', 'x is not authorized to perform: cognito-idp:ListUsers', 'access-denied'],
  ['sns', 'AuthorizationErrorException', 'no', 'access-denied'],
  ['ec2', 'UnauthorizedOperation', 'no', 'access-denied'],
  ['lambda', 'TooManyRequestsException', 'no', 'aws-error'],
])('%s answers %s: %s', (prefix, name, message, code) => {
  expect(failure({ name, message, status: 400 }, { prefix })).toMatchObject({ code });
});

describe('a denial', () => {
  const denied = (on: string) =>
    failure({ name: 'AccessDenied', status: 403, message: `User: x is not authorized to perform: s3:PutObject${on}` });

  it('says whether the lease permits it only if that is known', () => {
    expect(facts(denied(' on resource: arn:aws:s3:::b/k'))).toMatchObject({
      facts: { explanation: { permitted: false } },
    });
    const { facts: known } = facts(denied('')) as unknown as { facts: { explanation: object } };
    expect(known.explanation).not.toHaveProperty('permitted');
  });

  it('stays one if what AWS names cannot be explained', () => {
    expect(facts(denied(' on resource: arn:aws:s3'))).toMatchObject({
      code: 'access-denied',
      facts: { awsCode: 'AccessDenied' },
    });
  });
});

it('no message or code contains a credential, also not the beginning of one where it is cut', () => {
  const long = `${'x'.repeat(1990)}${KEYS.secretAccessKey}`;
  const link = 'https://b.s3.amazonaws.com/k?X-Amz-Signature=0123456789abcdef';
  for (const message of [long, link, `the password is in postgres://a:hunter2@b/c ${KEYS.sessionToken}`]) {
    const {
      message: said,
      code,
      hint,
      ...rest
    } = failure({ message, name: `${'E'.repeat(95)}${KEYS.accessKeyId}`, status: 400 });
    const text = JSON.stringify({ said, code, hint, rest });
    for (const secret of [...Object.values(KEYS).map((key) => key.slice(0, 6)), '0123456789abcdef', 'hunter2']) {
      expect(text).not.toContain(secret);
    }
  }
});
