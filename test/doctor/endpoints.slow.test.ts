/** An address in the environment or in a configuration file, behind which something else than AWS may answer. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOfAws } from '@leasehold/contract/aws-endpoint';
import { isHealthy } from '@leasehold/doctor';
import { examined, fullEnvironment } from './support/account';

const environment = fullEnvironment();

/** The result of `aws-endpoints`, with requests that are composed for their addresses, but not sent. */
async function endpoints(of = environment, configure?: () => object) {
  const diagnosis = await examined(of, {}, { composed: true, ...(configure && { configure }) });
  const found = diagnosis.verified.find(({ id }) => id === 'aws-endpoints');
  return { healthy: isHealthy(diagnosis), result: found?.result, places: found?.damages.map(({ place }) => place) };
}

const before = { ...process.env };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-endpoints-'));
});
afterEach(() => {
  process.env = { ...before };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('every call goes to AWS by default, also with FIPS endpoints', async () => {
  expect(await endpoints()).toEqual({ healthy: true, result: 'ok', places: [] });
  process.env.AWS_USE_FIPS_ENDPOINT = 'true';
  expect(await endpoints({ ...environment, region: 'us-east-2' })).toEqual({ healthy: true, result: 'ok', places: [] });
});

it('a fake AWS at a loopback address cannot say that everything is fine', async () => {
  process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:4566';
  const { healthy, result, places } = await endpoints();
  expect([healthy, result]).toEqual([false, 'damaged']);
  expect(places).toEqual(expect.arrayContaining(['iam: 127.0.0.1', 'lambda: 127.0.0.1', 'sts: 127.0.0.1']));
});

it('nor can one of a single service', async () => {
  process.env.AWS_ENDPOINT_URL_IAM = 'https://iam.amazonaws.com.evil.example';
  expect(await endpoints()).toEqual({
    healthy: false,
    result: 'damaged',
    places: ['iam: iam.amazonaws.com.evil.example'],
  });
});

it('nor one that a configuration file names', async () => {
  const file = join(folder, 'config');
  writeFileSync(file, '[default]\nservices = s\n\n[services s]\nkms =\n  endpoint_url = https://kms.evil.example\n');
  process.env.AWS_CONFIG_FILE = file;
  expect((await endpoints()).places).toEqual(['kms: kms.evil.example']);
});

it('nor one that the caller of the library configures', async () => {
  const configure = () => ({ endpoint: 'http://localhost:1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  expect((await endpoints(environment, configure)).result).toBe('damaged');
});

/** The configuration of a client that calls this host, with credentials of an account. */
const config = (hostname: string) => ({
  endpointProvider: () => ({ url: new URL(`https://${hostname}`) }),
  credentials: async () => ({ accountId: '123456789012' }),
});
const S3 = 's3.eu-west-1.amazonaws.com';
const DYNAMODB = 'dynamodb.eu-west-1.amazonaws.com';
const IAM = 'iam.amazonaws.com';

it.each([
  ['s3', S3, 'https:', S3, undefined, true],
  ['s3', S3, 'https:', `shop.${S3}`, undefined, true],
  ['s3', S3, 'https:', 'shop.s3.amazonaws.com', undefined, true],
  // Anybody can have a bucket, and with it a host below that of S3.
  ['s3', S3, 'https:', `evil.${S3}`, undefined, false],
  ['s3', S3, 'https:', `evil.shop.${S3}`, undefined, false],
  ['s3', S3, 'https:', `shop.evil.${S3}`, undefined, false],
  ['s3', S3, 'https:', `evilshop.${S3}`, undefined, false],
  ['s3', S3, 'https:', 'evil.s3.amazonaws.com', undefined, false],
  ['s3', S3, 'https:', 'shop.s3.us-east-1.amazonaws.com', undefined, false],
  ['s3', S3, 'https:', `${S3}.evil.example`, undefined, false],
  ['s3', 's3.cn-north-1.amazonaws.com.cn', 'https:', 'shop.s3.amazonaws.com', undefined, false],
  ['dynamodb', DYNAMODB, 'https:', DYNAMODB, undefined, true],
  ['dynamodb', DYNAMODB, 'https:', '123456789012.ddb.eu-west-1.amazonaws.com', undefined, true],
  ['dynamodb', DYNAMODB, 'https:', '210987654321.ddb.eu-west-1.amazonaws.com', undefined, false],
  ['dynamodb', DYNAMODB, 'https:', '123456789012.ddb.us-east-1.amazonaws.com', undefined, false],
  ['dynamodb', DYNAMODB, 'https:', '123456789012.ddb.evil.example', undefined, false],
  // An API of anybody has an address of AWS, too.
  ['iam', IAM, 'https:', 'evil.execute-api.eu-west-1.amazonaws.com', undefined, false],
  ['iam', IAM, 'https:', 'shop.iam.amazonaws.com', undefined, false],
  ['iam', IAM, 'https:', IAM, undefined, true],
  ['iam', IAM, 'https:', IAM, 443, true],
  ['iam', IAM, 'https:', IAM, 8443, false],
  ['iam', IAM, 'http:', IAM, undefined, false],
] as const)('%s at %s: %s//%s:%s', async (service, own, protocol, hostname, port, expected) => {
  const call = { service, region: 'eu-west-1', input: { Bucket: 'shop' } };
  expect(await isOfAws(call, { protocol, hostname, port }, config(own))).toBe(expected);
});

it('a call without a bucket has no host of a bucket', async () => {
  const call = { service: 's3', region: 'eu-west-1', input: {} };
  const at = (hostname: string) => isOfAws(call, { protocol: 'https:', hostname }, config(S3));
  expect([await at(S3), await at(`shop.${S3}`), await at(`undefined.${S3}`)]).toEqual([true, false, false]);
});

it('without an account in the call or its credentials, no account has a host', async () => {
  const call = { service: 'dynamodb', region: 'eu-west-1', input: { TableName: 'orders' } };
  const address = { protocol: 'https:', hostname: '123456789012.ddb.eu-west-1.amazonaws.com' };
  const { endpointProvider } = config(DYNAMODB);
  expect(await isOfAws(call, address, { endpointProvider })).toBe(false);
  expect(await isOfAws(call, address, { endpointProvider, credentials: async () => ({}) })).toBe(false);
  const named = (account: string) => {
    const input = { ResourceArn: `arn:aws:dynamodb:eu-west-1:${account}:table/orders` };
    return isOfAws({ ...call, input }, address, { endpointProvider });
  };
  expect([await named('123456789012'), await named('210987654321')]).toEqual([true, false]);
});

it('a client that does not know the endpoints of AWS is not trusted', async () => {
  const call = { service: 'iam', region: 'eu-west-1', input: {} };
  expect(await isOfAws(call, { protocol: 'https:', hostname: IAM }, {})).toBe(false);
});

it('the host of a bucket of anybody is not S3', async () => {
  process.env.AWS_ENDPOINT_URL_S3 = 'https://evil.s3.eu-west-1.amazonaws.com';
  const { result, places } = await endpoints();
  expect(result).toBe('damaged');
  expect(places).toContain('s3: evil.s3.eu-west-1.amazonaws.com');
});

it('calls of DynamoDB go to the host of the account', async () => {
  const configure = () => ({
    credentials: { accessKeyId: 'a', secretAccessKey: 'b', accountId: environment.account },
  });
  expect(await endpoints(environment, configure)).toEqual({ healthy: true, result: 'ok', places: [] });
  process.env.AWS_ENDPOINT_URL_DYNAMODB = 'https://210987654321.ddb.eu-west-1.amazonaws.com';
  expect((await endpoints(environment, configure)).places).toEqual([
    'dynamodb: 210987654321.ddb.eu-west-1.amazonaws.com',
  ]);
});
