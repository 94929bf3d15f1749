/** The broker on a laptop: the same handler, over HTTP, with everything that AWS would refuse refused. */
import { DynamoDBClient, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createBrokerClient } from '@leasehold/runtime/broker';
import type { Environment } from '../../lib/definitions/model';
import { type Dev, type DevOptions, startDev } from '../../lib/dev';
import { eventsTableName, projectionsTableName } from '../../lib/documents';
import { SandboxError } from '../../lib/sandbox';
import { aBrokeredEnvironment, BROKERED } from '../sandbox/support/broker';
import { plain } from '../sandbox/support/sandbox';
import type { Keys } from '../sandbox/support/wire';
import { anEnvironment, definitions } from '../support/environment';

const REASON = 'Upload build 1.4.2 for the release';

let dev: Dev;

const start = (environment: Environment = aBrokeredEnvironment(), options: DevOptions = {}) =>
  startDev({ source: { definitions: definitions(environment) }, ...options });
const as = (keys: Keys) => createBrokerClient({ ...dev.broker, credentials: plain(keys) });
const at = (keys: Keys) => ({
  endpoint: dev.sandbox.url,
  region: dev.broker.region,
  credentials: plain(keys),
  maxAttempts: 1,
});

describe('an agent', () => {
  beforeAll(async () => {
    dev = await start();
  });
  afterAll(() => dev.stop());

  it('is granted a lease at once, and uses it for exactly one thing', async () => {
    const asked = await as(dev.agent()).request({
      role: 's3-deploy',
      parameters: { release: '1.4.2' },
      reason: REASON,
    });
    expect(asked.lease).toMatchObject({ state: 'issued', requester: 'agent', collected: true });
    const credentials = asked.credentials;
    if (credentials === undefined) throw new Error('no credentials');
    const keys = {
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      sessionToken: credentials.sessionToken,
    };
    const { Arn } = await new STSClient(at(keys)).send(new GetCallerIdentityCommand());
    expect(Arn).toBe(`arn:aws:sts::123456789012:assumed-role/hermes-dev-s3-deploy/${asked.lease.id}`);
    const s3 = new S3Client({ ...at(keys), forcePathStyle: true });
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: 'hermes-dev-deploy', Key, Body: 'x' }));
    await put('1.4.2/app.js');
    await expect(put('1.4.3/app.js')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(
      s3.send(new GetObjectCommand({ Bucket: 'hermes-dev-other', Key: '1.4.2/app.js' })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
