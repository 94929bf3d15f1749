import { Apigatewayv2Integration } from '@cdktf/provider-aws/lib/apigatewayv2-integration';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { CONSOLE_PATH } from '@leasehold/contract/console-site';
import type { Environment, People } from '@leasehold/definitions';
import {
  boundaryName,
  brokerStage,
  CONSOLE_FUNCTION_SETTINGS,
  CONSOLE_ROLE_PATH,
  CONSOLE_ROUTES,
  CONSOLE_VARIABLES,
  consoleBoundary,
  consoleFunctionArn,
  consoleFunctionName,
  consoleLogGroup,
  consolePermissions,
  consoleRoleArn,
  consoleTrust,
  consoleVariables,
  policyArn,
} from '@leasehold/documents';
import { type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { after } from '../depends-on';
import { type ExclusiveRole, exclusiveRole } from '../exclusive-role';
import { literalValue } from '../literal';
import { managedPolicy } from '../managed-policy';
import { writeStackFile } from '../stack-file';
import { LOG_DAYS } from './broker-function';
import { functionIntegration } from './function-integration';
import { CONSOLE_ARCHIVE, consolePackage } from './package';
import type { UserPool } from './user-pool';

export interface ConsoleFunctionProps {
  readonly environment: Environment;
  readonly people: People;
  /** The stack's user pool, if people sign in to it. */
  readonly userPool?: UserPool;
  readonly api: { readonly id: string; readonly executionArn: string };
  /** Folder of the function's code and of the built console. @default the bundle in the Leasehold package */
  readonly code?: string;
}

/**
 * The function that serves the console's files on the API, its role and its routes. The function can write its own log
 * and do nothing else. Its routes require no signature, because a browser must load the page before anybody signs in.
 */
export class ConsoleFunction extends Construct {
  readonly routes: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, { environment, people, userPool, api, code }: ConsoleFunctionProps) {
    super(scope, id);
    const archive = consolePackage(code);
    writeStackFile(TerraformStack.of(this), CONSOLE_ARCHIVE, archive.bytes);
    const name = consoleFunctionName(environment);
    const { policies } = this.role(environment);
    const log = new CloudwatchLogGroup(this, 'log', { name: consoleLogGroup(environment), retentionInDays: LOG_DAYS });
    const lambda = after(
      new LambdaFunction(this, 'function', {
        functionName: name,
        description: "Leasehold: serves the console's files",
        role: consoleRoleArn(environment),
        runtime: CONSOLE_FUNCTION_SETTINGS.runtime,
        architectures: ['arm64'],
        handler: CONSOLE_FUNCTION_SETTINGS.handler,
        filename: CONSOLE_ARCHIVE,
        sourceCodeHash: archive.hash,
        memorySize: CONSOLE_FUNCTION_SETTINGS.memorySize,
        timeout: CONSOLE_FUNCTION_SETTINGS.timeout,
        environment: {
          variables: {
            ...literalValue(consoleVariables(environment, people)),
            ...(userPool && {
              [CONSOLE_VARIABLES.issuer]: userPool.issuer,
              [CONSOLE_VARIABLES.clientId]: userPool.clientId,
            }),
          },
        },
      }),
      [log, ...policies],
    );
    const integration = new Apigatewayv2Integration(
      this,
      'integration',
      functionIntegration(api.id, consoleFunctionArn(environment), environment),
    );
    this.routes = Object.entries(CONSOLE_ROUTES).map(
      ([part, key]) =>
        new Apigatewayv2Route(this, `route-${part}`, {
          apiId: api.id,
          routeKey: key,
          authorizationType: 'NONE',
          target: `integrations/${integration.id}`,
        }),
    );
    after(
      new LambdaPermission(this, 'permission', {
        statementId: 'api',
        action: 'lambda:InvokeFunction',
        functionName: name,
        principal: 'apigateway.amazonaws.com',
        sourceArn: `${api.executionArn}/${brokerStage(environment)}/GET${CONSOLE_PATH}*`,
      }),
      [lambda],
    );
  }

  private role(environment: Environment): ExclusiveRole {
    const name = consoleFunctionName(environment);
    const boundary = managedPolicy(this, {
      id: 'boundary',
      name: boundaryName(name),
      document: consoleBoundary(environment),
      description: "Boundary of the console's role: it can write one log.",
      environment,
    });
    return exclusiveRole(this, {
      name,
      path: CONSOLE_ROLE_PATH,
      description: "Execution role of the function that serves the console's files.",
      trust: consoleTrust(),
      boundaryArn: policyArn(boundaryName(name), environment),
      inline: { log: consolePermissions(environment) },
      dependsOn: [boundary],
    });
  }
}
