/** A broker where people sign in, applied by the real Terraform through the real provider, and what then stands there. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { USER_POOL_CLIENT_VARIABLE, USER_POOL_VARIABLE } from '@leasehold/documents';
import type { Environment } from '../../lib/definitions/model';
import { definitions } from '../support/environment';
import { aPeopleEnvironment, ISSUER, somePeople } from '../support/people-environment';
import type { StackJson } from '../support/synth';
import { unknownInPlan } from './support/literal-plan';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;
const NO_CHANGE = { changes: [], outputs: [] };

const CONSOLE = {
  domain: 'leases.example.com',
  certificateArn: 'arn:aws:acm:ap-northeast-2:123456789012:certificate/1a2b3c4d',
};

describeWithRealTools('a broker where people sign in', () => {
  let moto: Moto;
  let folder: string;
  let directory: string;
  let stack: StackJson;
  let terraform: Terraform;

  beforeAll(async () => {
    moto = await startMoto();
    folder = mkdtempSync(join(tmpdir(), 'leasehold-people-'));
    directory = synthesized(aPeopleEnvironment());
    stack = JSON.parse(readFileSync(join(directory, 'cdk.tf.json'), 'utf8'));
    terraform = terraformIn(directory, moto);
    await terraform.init();
  }, 3 * MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function synthesized(of: Environment): string {
    const [written] = synthesizeUnchecked(definitions(of), { outdir: join(folder, 'cdktf.out') });
    return written?.directory ?? folder;
  }

  it(
    'is valid, and its first plan leaves open only what AWS makes up',
    async () => {
      expect(await terraform.validate()).toMatchObject({ valid: true, diagnostics: [] });
      const open = unknownInPlan(await terraform.plan(), stack)
        .map((address) => address.replace(/\.[^.]+\./, '.'))
        .filter((address) => /cognito|authorizer|lambda_function/.test(address));
      expect([...new Set(open)].sort()).toEqual([
        'aws_apigatewayv2_authorizer.api_id',
        'aws_apigatewayv2_authorizer.jwt_configuration',
        'aws_apigatewayv2_route.authorizer_id',
        'aws_cognito_user_group.user_pool_id',
        'aws_cognito_user_pool_client.callback_urls',
        'aws_cognito_user_pool_client.default_redirect_uri',
        'aws_cognito_user_pool_client.logout_urls',
        'aws_cognito_user_pool_client.user_pool_id',
        'aws_cognito_user_pool_domain.user_pool_id',
        'aws_lambda_function.environment',
      ]);
    },
    3 * MINUTES,
  );

  it(
    'applies, and a second plan shows no change',
    async () => {
      await terraform.apply();
      expect(await terraform.plan()).toEqual(NO_CHANGE);
    },
    8 * MINUTES,
  );

  it('tells the function which pool and which client it accepts tokens of', async () => {
    const lambda = new LambdaClient({ ...moto.client, region: 'ap-northeast-2' });
    const { Environment: told } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'hermes-dev-broker' }),
    );
    expect(told?.Variables?.[USER_POOL_VARIABLE]).toMatch(
      /^https:\/\/cognito-idp\.ap-northeast-2\.amazonaws\.com\/ap-northeast-2_[A-Za-z0-9]+$/,
    );
    expect(told?.Variables?.[USER_POOL_CLIENT_VARIABLE]).toMatch(/^[a-z0-9]{20,30}$/);
  });

  it(
    'can be moved to a domain of its own',
    async () => {
      synthesized(aPeopleEnvironment(somePeople(), { console: CONSOLE }));
      const { changes } = await terraform.plan();
      expect(changes.map(({ type, change }) => `${change.actions.join()} ${type}`).sort()).toEqual([
        'create aws_apigatewayv2_api_mapping',
        'create aws_apigatewayv2_domain_name',
        'update aws_cognito_user_pool_client',
        'update aws_lambda_function',
      ]);
      await terraform.apply();
      expect(await terraform.plan()).toEqual(NO_CHANGE);
    },
    6 * MINUTES,
  );

  it('has no client secret in its state, and the addresses of the new domain', async () => {
    const state = readFileSync(join(folder, 'terraform.hermes-dev.tfstate'), 'utf8');
    const [client] = JSON.parse(state).resources.filter(({ type }: { type: string }) => type.endsWith('_pool_client'));
    expect(client.instances[0].attributes).toMatchObject({
      client_secret: '',
      callback_urls: ['http://localhost:8976/signed-in', 'https://leases.example.com/console/signed-in'],
      logout_urls: ['https://leases.example.com/console/'],
      allowed_oauth_flows: ['code'],
      refresh_token_rotation: [{ feature: 'ENABLED', retry_grace_period_seconds: 10 }],
    });
  });

  it(
    'shows in a plan that another issuer replaces the pool',
    async () => {
      synthesized(aPeopleEnvironment(somePeople(ISSUER), { console: CONSOLE }));
      const { changes } = await terraform.plan();
      expect([...new Set(changes.map(({ type, change }) => `${change.actions.join()} ${type}`))].sort()).toEqual([
        'delete aws_cognito_user_group',
        'delete aws_cognito_user_pool',
        'delete aws_cognito_user_pool_client',
        'delete aws_cognito_user_pool_domain',
        'update aws_apigatewayv2_authorizer',
        'update aws_apigatewayv2_route',
        'update aws_lambda_function',
      ]);
    },
    3 * MINUTES,
  );
});
