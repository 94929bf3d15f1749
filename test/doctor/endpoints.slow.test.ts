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

const config = (hostname: string) => ({ endpointProvider: () => ({ url: new URL(`https://${hostname}`) }) });

it.each([
  ['s3', 's3.eu-west-1.amazonaws.com', 'https:', 'bucket.s3.eu-west-1.amazonaws.com', undefined, true],
  ['s3', 's3.eu-west-1.amazonaws.com', 'https:', 's3.eu-west-1.amazonaws.com.evil.example', undefined, false],
  [
    'dynamodb',
    'dynamodb.eu-west-1.amazonaws.com',
    'https:',
    '123456789012.ddb.eu-west-1.amazonaws.com',
    undefined,
    true,
  ],
  ['dynamodb', 'dynamodb.eu-west-1.amazonaws.com', 'https:', '123456789012.ddb.evil.example', undefined, false],
  // An API of anybody has an address of AWS, too.
  ['iam', 'iam.amazonaws.com', 'https:', 'evil.execute-api.eu-west-1.amazonaws.com', undefined, false],
  ['iam', 'iam.amazonaws.com', 'https:', 'x.iam.amazonaws.com', undefined, false],
  ['iam', 'iam.amazonaws.com', 'https:', 'iam.amazonaws.com', undefined, true],
  ['iam', 'iam.amazonaws.com', 'https:', 'iam.amazonaws.com', 443, true],
  ['iam', 'iam.amazonaws.com', 'https:', 'iam.amazonaws.com', 8443, false],
  ['iam', 'iam.amazonaws.com', 'http:', 'iam.amazonaws.com', undefined, false],
] as const)('%s at %s: %s//%s:%s', async (service, own, protocol, hostname, port, expected) => {
  expect(await isOfAws(service, 'eu-west-1', { protocol, hostname, port }, config(own))).toBe(expected);
});

it('a client that does not know the endpoints of AWS is not trusted', async () => {
  expect(await isOfAws('iam', 'eu-west-1', { protocol: 'https:', hostname: 'iam.amazonaws.com' }, {})).toBe(false);
});
