import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { ROUTES, type Route } from '@leasehold/contract/routes';
import type { Environment } from '@leasehold/definitions';
import { accessLogGroup, brokerFunctionArn, brokerName, brokerStage, logGroupArn } from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { LOG_DAYS } from './broker-function';

export interface BrokerApiProps {
  readonly environment: Environment;
  /** The Lambda function that serves every route. */
  readonly lambda: ITerraformDependable;
}

/**
 * Requests per second for all callers together, a little below the 600 calls per second that STS accepts per account.
 */
const THROTTLE = { throttlingRateLimit: 500, throttlingBurstLimit: 1000 };
/**
 * Limits of the `status` route, the only route on which a caller can keep a call open, for up to 20 seconds. The limits
 * allow about 600 concurrent calls of the 1,000 that Lambda runs per account, so that polling agents cannot keep people
 * from revoking leases.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const WAITING = { throttlingRateLimit: 25, throttlingBurstLimit: 100 };

/**
 * The access log's fields for each call: the caller, the route and the result. Body, query and path are left out
 * because an agent can put any text there.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const ACCESS_LOG = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  caller: '$context.identity.userArn',
  sourceIp: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  latency: '$context.responseLatency',
  error: '$context.error.responseType',
});

/**
 * The HTTP API. It has one route for each entry of the route table, and no default route. Every route requires a
 * signature that IAM has verified.
 */
export class BrokerApi extends Construct {
  /** Terraform expression for the API's address with its stage. */
  readonly url: string;

  constructor(scope: Construct, id: string, { environment, lambda }: BrokerApiProps) {
    super(scope, id);
    const name = brokerName(environment);
    const api = new Apigatewayv2Api(this, 'api', {
      name,
      protocolType: 'HTTP',
      description: 'Leasehold: agents and people request, approve and collect leases here',
    });
    const integration = new Apigatewayv2Integration(this, 'integration', {
      apiId: api.id,
      integrationType: 'AWS_PROXY',
      integrationMethod: 'POST',
      integrationUri: invokeArn(environment),
      payloadFormatVersion: '2.0',
    });
    const routes = Object.entries(ROUTES).map(
      ([operation, route]) =>
        new Apigatewayv2Route(this, `route-${operation}`, {
          apiId: api.id,
          routeKey: routeKey(route),
          authorizationType: 'AWS_IAM',
          target: `integrations/${integration.id}`,
        }),
    );
    this.url = this.stage(api, routes, environment);
    // Names this API by its id, not every API with the same stage name: another API could send any caller identity it
    // likes.
    new LambdaPermission(this, 'permission', {
      statementId: 'api',
      action: 'lambda:InvokeFunction',
      functionName: name,
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${api.executionArn}/${brokerStage(environment)}/*`,
      dependsOn: [lambda],
    });
  }

  private stage(api: Apigatewayv2Api, routes: readonly ITerraformDependable[], environment: Environment): string {
    const group = accessLogGroup(environment);
    const log = new CloudwatchLogGroup(this, 'access-log', { name: group, retentionInDays: LOG_DAYS });
    const stage = new Apigatewayv2Stage(this, 'stage', {
      apiId: api.id,
      name: brokerStage(environment),
      autoDeploy: true,
      defaultRouteSettings: { detailedMetricsEnabled: true, ...THROTTLE },
      routeSettings: [{ routeKey: routeKey(ROUTES.status), detailedMetricsEnabled: true, ...WAITING }],
      accessLogSettings: { destinationArn: logGroupArn(group, environment), format: ACCESS_LOG },
      dependsOn: [log, ...routes],
    });
    return `\${${stage.terraformResourceType}.${stage.friendlyUniqueId}.invoke_url}`;
  }
}

function routeKey({ method, path }: Route): string {
  return `${method} ${path}`;
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
