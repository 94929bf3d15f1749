/** A stack with a broker, applied by the real Terraform through the real provider, and what then stands there. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRoleTagsCommand, TagRoleCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand, GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { synthesizeUnchecked } from '@leasehold/constructs';
import {
  brokerApiArn,
  brokerBoundary,
  brokerPermissions,
  brokerTrust,
  eventsTableName,
  NO_DENIALS,
  PERSON_KINDS,
  personBoundary,
  personPermissions,
  personRoleName,
  personTrust,
  projectionsTableName,
  revocationPolicy,
  roleBoundary,
  rolePolicy,
} from '@leasehold/documents';
import { readManifest } from '@leasehold/runtime';
import { ACTORS, type Actor, openingRows, rowsOf, tryAs, tryToTakeOn } from '../deployed/broker-tables';
import { aBroker, aBrokerEnvironment } from '../support/broker-environment';
import type { Deployed, DeployedIdentity } from '../support/deployed';
import { definitions } from '../support/environment';
import type { StackJson } from '../support/synth';
import { unknownInPlan } from './support/literal-plan';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { readBack } from './support/read-back';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;
const NO_CHANGE = { changes: [], outputs: [] };

const environment = aBrokerEnvironment({
  alerts: { emails: ['security@example.com'], trail: { arn: 'arn:aws:cloudtrail:us-east-1:123456789012:trail/audit' } },
});
const OPENAI = {
  provider: 'openai',
  model: 'm',
  endpoint: 'https://llm.example',
  key: true,
  timeoutSeconds: 9,
} as const;

describeWithRealTools('a stack with a broker', () => {
  let moto: Moto;
  let iam: IAMClient;
  let folder: string;
  let directory: string;
  let stack: StackJson;
  let terraform: Terraform;
  let deployed: Deployed;

  beforeAll(async () => {
    moto = await startMoto();
    iam = new IAMClient(moto.client);
    folder = mkdtempSync(join(tmpdir(), 'leasehold-broker-'));
    directory = synthesized(environment);
    stack = JSON.parse(readFileSync(join(directory, 'cdk.tf.json'), 'utf8'));
    terraform = terraformIn(directory, moto);
    await terraform.init();
  }, 3 * MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function synthesized(of: typeof environment): string {
    const [written] = synthesizeUnchecked(definitions(of), { outdir: join(folder, 'cdktf.out') });
    return written?.directory ?? folder;
  }

  it(
    'is valid, and its first plan leaves open only what AWS makes up',
    async () => {
      expect(await terraform.validate()).toMatchObject({ valid: true, diagnostics: [] });
      const open = unknownInPlan(await terraform.plan(), stack).map((address) => address.replace(/\.[^.]+\./, '.'));
      expect([...new Set(open)].sort()).toEqual([
        'aws_apigatewayv2_integration.api_id',
        'aws_apigatewayv2_route.api_id',
        'aws_apigatewayv2_route.target',
        'aws_apigatewayv2_stage.api_id',
        'aws_cloudwatch_event_rule.event_pattern',
        'aws_kms_alias.target_key_id',
        'aws_lambda_function.environment',
        'aws_lambda_permission.source_arn',
        'aws_pipes_pipe.source',
      ]);
    },
    3 * MINUTES,
  );

  it(
    'applies, and a second plan shows no change',
    async () => {
      await terraform.apply();
      expect(await terraform.plan()).toEqual(NO_CHANGE);
      deployed = await readBack(iam);
    },
    8 * MINUTES,
  );

  it('tells clients where the broker is, in a manifest that the runtime reads', async () => {
    const { broker, roles } = readManifest((await terraform.output()).leasehold?.value as object);
    expect(broker?.url).toMatch(
      /^https:\/\/[a-z0-9]+\.execute-api\.ap-northeast-2\.amazonaws\.com\/leasehold-hermes-dev$/,
    );
    expect(broker?.region).toBe('ap-northeast-2');
    expect(Object.keys(broker?.people ?? {}).sort()).toEqual([...PERSON_KINDS].sort());
    expect(roles.refund).toMatchObject({ gates: ['broker'], broker: { humans: 1 } });
    expect(roles.refund?.parameters.customer?.from).toBe('subject.sub');
  });

  it('stands in IAM as lib/documents says', () => {
    expect(parsed(deployed, 'hermes-dev-broker')).toEqual({
      policies: brokerPermissions(environment),
      boundary: brokerBoundary(environment),
      trust: brokerTrust(),
    });
    for (const kind of PERSON_KINDS) {
      expect(parsed(deployed, personRoleName(kind, environment))).toEqual({
        policies: personPermissions(kind, environment),
        boundary: personBoundary(kind, environment),
        trust: personTrust(kind, environment),
      });
    }
    const [refund] = environment.roles;
    if (!refund) throw new Error('a brokered role');
    expect(parsed(deployed, 'hermes-dev-refund')).toMatchObject({
      policies: [rolePolicy(refund), revocationPolicy(NO_DENIALS, environment)],
      boundary: roleBoundary(refund, environment),
    });
  });

  it.each(Object.keys(ACTORS) as Actor[])('answers the %s as the tables say', (actor) => {
    const wrong = rowsOf(actor).filter((row) => tryAs(deployed, actor, row) !== row.expect);
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('lets the right people and services take on its roles, and nobody else', () => {
    const wrong = openingRows().filter((row) => tryToTakeOn(deployed, row) !== row.expect);
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('runs the code that lies beside it, called by its own API alone', async () => {
    const lambda = new LambdaClient({ ...moto.client, region: environment.region });
    const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: 'hermes-dev-broker' }));
    const [planned] = Object.values(stack.resource.aws_lambda_function ?? {});
    expect(Configuration?.CodeSha256).toBe(planned?.source_code_hash);
    const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName: 'hermes-dev-broker' }));
    const sources = JSON.parse(Policy ?? '{}').Statement.map(
      (statement: { Condition: { ArnLike: object } }) => Object.values(statement.Condition.ArnLike)[0],
    );
    const { url } = readManifest((await terraform.output()).leasehold?.value as object).broker ?? {};
    const id = /^https:\/\/([a-z0-9]+)\./.exec(url ?? '')?.[1];
    expect(sources.sort()).toEqual([
      'arn:aws:events:ap-northeast-2:123456789012:rule/hermes-dev-sweep',
      brokerApiArn(environment, '*').replace('?'.repeat(10), String(id)),
    ]);
  });

  it('has tables that lose nothing', async () => {
    const dynamodb = new DynamoDBClient({ ...moto.client, region: environment.region });
    for (const TableName of [eventsTableName(environment), projectionsTableName(environment)]) {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
      expect(Table).toMatchObject({ DeletionProtectionEnabled: true, SSEDescription: { Status: 'ENABLED' } });
      const { ContinuousBackupsDescription: backups } = await dynamodb.send(
        new DescribeContinuousBackupsCommand({ TableName }),
      );
      expect(backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
    }
    const expiry = async (TableName: string) =>
      (await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription?.TimeToLiveStatus;
    expect(await expiry(eventsTableName(environment))).toBe('DISABLED');
    expect(await expiry(projectionsTableName(environment))).toBe('ENABLED');
  });

  it(
    'keeps a lease taken back through the next apply',
    async () => {
      const revoked = { Key: 'revoked.1', Value: 'lh-7f3k2q9d' };
      await iam.send(new TagRoleCommand({ RoleName: 'hermes-dev-refund', Tags: [revoked] }));
      expect(await terraform.plan()).toEqual(NO_CHANGE);
      await terraform.apply();
      const { Tags } = await iam.send(new ListRoleTagsCommand({ RoleName: 'hermes-dev-refund' }));
      expect(Tags).toContainEqual(revoked);
    },
    5 * MINUTES,
  );

  it(
    'shows another definition as another code, and makes a place for the key of another reviewer',
    async () => {
      const { broker } = environment;
      if (!broker) throw new Error('an environment with a broker');
      synthesized({ ...environment, broker: aBroker({ reviewer: OPENAI }) });
      const { changes } = await terraform.plan();
      const changed = changes.map(({ type, change }) => `${change.actions.join()} ${type}`);
      expect([...new Set(changed)].sort()).toEqual([
        'create aws_secretsmanager_secret',
        'update aws_iam_policy',
        'update aws_lambda_function',
      ]);
      await terraform.apply();
      expect(await terraform.plan()).toEqual(NO_CHANGE);
    },
    6 * MINUTES,
  );

  it(
    'is not destroyed with its records, until somebody takes their protection off',
    async () => {
      await expect(terraform.destroy()).rejects.toThrow(/DeletionProtectionEnabled/);
      const dynamodb = new DynamoDBClient({ ...moto.client, region: environment.region });
      for (const TableName of [eventsTableName(environment), projectionsTableName(environment)]) {
        await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
      }
      await terraform.destroy();
      expect(await readBack(iam)).toEqual({ users: {}, roles: {} });
    },
    8 * MINUTES,
  );
});

/** An identity without its ARN, every document parsed. */
function parsed(deployed: Deployed, name: string): object {
  const identity: DeployedIdentity | undefined = deployed.roles[name];
  if (!identity) throw new Error(`IAM has no role ${name}`);
  return {
    policies: identity.policies.map((text) => JSON.parse(text)),
    ...(identity.boundary === undefined ? {} : { boundary: JSON.parse(identity.boundary) }),
    ...(identity.trust === undefined ? {} : { trust: JSON.parse(identity.trust) }),
  };
}
