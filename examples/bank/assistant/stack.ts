/** The assistant in AWS: a WebSocket API, two tables, four functions, and what the functions may do. */
import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Environment } from '@leasehold/definitions';
import { agentArn, stackName } from '@leasehold/documents';
import { LocalBackend, TerraformOutput, TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import type { Archive, FunctionName } from './bundle';
import { VARIABLES } from './lambda/settings';
import type { ModelSettings } from './models';
import { type Names, permissionsOf, STAGE } from './policies';

export interface AssistantStackProps {
  readonly environment: Environment;
  readonly model: Omit<ModelSettings, 'apiKey'>;
  /** Name of the secret with the key of the model's provider. @default none; Bedrock needs none */
  readonly modelSecret?: string;
  readonly archives: Readonly<Record<FunctionName, Archive>>;
}

/** Name of the agent in `roles/project.yaml`. */
const AGENT = 'assistant';
const LOG_DAYS = 30;
const SECONDS = { authorizer: 10, message: 29, worker: 900, runner: 60 } as const;

export class AssistantStack extends TerraformStack {
  readonly #names: Names;
  readonly #props: AssistantStackProps;

  constructor(scope: Construct, id: string, props: AssistantStackProps) {
    super(scope, id);
    const { environment, model, modelSecret } = props;
    const { account, region } = environment;
    this.#props = props;
    this.#names = {
      place: environment,
      prefix: `${stackName(environment)}-chat`,
      models: model.provider === 'bedrock' ? modelArns(environment, model.model) : [],
      ...(modelSecret === undefined ? {} : { secret: modelSecret }),
    };
    new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    const defaultTags = [{ tags: { 'leasehold-example': environment.project } }];
    new AwsProvider(this, 'aws', { region, allowedAccountIds: [account], defaultTags });
    this.addOverride('terraform.required_providers.aws', { source: 'hashicorp/aws', version: '>= 5.100, < 7' });
    const broker = new TerraformVariable(this, 'broker_url', {
      type: 'string',
      nullable: false,
      description: "The broker's address: `broker.url` in the output `leasehold` of the bank's stack.",
      validation: [
        {
          condition: '${startswith(var.broker_url, "https://")}',
          errorMessage: 'The address must begin with https://.',
        },
      ],
    });

    const { prefix } = this.#names;
    const table = (name: string, hashKey: string, rangeKey?: string) =>
      new DynamodbTable(this, `${name}-table`, {
        name: `${prefix}-${name}`,
        billingMode: 'PAY_PER_REQUEST',
        hashKey,
        ...(rangeKey === undefined ? {} : { rangeKey }),
        attribute: [{ name: hashKey, type: 'S' }, ...(rangeKey === undefined ? [] : [{ name: rangeKey, type: 'N' }])],
        ttl: { attributeName: 'expiresAt', enabled: true },
        serverSideEncryption: { enabled: true },
      });
    table('conversations', 'conversation', 'sequence');
    table('connections', 'connection');

    const api = new Apigatewayv2Api(this, 'api', {
      name: prefix,
      protocolType: 'WEBSOCKET',
      routeSelectionExpression: '$request.body.type',
    });
    const endpoint = `https://${api.id}.execute-api.${region}.amazonaws.com/${STAGE}`;
    const conversations = { [VARIABLES.conversations]: `${prefix}-conversations` };
    const [subject] = environment.broker?.subjects ?? [];
    if (subject === undefined) throw new TypeError('the broker accepts no tokens of users: add `subjects`');
    const variables: Readonly<Record<FunctionName, Readonly<Record<string, string>>>> = {
      authorizer: {
        [VARIABLES.issuer]: subject.issuer,
        [VARIABLES.clientId]: subject.audiences[0] ?? '',
      },
      message: {
        ...conversations,
        [VARIABLES.connections]: `${prefix}-connections`,
        [VARIABLES.endpoint]: endpoint,
        [VARIABLES.worker]: `${prefix}-worker`,
      },
      worker: {
        ...conversations,
        [VARIABLES.endpoint]: endpoint,
        [VARIABLES.runner]: `${prefix}-runner`,
        [VARIABLES.provider]: model.provider,
        [VARIABLES.model]: model.model,
        ...(model.url === undefined ? {} : { [VARIABLES.modelUrl]: model.url }),
        ...(modelSecret === undefined ? {} : { [VARIABLES.modelSecret]: modelSecret }),
      },
      runner: {
        [VARIABLES.broker]: broker.stringValue,
        [VARIABLES.tables]: `${stackName(environment)}-`,
      },
    };
    const agent = environment.agents.find(({ name }) => name === AGENT);
    if (agent?.identity.type !== 'lambda') throw new TypeError(`the agent ${AGENT} must have the identity type lambda`);
    const permissions = permissionsOf(this.#names, api.executionArn);
    const own = (name: 'authorizer' | 'message' | 'worker') =>
      this.#function(
        name,
        this.#role(name, JSON.stringify({ Version: '2012-10-17', Statement: permissions[name] })),
        variables[name],
      );
    const authorizer = own('authorizer');
    const message = own('message');
    own('worker');
    this.#function('runner', agentArn(agent, environment), variables.runner);
    // A turn is run once. A second run would ask for the leases again.
    new LambdaFunctionEventInvokeConfig(this, 'worker-once', {
      functionName: `${prefix}-worker`,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
      dependsOn: [this.node.findChild('worker') as LambdaFunction],
    });
    this.#routes(api, authorizer, message);
    new TerraformOutput(this, 'address', {
      value: `wss://${api.id}.execute-api.${region}.amazonaws.com/${STAGE}`,
      description: 'Write this address as `console.assistant` into roles/broker.yaml.',
    });
  }

  #role(name: string, policy: string): string {
    const role = new IamRole(this, `${name}-role`, {
      name: `${this.#names.prefix}-${name}`,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    new IamRolePolicy(this, `${name}-policy`, { name: 'own', role: role.name, policy });
    return role.arn;
  }

  #function(name: FunctionName, role: string, variables: Readonly<Record<string, string>>): LambdaFunction {
    const functionName = `${this.#names.prefix}-${name}`;
    // The agent's role cannot write a log, so its function has none.
    const logs =
      name === 'runner'
        ? []
        : [
            new CloudwatchLogGroup(this, `${name}-log`, {
              name: `/aws/lambda/${functionName}`,
              retentionInDays: LOG_DAYS,
            }),
          ];
    return new LambdaFunction(this, name, {
      functionName,
      role,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      filename: `${name}.zip`,
      sourceCodeHash: this.#props.archives[name].hash,
      memorySize: 512,
      timeout: SECONDS[name],
      environment: { variables },
      dependsOn: logs,
    });
  }

  #routes(api: Apigatewayv2Api, authorizer: LambdaFunction, message: LambdaFunction): void {
    const check = new Apigatewayv2Authorizer(this, 'access-token', {
      apiId: api.id,
      name: 'access-token',
      authorizerType: 'REQUEST',
      authorizerUri: authorizer.invokeArn,
      // A connection without the header is refused before the function is called. The address is never looked at.
      identitySources: ['route.request.header.Sec-WebSocket-Protocol'],
    });
    const integration = new Apigatewayv2Integration(this, 'messages', {
      apiId: api.id,
      integrationType: 'AWS_PROXY',
      integrationUri: message.invokeArn,
    });
    const target = `integrations/${integration.id}`;
    const connect = new Apigatewayv2Route(this, 'connect', {
      apiId: api.id,
      routeKey: '$connect',
      authorizationType: 'CUSTOM',
      authorizerId: check.id,
      target,
    });
    const others = (['$disconnect', '$default'] as const).map(
      (routeKey) => new Apigatewayv2Route(this, routeKey.slice(1), { apiId: api.id, routeKey, target }),
    );
    new Apigatewayv2Stage(this, 'stage', {
      apiId: api.id,
      name: STAGE,
      autoDeploy: true,
      // Neither requests nor the authorizer's context are logged: both contain the token.
      defaultRouteSettings: {
        throttlingRateLimit: 20,
        throttlingBurstLimit: 50,
        loggingLevel: 'OFF',
        dataTraceEnabled: false,
      },
      dependsOn: [connect, ...others],
    });
    for (const [name, called, route] of [
      ['authorizer', authorizer, `authorizers/${check.id}`],
      ['message', message, `${STAGE}/*`],
    ] as const) {
      new LambdaPermission(this, `${name}-permission`, {
        statementId: 'api',
        action: 'lambda:InvokeFunction',
        functionName: called.functionName,
        principal: 'apigateway.amazonaws.com',
        sourceArn: `${api.executionArn}/${route}`,
      });
    }
  }
}

/**
 * The ARNs that a call of a model needs: the model, or the inference profile and the model in each region of the profile.
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
 */
function modelArns({ partition, region, account }: Environment, model: string): readonly string[] {
  const [, area] = /^(us|eu|apac|global)\./.exec(model) ?? [];
  if (area === undefined) return [`arn:${partition}:bedrock:${region}::foundation-model/${model}`];
  return [
    `arn:${partition}:bedrock:${region}:${account}:inference-profile/${model}`,
    `arn:${partition}:bedrock:*::foundation-model/${model.slice(area.length + 1)}`,
  ];
}
