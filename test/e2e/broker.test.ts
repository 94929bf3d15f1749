/**
 * The function's handler between real servers: moto's DynamoDB and dynalite for its tables, the sandbox for STS; and what it
 * hands out, used by the AWS SDK for JavaScript, the AWS CLI and boto3.
 */
import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { fold, type LeaseEvent } from '@leasehold/broker';
import type { RequestBody } from '@leasehold/contract';
import { LeaseError } from '@leasehold/runtime';
import type { BrokerClient, BrokerProblem } from '@leasehold/runtime/broker';
import type { Dev } from 'leasehold/dev';
import type { Environment } from '../../lib/definitions/model';
import { ASK, aDev, keysOf, speakingAs } from '../cli/dev/support';
import { aBroker, aBrokeredEnvironment, BROKERED } from '../sandbox/support/broker';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { run } from './support/run';

const MINUTES = 60_000;
/** How the AWS CLI ends where AWS refuses: its first version, and its second. */
const REFUSED = [254, 255];
const Bucket = 'hermes-dev-deploy';
const MANY = { limit: 100_000, windowSeconds: 3600 };
const RULES = { windowSeconds: 600, reviewer: 'off', eligible: { agents: ['agent'], groups: [] } } as const;
const APPROVERS = Array.from({ length: 8 }, (_, index) => `approver-${index}`);

const environment: Environment = aBrokeredEnvironment({
  approvers: APPROVERS,
  broker: aBroker({ budgets: { requests: MANY, denials: MANY } }),
  roles: [
    { ...BROKERED, broker: { ...RULES, humans: 0 } },
    { ...BROKERED, name: 's3-release', broker: { ...RULES, humans: APPROVERS.length } },
  ],
});

/** Boto3, once for each key it is given. */
const PUT_BY_BOTO3 = `
import sys, boto3, botocore
s3 = boto3.client('s3')
for key in sys.argv[1:]:
    try:
        s3.put_object(Bucket='${Bucket}', Key=key, Body=b'x')
        print('allowed')
    except botocore.exceptions.ClientError as error:
        print(error.response['Error']['Code'])
`;

/** Asks again with the same key where no answer came: on a busy machine a thousand at once may wait too long for one. */
async function untilAnswered(client: BrokerClient, body: RequestBody): ReturnType<BrokerClient['request']> {
  const idempotencyKey = randomUUID();
  for (;;) {
    try {
      return await client.request(body, { idempotencyKey });
    } catch (error) {
      if (!(error instanceof LeaseError && error.retryable)) throw error;
    }
  }
}

describeWithRealTools('the broker', () => {
  let moto: Moto;

  beforeAll(async () => {
    moto = await startMoto(environment.account);
  }, MINUTES);

  afterAll(() => moto?.stop());

  describe.each(['dynalite', 'moto'])('with its tables in %s', (tables) => {
    let dev: Dev;

    beforeAll(async () => {
      await moto.reset();
      await new S3Client({ ...moto.client, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));
      dev = await aDev(environment, { backing: moto.url, ...(tables === 'moto' ? { dynamodb: moto.url } : {}) });
    }, MINUTES);

    afterAll(() => dev?.stop());

    const agent = () => speakingAs(dev, dev.agent());

    it(
      'hands out what does the one thing and nothing else, whoever uses it',
      async () => {
        const { lease, credentials } = await agent().request(ASK);
        expect(lease.state).toBe('issued');
        const keys = keysOf(credentials);
        const env = {
          ...moto.environment,
          ...dev.env(dev.agent()),
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
          AWS_SESSION_TOKEN: keys.sessionToken ?? '',
        };

        const s3 = new S3Client({
          endpoint: dev.sandbox.url,
          region: dev.sandbox.region,
          credentials: keys,
          forcePathStyle: true,
        });
        await s3.send(new PutObjectCommand({ Bucket, Key: '1.4.2/app.js', Body: 'x' }));
        await expect(s3.send(new PutObjectCommand({ Bucket, Key: '1.4.20/app.js', Body: 'x' }))).rejects.toMatchObject({
          name: 'AccessDenied',
        });

        const cli = (key: string) =>
          run('aws', ['s3api', 'put-object', '--bucket', Bucket, '--key', key], {
            cwd: '.',
            env,
            expect: [0, ...REFUSED],
          });
        expect((await cli('1.4.2/from-the-cli')).code).toBe(0);
        expect((await cli('1.4.3/from-the-cli')).stderr).toContain('AccessDenied');
        const { stderr } = await run('aws', ['s3api', 'list-buckets'], { cwd: '.', env, expect: REFUSED });
        expect(stderr).toContain('AccessDenied');

        const boto3 = await run('python3', ['-c', PUT_BY_BOTO3, '1.4.2/from-boto3', '1.4.20/from-boto3'], {
          cwd: '.',
          env,
        });
        expect(boto3.stdout.split('\n').filter(Boolean)).toEqual(['allowed', 'AccessDenied']);
      },
      2 * MINUTES,
    );

    // Moto checks the condition of a write and then writes, so of two writes at once both can succeed. DynamoDB and
    // dynalite do both in one step.
    if (tables === 'dynalite') {
      it(
        'counts approvals that come at once, each once, and hands the lease out when the last is there',
        async () => {
          const { lease } = await agent().request({ ...ASK, role: 's3-release' });
          const hash = lease.grant?.hash ?? '';
          const people = await Promise.all(
            APPROVERS.map(async (name) => speakingAs(dev, await dev.sandbox.signIn(name, 'approver'))),
          );
          const said = await Promise.allSettled(
            [...people, ...people].map((person) => person.approve(lease.id, { hash })),
          );
          const codes = said.map((each) =>
            each.status === 'fulfilled' ? 'counted' : (each.reason as BrokerProblem).problem.code,
          );
          expect(codes.filter((code) => code === 'counted')).toHaveLength(APPROVERS.length);
          expect(new Set(codes)).toEqual(
            new Set(['counted', ...codes.filter((code) => /^(said-already|wrong-state)$/.test(code))]),
          );
          const { lease: issued } = await agent().collect(lease.id);
          expect(issued.approval?.approvals.toSorted()).toEqual(APPROVERS);
        },
        2 * MINUTES,
      );
    }

    it(
      'loses nothing of many requests at once',
      async () => {
        const count = tables === 'moto' ? 200 : 1000;
        const requests = Array.from({ length: count }, (_, index) => index);
        const client = agent();
        const answers = await Promise.all(
          requests.map((index) => untilAnswered(client, { ...ASK, parameters: { release: `2.0.${index}` } })),
        );
        const ids = new Set(answers.map(({ lease }) => lease.id));
        expect(ids.size).toBe(count);
        expect(new Set(answers.map(({ credentials }) => credentials?.accessKeyId)).size).toBe(count);
        for (const { lease } of answers.slice(0, 50)) {
          const { events } = await client.events(lease.id);
          expect(fold(events as unknown as readonly LeaseEvent[]).state).toBe('issued');
        }
      },
      8 * MINUTES,
    );
  });
});
