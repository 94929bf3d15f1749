/** What is removed from texts that AWS answers, whatever their length. */
import { redactText } from '../../../lib/mcp/aws/redact';
import { REMOVED } from '../../../lib/mcp/secrets';

const SIGNED = '?[removed: signature]';
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----';

it.each([
  ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', `aws_secret_access_key = ${REMOVED}`],
  ['{"SecretAccessKey":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}', `{"SecretAccessKey":"${REMOVED}"}`],
  ['{\\"sessionToken\\": \\"FwoGZXIvYXdzEJr//////////wEaDA\\"}', `{\\"sessionToken\\": \\"${REMOVED}\\"}`],
  ['AWS_SESSION_TOKEN=FwoGZXIvYXdzEJr//////////wEaDA', `AWS_SESSION_TOKEN=${REMOVED}`],
  ['see https://a.b/c?X-Amz-Signature=1&x=2, then', `see https://a.b/c${SIGNED} then`],
  ['https://a.b/c?x=1&amp;x-amz-security-token=1', `https://a.b/c${SIGNED}`],
  ['https://a.b/c?x=1\\u0026X-Amz-Credential=1', `https://a.b/c${SIGNED}`],
  ['https://cdn.example/v.mp4?Expires=1&Signature=s&Key-Pair-Id=K', `https://cdn.example/v.mp4${SIGNED}`],
  ['https://b.s3.amazonaws.com/k?AWSAccessKeyId=A&Expires=1&Signature=s', `https://b.s3.amazonaws.com/k${SIGNED}`],
  ['https://a.b/go?to=https%3A%2F%2Fc.d%2Fe%3FX-Amz-Signature%3D1', `https://a.b/go${SIGNED}`],
  ['https://a.b/callback#access_token=1&state=2', `https://a.b/callback${SIGNED}`],
  [
    'https://signin.aws.amazon.com/federation?Action=login&SigninToken=t',
    `https://signin.aws.amazon.com/federation${SIGNED}`,
  ],
  ['https://a.b/https%3A%2F%2Fc.d%2Fe%3Ftoken%3D1', `https://a.b/https%3A%2F%2Fc.d%2Fe%3F${SIGNED}`],
  ['postgres://shop:hunter2@db.example:5432/shop', `postgres://shop:${REMOVED}@db.example:5432/shop`],
  [`a ${PEM} b ${PEM}`, `a ${REMOVED} b ${REMOVED}`],
  [PEM.slice(0, 40), REMOVED],
])('%s', (text, expected) => {
  expect(redactText(text)).toBe(expected);
});

it.each([
  'https://a.b/c?x=1',
  'https://a.b/c?nextToken=1&zipcode=2&design=3',
  'https://a.b:8443/c@d',
  'the secret access key of the user',
  '-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----',
  'mailto:a@b.example',
])('%s is left as it is', (text) => {
  expect(redactText(text)).toBe(text);
});

// With a pattern that reads a text again from each of its characters, one of these takes hours.
const SIZE = 2_000_000;
it.each<[string, string]>([
  ['the beginnings of links', 'https://a'.repeat(SIZE / 9)],
  ['a link that does not end', `https://a?${'x'.repeat(SIZE)}`],
  ['links with empty queries', 'http://a?&'.repeat(SIZE / 10)],
  ['question marks', `https://a${'?'.repeat(SIZE)}`],
  ['names of parameters', `https://a?${'x-amz-'.repeat(SIZE / 6)}`],
  ['colons and signs', `a://${':@'.repeat(SIZE / 2)}`],
  ['words of schemes', 'a.b-c+d'.repeat(SIZE / 7)],
  ['names of secrets', 'session_token'.repeat(SIZE / 13)],
  ['a name of a secret, and blanks', `session_token${' '.repeat(SIZE)}`],
  ['beginnings of keys', '-----BEGIN '.repeat(SIZE / 11)],
  ['blanks in the beginning of a key', `-----BEGIN ${' '.repeat(SIZE)}`],
])('a long text of %s is read once', (_, text) => {
  const clean = redactText(text);
  expect(clean.length).toBeLessThanOrEqual(text.length + REMOVED.length);
});
