/** Names of services: every installed client is found by its package, and signs for the service by which roles name it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prefixOf, SdkPackages } from '../../../lib/mcp/aws/sdk-package';
import { namedService } from '../../../lib/mcp/aws/services';

const packages = new SdkPackages([]);
const CLIENTS = readdirSync(join(__dirname, '..', '..', '..', 'node_modules', '@aws-sdk')).filter((name) =>
  name.startsWith('client-'),
);

it.each(CLIENTS)('%s is found by its name, and calls the service of its prefix', (name) => {
  const named = namedService(`@aws-sdk/${name}`);
  if (named === undefined) throw new Error(name);
  const operation = firstOperation(named);
  const client = operation.newClient({ region: 'eu-west-1' });
  expect(prefixOf(client)).toBe(named.prefix);
  expect(namedService(named.prefix)?.prefix).toBe(named.prefix);
  client.destroy();
});

function firstOperation(named: Parameters<SdkPackages['operation']>[0]) {
  try {
    return packages.operation(named, 'NoSuchOperation');
  } catch (error) {
    const [, name = ''] = /for example (\w+)\./.exec((error as { hint: string }).hint) ?? [];
    return packages.operation(named, name);
  }
}

it.each([
  ['logs', 'logs', ['cloudwatch-logs']],
  ['cloudwatch-logs', 'logs', ['cloudwatch-logs']],
  ['client-cloudwatch-logs', 'logs', ['cloudwatch-logs']],
  ['@aws-sdk/client-s3', 's3', ['s3', 's3-control']],
  ['S3', 's3', ['s3', 's3-control']],
  ['bedrock-runtime', 'bedrock', ['bedrock-runtime']],
  ['sfn', 'states', ['sfn']],
  ['states', 'states', ['sfn']],
  ['dynamodb', 'dynamodb', ['dynamodb', 'dynamodb-streams']],
])('%s is %s, called with %j', (name, prefix, expected) => {
  expect(namedService(name)).toEqual({ prefix, packages: expected });
});

it.each(['', '../s3', 's3/../iam', '@evil/client-s3', 'client-', 's3;ls', 'a'.repeat(61), '__proto__'])(
  '%j is no service',
  (name) => {
    expect(namedService(name)).toBeUndefined();
  },
);

it('a client that is not installed is named with the command that installs it', () => {
  expect(() => packages.operation({ prefix: 'states', packages: ['sfn'] }, 'StartExecution')).toThrow(
    expect.objectContaining({
      code: 'client-missing',
      hint: expect.stringContaining('npm install @aws-sdk/client-sfn'),
    }),
  );
});
