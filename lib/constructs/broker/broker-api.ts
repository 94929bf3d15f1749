import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { peopleRoute, ROUTES, type Route } from '@leasehold/contract/routes';
import type { Broker, Environment } from '@leasehold/definitions';
import { accessLogGroup, brokerFunctionArn, brokerName, brokerStage, logGroupArn } from '@leasehold/documents';
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
 * Requests per second for all callers together, a little below the 600 calls per second that STS accepts per account.
 */
const THROTTLE = { throttlingRateLimit: 500, throttlingBurstLimit: 1000 };
/**
 * Limits of the `status` routes, the only routes on which a caller can keep a call open, for up to 20 seconds. The limits
 * allow about 600 concurrent calls of the 1,000 that Lambda runs per account, so that polling agents cannot keep people
 * from revoking leases.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const WAITING = { throttlingRateLimit: 25, throttlingBurstLimit: 100 };
/** The same for people who sign in: about 250 more, so that both together stay below Lambda's quota. */
const WAITING_PEOPLE = { throttlingRateLimit: 10, throttlingBurstLimit: 50 };

/**
 * The access log's fields for each call: the caller, the route and the result. Body, query and path are left out
 * because an agent can put any text there.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  caller: '$context.identity.userArn',
  sourceIp: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  latency: '$context.responseLatency',
  error: '$context.error.responseType',
};
/** The field for people who sign in: the id that the issuer gave them. */
const ACCESS_LOG_OF_PEOPLE = { person: '$context.authorizer.claims.sub' };

/**
 * The HTTP API. It has one route for each entry of the route table, and no default route. Every route requires a
 * signature that IAM has verified. Where people sign in, each entry has a second route that requires an access token.
 */
export class BrokerApi extends Construct {
  /** Terraform expression for the API's address with its stage. */
  readonly url: string;
  /** Set where people sign in to a user pool of the stack's own. */
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
    // The stage's own address would be a cycle: it depends on the routes, they on the authorizer, it on the client.
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

  /** Lets the API call the function that serves every route. */
  calls(lambda: ITerraformDependable): void {
    const { environment } = this.props;
    // Names this API by its id, not every API with the same stage name: another API could send any caller identity it
    // likes.
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
    const { environment, broker } = this.props;
    const fields = broker.people ? { ...ACCESS_LOG, ...ACCESS_LOG_OF_PEOPLE } : ACCESS_LOG;
    const waiting = [
      { routeKey: routeKey(ROUTES.status), ...WAITING },
      ...(broker.people ? [{ routeKey: routeKey(peopleRoute(ROUTES.status)), ...WAITING_PEOPLE }] : []),
    ];
    const group = accessLogGroup(environment);
    const log = new CloudwatchLogGroup(this, 'access-log', { name: group, retentionInDays: LOG_DAYS });
    return new Apigatewayv2Stage(this, 'stage', {
      apiId: this.api.id,
      name: brokerStage(environment),
      autoDeploy: true,
      defaultRouteSettings: { detailedMetricsEnabled: true, ...THROTTLE },
      routeSettings: waiting.map((limits) => ({ detailedMetricsEnabled: true, ...limits })),
      accessLogSettings: { destinationArn: logGroupArn(group, environment), format: JSON.stringify(fields) },
      dependsOn: [log, ...routes],
    });
  }
}

function routeKey({ method, path }: Pick<Route, 'method' | 'path'>): string {
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
