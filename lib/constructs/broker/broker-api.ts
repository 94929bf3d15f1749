import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { ROUTES } from '@leasehold/contract/routes';
import type { Broker, Environment } from '@leasehold/definitions';
import {
  accessLogFormat,
  accessLogGroup,
  brokerFunctionArn,
  brokerName,
  brokerStage,
  logGroupArn,
  routeKey,
  routeLimits,
  STAGE_LIMITS,
} from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { LOG_DAYS } from './broker-function';
import { ConsoleDomain } from './console-domain';
import { PeopleDoor } from './people-door';
import type { UserPool } from './user-pool';

export interface BrokerApiProps {
  readonly environment: Environment;
  readonly broker: Broker;
}

/**
 * The HTTP API. It has one route for each entry of the route table, and no default route. Every route requires a
 * signature that IAM has verified. If people sign in, each entry has a second route that requires an access token.
 */
export class BrokerApi extends Construct {
  /** Terraform expression for the API's address with its stage. */
  readonly url: string;
  /** The stack's user pool; defined if people sign in to it. */
  readonly userPool?: UserPool;
  private readonly api: Apigatewayv2Api;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BrokerApiProps,
  ) {
    super(scope, id);
    const { environment, broker } = props;
    const { people, console } = broker;
    const name = brokerName(environment);
    const api = new Apigatewayv2Api(this, 'api', {
      name,
      protocolType: 'HTTP',
      description: 'Leasehold: agents and people request, approve and collect leases here',
    });
    this.api = api;
    const integration = new Apigatewayv2Integration(this, 'integration', {
      apiId: api.id,
      integrationType: 'AWS_PROXY',
      integrationMethod: 'POST',
      integrationUri: invokeArn(environment),
      payloadFormatVersion: '2.0',
    });
    const target = `integrations/${integration.id}`;
    const routes = Object.entries(ROUTES).map(
      ([operation, route]) =>
        new Apigatewayv2Route(this, `route-${operation}`, {
          apiId: api.id,
          routeKey: routeKey(route),
          authorizationType: 'AWS_IAM',
          target,
        }),
    );
    // Using the stage's URL would cause a dependency cycle: the stage depends on the routes, the routes on the
    // authorizer, and the authorizer on the user pool client, which needs the URL.
    const address = console ? `https://${console.domain}` : `${api.apiEndpoint}/${brokerStage(environment)}`;
    const door = people && new PeopleDoor(this, 'people', { environment, people, apiId: api.id, target, address });
    if (door?.userPool) this.userPool = door.userPool;
    const stage = this.stage([...routes, ...(door?.routes ?? [])]);
    this.url = `\${${stage.terraformResourceType}.${stage.friendlyUniqueId}.invoke_url}`;
    if (console) {
      new ConsoleDomain(this, 'console', {
        console,
        apiId: api.id,
        stage: brokerStage(environment),
        dependsOn: [stage],
      });
    }
  }

  /** Permits the API to call the function that serves all routes. */
  calls(lambda: ITerraformDependable): void {
    const { environment } = this.props;
    // The permission contains the id of this API. A pattern with the stage name would also match other APIs, which
    // could send forged caller identities.
    new LambdaPermission(this, 'permission', {
      statementId: 'api',
      action: 'lambda:InvokeFunction',
      functionName: brokerName(environment),
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${this.api.executionArn}/${brokerStage(environment)}/*`,
      dependsOn: [lambda],
    });
  }

  private stage(routes: readonly ITerraformDependable[]): Apigatewayv2Stage {
    const { environment } = this.props;
    const group = accessLogGroup(environment);
    const log = new CloudwatchLogGroup(this, 'access-log', { name: group, retentionInDays: LOG_DAYS });
    return new Apigatewayv2Stage(this, 'stage', {
      apiId: this.api.id,
      name: brokerStage(environment),
      autoDeploy: true,
      defaultRouteSettings: { detailedMetricsEnabled: true, ...STAGE_LIMITS },
      routeSettings: [...routeLimits(environment)].map(([routeKey, limits]) => ({
        detailedMetricsEnabled: true,
        routeKey,
        ...limits,
      })),
      accessLogSettings: { destinationArn: logGroupArn(group, environment), format: accessLogFormat(environment) },
      dependsOn: [log, ...routes],
    });
  }
}

/**
 * The URI with which API Gateway calls a function:
 * https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
 */
function invokeArn(environment: Environment): string {
  const { partition, region } = environment;
  const path = `2015-03-31/functions/${brokerFunctionArn(environment)}/invocations`;
  return `arn:${partition}:apigateway:${region}:lambda:path/${path}`;
}
