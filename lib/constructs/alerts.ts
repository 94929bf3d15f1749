import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import type { Alerts as AlertSettings, Environment } from '@leasehold/definitions';
import {
  alertRegions,
  alertRuleName,
  alertRules,
  alertTopicArn,
  alertTopicName,
  alertTopicPolicy,
} from '@leasehold/documents';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { literalJson } from './literal';
import { Trail } from './trail';

export interface AlertsProps {
  readonly environment: Environment;
  readonly alerts: AlertSettings;
  /**
   * Provider for the region in which CloudTrail delivers IAM's events. Required if the environment is in another
   * region.
   */
  readonly iamEventsProvider?: TerraformProvider;
}

/**
 * Alerts on refused or out-of-hours lease requests, and on any change to the agent identities or the roles. EventBridge
 * rules publish them to an SNS topic.
 *
 * CloudTrail delivers IAM's events in one region per partition. An environment in another region therefore has rules
 * and a second topic in that region too.
 */
export class Alerts extends Construct {
  /** ARNs of the topics that people subscribe to, known at synth. */
  readonly topicArns: readonly string[];

  constructor(scope: Construct, id: string, { environment, alerts, iamEventsProvider }: AlertsProps) {
    super(scope, id);
    this.topicArns = alertRegions(environment).map((region) => {
      const home = region === environment.region;
      const place = { region, provider: home ? undefined : iamEventsProvider };
      return new AlertTopic(this, home ? 'home' : 'iam', { environment, alerts, ...place }).arn;
    });
    if (alerts.trail === 'create') new Trail(this, 'trail', { environment });
  }
}

interface AlertTopicProps {
  readonly environment: Environment;
  readonly alerts: AlertSettings;
  readonly region: string;
  readonly provider: TerraformProvider | undefined;
}

class AlertTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { environment, alerts, region, provider }: AlertTopicProps) {
    super(scope, id);
    const place = provider ? { provider } : {};
    this.arn = alertTopicArn(environment, region);

    const topic = new SnsTopic(this, 'topic', { name: alertTopicName(environment), ...place });
    const policy = new SnsTopicPolicy(this, 'topic-policy', {
      arn: this.arn,
      policy: literalJson(alertTopicPolicy(environment, alerts, region)),
      dependsOn: [topic],
      ...place,
    });
    for (const rule of alertRules(environment, alerts, region)) {
      const name = alertRuleName(rule, environment);
      const eventRule = new CloudwatchEventRule(this, rule.name, {
        name,
        description: rule.description,
        eventPattern: literalJson(rule.pattern),
        state: rule.readOnly ? 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' : 'ENABLED',
        ...place,
      });
      new CloudwatchEventTarget(this, `${rule.name}-target`, {
        rule: name,
        arn: this.arn,
        targetId: 'alerts',
        dependsOn: [eventRule, policy],
        ...place,
      });
    }
    alerts.emails.forEach((email, index) => {
      new SnsTopicSubscription(this, `email-${index + 1}`, {
        topicArn: this.arn,
        protocol: 'email',
        endpoint: email,
        dependsOn: [topic],
        ...place,
      });
    });
  }
}
