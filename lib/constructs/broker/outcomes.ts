import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { PipesPipe } from '@cdktf/provider-aws/lib/pipes-pipe';
import type { Environment } from '@leasehold/definitions';
import {
  alertTopicArn,
  boundaryName,
  brokerBusArn,
  brokerBusName,
  OUTCOME_FILTERS,
  OUTCOME_SOURCE,
  OUTCOME_TEMPLATE,
  OUTCOME_TYPE,
  OUTCOMES_PATH,
  outcomesBoundary,
  outcomesPermissions,
  outcomesPipeName,
  outcomesRoleArn,
  outcomesRoleName,
  outcomesTrust,
  policyArn,
  RECORD_CHANGED,
  recordChangedRuleName,
} from '@leasehold/documents';
import { Construct } from 'constructs';
import { after } from '../after';
import { type ExclusiveRole, exclusiveRole } from '../exclusive-role';
import { literalJson } from '../literal';
import { managedPolicy } from '../managed-policy';

export interface OutcomesProps {
  readonly environment: Environment;
  /** Token for the ARN of the events' stream. */
  readonly streamArn: string;
}

/**
 * Outcomes of leases on an event bus, told by a pipe from the stream of what is on record. With alerts, a record that
 * was changed or removed is told to people, too: nothing of ours does either.
 */
export class Outcomes extends Construct {
  constructor(scope: Construct, id: string, { environment, streamArn }: OutcomesProps) {
    super(scope, id);
    const bus = new CloudwatchEventBus(this, 'bus', { name: brokerBusName(environment) });
    const { policies } = this.role(environment);
    after(
      new PipesPipe(this, 'pipe', {
        name: outcomesPipeName(environment),
        description: 'Leasehold: tells outcomes of leases',
        roleArn: outcomesRoleArn(environment),
        source: streamArn,
        sourceParameters: {
          dynamodbStreamParameters: { startingPosition: 'TRIM_HORIZON', batchSize: 10 },
          filterCriteria: { filter: OUTCOME_FILTERS.map((pattern) => ({ pattern: literalJson(pattern) })) },
        },
        target: brokerBusArn(environment),
        targetParameters: {
          eventbridgeEventBusParameters: { source: OUTCOME_SOURCE, detailType: OUTCOME_TYPE },
          inputTemplate: OUTCOME_TEMPLATE,
        },
      }),
      [bus, ...policies],
    );
    if (environment.alerts) this.recordChanged(environment, bus);
  }

  private role(environment: Environment): ExclusiveRole {
    const name = outcomesRoleName(environment);
    const boundary = managedPolicy(this, {
      id: 'boundary',
      name: boundaryName(name),
      document: outcomesBoundary(environment),
      description: 'Boundary of the role that tells outcomes: it reads one stream and tells one bus.',
      environment,
    });
    return exclusiveRole(this, {
      name,
      path: OUTCOMES_PATH,
      description: 'Tells the outcomes of leases, from the stream of their events to the event bus.',
      trust: outcomesTrust(environment),
      boundaryArn: policyArn(boundaryName(name), environment),
      inline: { outcomes: outcomesPermissions(environment) },
      dependsOn: [boundary],
    });
  }

  private recordChanged(environment: Environment, bus: CloudwatchEventBus): void {
    const name = recordChangedRuleName(environment);
    const rule = after(
      new CloudwatchEventRule(this, 'record-changed', {
        name,
        description: 'A record of a lease was changed or removed, which nothing of Leasehold ever does',
        eventBusName: brokerBusName(environment),
        eventPattern: literalJson(RECORD_CHANGED),
      }),
      [bus],
    );
    after(
      new CloudwatchEventTarget(this, 'record-changed-target', {
        rule: name,
        eventBusName: brokerBusName(environment),
        arn: alertTopicArn(environment, environment.region),
        targetId: 'alerts',
      }),
      [rule],
    );
  }
}
