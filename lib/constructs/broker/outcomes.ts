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
  hasPasskeys,
  KEYS_CHANGED,
  keysChangedRuleName,
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
import { after } from '../depends-on';
import { type ExclusiveRole, exclusiveRole } from '../exclusive-role';
import { literalJson } from '../literal';
import { managedPolicy } from '../managed-policy';

export interface OutcomesProps {
  readonly environment: Environment;
  /** Token for the ARN of the events table's stream. */
  readonly streamArn: string;
}

/**
 * Sends lease outcomes to an event bus: a pipe reads them from the stream of the events table. If the project has
 * alerts, people are also notified when a record is changed or removed, which Leasehold never does, and when an
 * administrator adds groups to a principal.
 */
export class Outcomes extends Construct {
  constructor(scope: Construct, id: string, { environment, streamArn }: OutcomesProps) {
    super(scope, id);
    const bus = new CloudwatchEventBus(this, 'bus', { name: brokerBusName(environment) });
    const { policies } = this.role(environment);
    after(
      new PipesPipe(this, 'pipe', {
        name: outcomesPipeName(environment),
        description: 'Leasehold: sends lease outcomes to the event bus',
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
      description: 'A lease record was changed or removed, which Leasehold never does',
      pattern: RECORD_CHANGED,
    });
    this.tell(environment, bus, {
      id: 'groups-given',
      name: groupsGivenRuleName(environment),
      description: 'An administrator added groups to a principal, who may now ask for more roles',
      pattern: GROUPS_GIVEN,
    });
    if (!hasPasskeys(environment)) return;
    this.tell(environment, bus, {
      id: 'keys-changed',
      name: keysChangedRuleName(environment),
      description: 'The passkeys of a person changed, or somebody tried a wrong one-time code',
      pattern: KEYS_CHANGED,
    });
  }

  private role(environment: Environment): ExclusiveRole {
    const name = outcomesRoleName(environment);
    const boundary = managedPolicy(this, {
      id: 'boundary',
      name: boundaryName(name),
      document: outcomesBoundary(environment),
      description: 'Boundary of the outcomes role: it can read one stream and put events on one bus.',
      environment,
    });
    return exclusiveRole(this, {
      name,
      path: OUTCOMES_PATH,
      description: 'Sends lease outcomes from the stream of the events table to the event bus.',
      trust: outcomesTrust(environment),
      boundaryArn: policyArn(boundaryName(name), environment),
      inline: { outcomes: outcomesPermissions(environment) },
      dependsOn: [boundary],
    });
  }

  /** Adds a rule to the bus. The rule publishes matching events to the alert topic. */
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
