import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { Environment } from '@leasehold/definitions';
import {
  brokerLogGroup,
  brokerName,
  brokerRoleArn,
  brokerVariables,
  FUNCTION_SETTINGS,
  RECORD_KEY_VARIABLE,
  USER_POOL_CLIENT_VARIABLE,
  USER_POOL_VARIABLE,
} from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { after } from '../depends-on';
import { BROKER_ARCHIVE, type FunctionPackage } from './package';
import type { RecordKey } from './record-key';
import type { UserPool } from './user-pool';

export interface BrokerFunctionProps {
  readonly environment: Environment;
  readonly archive: FunctionPackage;
  /** The key that authenticates the lease records. */
  readonly recordKey: RecordKey;
  /** The stack's user pool, whose tokens the function accepts. */
  readonly userPool?: UserPool;
  /** Resources that must exist before the function: the execution role and its policies. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Number of days for which the function's log and the API's access log are kept. */
export const LOG_DAYS = 365;

/** The broker's function and its log group. */
export class BrokerFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: BrokerFunctionProps) {
    super(scope, id);
    const { environment, archive, recordKey, userPool, dependsOn } = props;
    const log = new CloudwatchLogGroup(this, 'log', { name: brokerLogGroup(environment), retentionInDays: LOG_DAYS });
    this.lambda = after(
      new LambdaFunction(this, 'function', {
        functionName: brokerName(environment),
        description: 'Leasehold: decides on leases and issues their sessions',
        role: brokerRoleArn(environment),
        runtime: FUNCTION_SETTINGS.runtime,
        architectures: ['arm64'],
        handler: FUNCTION_SETTINGS.handler,
        filename: BROKER_ARCHIVE,
        sourceCodeHash: archive.hash,
        memorySize: 512,
        timeout: FUNCTION_SETTINGS.timeout,
        tracingConfig: { mode: 'Active' },
        environment: {
          variables: {
            ...brokerVariables(environment),
            [RECORD_KEY_VARIABLE]: recordKey.arn,
            ...(userPool && { [USER_POOL_VARIABLE]: userPool.issuer, [USER_POOL_CLIENT_VARIABLE]: userPool.clientId }),
          },
        },
      }),
      [log, recordKey.alias, ...dependsOn],
    );
  }
}
