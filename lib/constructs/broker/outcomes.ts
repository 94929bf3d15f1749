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
  GROUPS_GIVEN,
  groupsGivenRuleName,
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
 * was changed or removed is told to people, too: nothing of ours does either. So is that somebody was given groups.
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
    if (!environment.alerts) return;
    this.tell(environment, bus, {
      id: 'record-changed',
      name: recordChangedRuleName(environment),
      description: 'A record of a lease was changed or removed, which nothing of Leasehold ever does',
      pattern: RECORD_CHANGED,
    });
    this.tell(environment, bus, {
      id: 'groups-given',
      name: groupsGivenRuleName(environment),
      description: 'An administrator gave somebody groups, with which they may ask for more roles',
      pattern: GROUPS_GIVEN,
    });
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

  /** A rule of the bus that tells people. */
  private tell(
    environment: Environment,
    bus: CloudwatchEventBus,
    { id, name, description, pattern }: { id: string; name: string; description: string; pattern: object },
  ): void {
    const rule = after(
      new CloudwatchEventRule(this, id, {
        name,
        description,
        eventBusName: brokerBusName(environment),
        eventPattern: literalJson(pattern),
      }),
      [bus],
    );
    after(
      new CloudwatchEventTarget(this, `${id}-target`, {
        rule: name,
        eventBusName: brokerBusName(environment),
        arn: alertTopicArn(environment, environment.region),
        targetId: 'alerts',
      }),
      [rule],
    );
  }
}
