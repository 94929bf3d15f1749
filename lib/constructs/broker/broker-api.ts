import { Apigatewayv2Api } from '@cdktf/provider-aws/lib/apigatewayv2-api';
import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { Apigatewayv2Stage } from '@cdktf/provider-aws/lib/apigatewayv2-stage';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { defined } from '@leasehold/contract/defined';
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
import { ConsoleFunction } from './console-function';
import { functionIntegration } from './function-integration';
import { PeopleDoor } from './people-door';
import type { UserPool } from './user-pool';

export interface BrokerApiProps {
  readonly environment: Environment;
  readonly broker: Broker;
  /** Folder of the console's function. @default the bundle in the Leasehold package */
  readonly consoleCode?: string;
}

/**
 * The HTTP API. It has one route for each entry of the route table, and no default route. Every route requires a
 * signature that IAM has verified. If people sign in, each entry has a second route that requires an access token, and
 * there are routes for the files of the console.
 */
export class BrokerApi extends Construct {
  /** Terraform expression for the API's address with its stage. */
  readonly url: string;
  /** The host name to which the DNS record of the console's domain points; defined if the console has a domain. */
  readonly dnsTarget?: string;
  /** The stack's user pool; defined if people sign in to it. */
  readonly userPool?: UserPool;
  private readonly api: Apigatewayv2Api;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BrokerApiProps,
  ) {
    super(scope, id);
    const { environment, broker, consoleCode } = props;
    const { people, console } = broker;
    const name = brokerName(environment);
    const api = new Apigatewayv2Api(this, 'api', {
      name,
      protocolType: 'HTTP',
      description: 'Leasehold: agents and people request, approve and collect leases here',
    });
    this.api = api;
    const integration = new Apigatewayv2Integration(
      this,
      'integration',
      functionIntegration(api.id, brokerFunctionArn(environment), environment),
    );
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
    const site =
      people &&
      new ConsoleFunction(this, 'console-function', {
        environment,
        people,
        api,
        ...defined({ userPool: this.userPool, code: consoleCode }),
      });
    const stage = this.stage([...routes, ...(door?.routes ?? []), ...(site?.routes ?? [])]);
    this.url = `\${${stage.terraformResourceType}.${stage.friendlyUniqueId}.invoke_url}`;
    if (console) {
      const { target: dnsTarget } = new ConsoleDomain(this, 'console', {
        console,
        apiId: api.id,
        stage: brokerStage(environment),
        dependsOn: [stage],
      });
      this.dnsTarget = dnsTarget;
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
