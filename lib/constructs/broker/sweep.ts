import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { Environment } from '@leasehold/definitions';
import { brokerFunctionArn, brokerName, SWEEP_EVENT, SWEEP_SCHEDULE, sweepRuleName } from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { after } from '../depends-on';

export interface SweepProps {
  readonly environment: Environment;
  readonly lambda: ITerraformDependable;
}

/**
 * A schedule that calls the function every minute, so that the function removes the deny statements for leases that
 * have ended.
 */
export class Sweep extends Construct {
  constructor(scope: Construct, id: string, { environment, lambda }: SweepProps) {
    super(scope, id);
    const { partition, region, account } = environment;
    const name = sweepRuleName(environment);
    const rule = new CloudwatchEventRule(this, 'rule', {
      name,
      description: 'Leasehold: removes the denies of leases that have ended',
      scheduleExpression: SWEEP_SCHEDULE,
    });
    const permission = after(
      new LambdaPermission(this, 'permission', {
        statementId: 'sweep',
        action: 'lambda:InvokeFunction',
        functionName: brokerName(environment),
        principal: 'events.amazonaws.com',
        sourceArn: `arn:${partition}:events:${region}:${account}:rule/${name}`,
      }),
      [lambda],
    );
    after(
      new CloudwatchEventTarget(this, 'target', {
        rule: name,
        arn: brokerFunctionArn(environment),
        targetId: 'broker',
        input: JSON.stringify(SWEEP_EVENT),
      }),
      [rule, permission],
    );
  }
}
