/**
 * What the broker writes to revoke leases, between applies of Terraform: no apply undoes it. Only the IAM resources of a stack are applied.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetPolicyCommand, GetPolicyVersionCommand, IAMClient } from '@aws-sdk/client-iam';
import { awsPorts, localSeal } from '@leasehold/broker/adapters/aws';
import { projectionsTable } from '@leasehold/broker/adapters/tables';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { NO_DENIALS, revocationPolicy, revocationPolicyArn } from '@leasehold/documents';
import { aBrokerEnvironment, aBrokeredRole } from '../support/broker-environment';
import { anAgent, definitions } from '../support/environment';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;
const NO_CHANGE = { changes: [], outputs: [] };
const REFUND = aBrokeredRole();
const environment = aBrokerEnvironment({ agents: [anAgent()], roles: [REFUND], principals: [] });
const PolicyArn = revocationPolicyArn(environment);
const DENIED = revocationPolicy({ ...NO_DENIALS, leases: new Map([['lh-1', 'refund']]) }, environment);
const SHUT = revocationPolicy({ ...NO_DENIALS, roles: new Set(['refund']) }, environment);

describeWithRealTools('the policy that the broker writes', () => {
  let moto: Moto;
  let iam: IAMClient;
  let folder: string;
  let terraform: Terraform;

  beforeAll(async () => {
    moto = await startMoto();
    iam = new IAMClient(moto.client);
    folder = mkdtempSync(join(tmpdir(), 'leasehold-revocation-'));
    // The function itself is not applied.
    const brokerCode = join(folder, 'function.js');
    writeFileSync(brokerCode, '');
    const options = { outdir: join(folder, 'cdktf.out'), brokerCode };
    const [written] = synthesizeUnchecked(definitions(environment), options);
    const stack = JSON.parse(readFileSync(join(written?.directory ?? folder, 'cdk.tf.json'), 'utf8'));
    const resource = Object.fromEntries(Object.entries(stack.resource).filter(([type]) => type.startsWith('aws_iam_')));
    const directory = join(folder, 'iam');
    mkdirSync(directory);
    const { data: _, output: __, ...kept } = stack;
    writeFileSync(join(directory, 'main.tf.json'), JSON.stringify({ ...kept, resource }));
    terraform = terraformIn(directory, moto);
    await terraform.init();
    await terraform.apply();
    const dynamodb = new DynamoDBClient({ ...moto.client, region: environment.region });
    await dynamodb.send(new CreateTableCommand(projectionsTable(environment)));
  }, 15 * MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The broker's own adapter. */
  function revokerOf(by: 'role-tags' | 'deny-policy') {
    const { broker } = environment;
    if (!broker) throw new Error('an environment with a broker');
    const { endpoint, credentials } = moto.client;
    return awsPorts({
      environment: { ...environment, broker: { ...broker, revoke: { by } } },
      credentials,
      endpoints: { dynamodb: endpoint, iam: endpoint },
      records: { seal: localSeal(Buffer.from('a key of the tests')) },
    }).revoker;
  }

  async function inForce(arn = PolicyArn) {
    const { Policy: found } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }));
    const VersionId = found?.DefaultVersionId;
    const { PolicyVersion: version } = await iam.send(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId }));
    return JSON.parse(decodeURIComponent(version?.Document ?? ''));
  }

  it(
    'denies nothing at first, and a second plan shows no change',
    async () => {
      expect(await inForce()).toEqual(revocationPolicy(NO_DENIALS, environment));
      expect(await terraform.plan()).toEqual(NO_CHANGE);
    },
    5 * MINUTES,
  );

  it(
    'keeps a lease denied through the next apply',
    async () => {
      const until = Math.floor(Date.now() / 1000) + 3600;
      await revokerOf('deny-policy').revoke('refund', [{ lease: 'lh-1', role: 'refund', until }]);
      expect(await inForce()).toEqual(DENIED);
      expect(await terraform.plan()).toEqual(NO_CHANGE);
      await terraform.apply();
      expect(await inForce()).toEqual(DENIED);
    },
    10 * MINUTES,
  );

  it(
    'denies the role, written more often than a policy has versions',
    async () => {
      const until = Math.floor(Date.now() / 1000) + 3600;
      for (let times = 0; times < 6; times += 1) {
        await revokerOf('role-tags').deny([{ role: 'refund', until: until + times }]);
      }
      expect(await inForce()).toEqual(SHUT);
    },
    15 * MINUTES,
  );

  it(
    'denies nothing when the leases have ended, and is destroyed with all its versions',
    async () => {
      await revokerOf('role-tags').prune(Math.floor(Date.now() / 1000) + 2 * 3600);
      expect(await inForce()).toEqual(revocationPolicy(NO_DENIALS, environment));
      expect(await terraform.plan()).toEqual(NO_CHANGE);
      await terraform.destroy();
      await expect(inForce()).rejects.toMatchObject({ name: 'NoSuchEntityException' });
    },
    10 * MINUTES,
  );
});
