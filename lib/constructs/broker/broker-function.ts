import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { Environment } from '@leasehold/definitions';
import { brokerLogGroup, brokerName, brokerRoleArn, brokerVariables, RECORD_KEY_VARIABLE } from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { after } from '../after';
import { BROKER_ARCHIVE, BROKER_HANDLER, type BrokerPackage } from './package';
import type { RecordKey } from './record-key';

export interface BrokerFunctionProps {
  readonly environment: Environment;
  readonly archive: BrokerPackage;
  /** What authenticates the records. */
  readonly recordKey: RecordKey;
  /** What must exist first: the execution role, with its policies. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Days for which logs are kept: those of the function, and of who called the API. */
export const LOG_DAYS = 365;

/** The broker's function and its log. */
export class BrokerFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, { environment, archive, recordKey, dependsOn }: BrokerFunctionProps) {
    super(scope, id);
    const log = new CloudwatchLogGroup(this, 'log', { name: brokerLogGroup(environment), retentionInDays: LOG_DAYS });
    this.lambda = after(
      new LambdaFunction(this, 'function', {
        functionName: brokerName(environment),
        description: 'Leasehold: decides on leases and cuts their sessions',
        role: brokerRoleArn(environment),
        runtime: 'nodejs22.x',
        architectures: ['arm64'],
        handler: BROKER_HANDLER,
        filename: BROKER_ARCHIVE,
        sourceCodeHash: archive.hash,
        memorySize: 512,
        // A second less than the API waits: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
        timeout: 29,
        tracingConfig: { mode: 'Active' },
        environment: { variables: { ...brokerVariables(environment), [RECORD_KEY_VARIABLE]: recordKey.arn } },
      }),
      [log, recordKey.alias, ...dependsOn],
    );
  }
}
