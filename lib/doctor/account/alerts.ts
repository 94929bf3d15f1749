/** Verifies the alert topics, their subscriptions, and the rules that send alerts to the topics. */
import type { Environment } from '@leasehold/definitions';
import { alertRegions, alertRuleName, alertRules, alertTopicArn, alertTopicPolicy } from '@leasehold/documents';
import { damageBy, judge } from '../roles/judge';
import { observeEach, present } from '../unread';
import type { AccountContext, AccountVerification, Damage, Observation } from '../verification';
import { ruleFaults } from './rules';

const hasAlerts = ({ alerts }: Environment) => alerts !== undefined;

export const alertTopics: AccountVerification = {
  id: 'alert-topics',
  part: 'account',
  severity: 'high',
  title: 'The alert topics exist, and only the alert rules and alarms may publish to them',
  why: 'If nothing may publish to a topic, the topic sends no alerts. If everybody may publish to a topic, false alerts can hide a real alert.',
  applies: hasAlerts,
  verify: (context) =>
    observeTopics(context, async (TopicArn, region, alerts) => {
      const found = await context.live.aws.find('sns', 'GetTopicAttributes', { TopicArn }, region);
      if (found === undefined) return [damage(TopicArn, 'The topic does not exist.')];
      return damageBy(
        judge(
          'resource',
          [alertTopicPolicy(context.environment, alerts, region)],
          [present(found.Attributes?.Policy, 'Policy', 'sns:GetTopicAttributes')],
        ),
        { place: TopicArn, what: "The topic's policy", hint: 'Apply the stack again.', wider: 'high' },
      );
    }),
};

export const alertSubscriptions: AccountVerification = {
  id: 'alert-subscriptions',
  part: 'account',
  severity: 'high',
  title: 'Each alert topic has a confirmed subscription that receives every alert',
  why: 'AWS sends alerts to an address only after the owner of the address has confirmed the subscription. If the subscription has a filter, AWS sends only alerts that match the filter.',
  applies: hasAlerts,
  verify: (context) =>
    observeTopics(context, async (TopicArn, region, { emails }) => {
      if ((await context.live.aws.find('sns', 'GetTopicAttributes', { TopicArn }, region)) === undefined) return [];
      const { aws } = context.live;
      const subscriptions = await aws.list('Subscriptions', 'sns', 'ListSubscriptionsByTopic', { TopicArn }, region);
      const confirmed = subscriptions.filter(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:'));
      const hint = 'Confirm the subscription with the link in the e-mail, or add another subscriber.';
      const missing = emails.filter((email) => !confirmed.some(({ Endpoint }) => Endpoint === email));
      const filtered = await observeEach(
        confirmed,
        ({ SubscriptionArn = '' }) => SubscriptionArn,
        async ({ SubscriptionArn = '', Endpoint = 'a subscriber' }) => {
          const { Attributes } = await aws.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn }, region);
          const { FilterPolicy } = present(Attributes, 'Attributes', 'sns:GetSubscriptionAttributes');
          return FilterPolicy ? [damage(TopicArn, `The subscription of ${Endpoint} has a filter.`, FILTER_HINT)] : [];
        },
      );
      const nobody =
        confirmed.length > 0 || missing.length > 0
          ? []
          : [damage(TopicArn, 'Nobody has a confirmed subscription.', hint)];
      return [
        ...missing.map((email) => damage(TopicArn, `${email} has no confirmed subscription.`, hint)),
        ...nobody,
        ...filtered,
      ];
    }),
};

const FILTER_HINT = 'Remove the filter, because the subscriber does not get alerts that do not match it.';

export const alertRulesEnabled: AccountVerification = {
  id: 'alert-rules',
  part: 'account',
  severity: 'high',
  title: 'The alert rules are enabled, have the deployed patterns, and notify the topic',
  why: 'If somebody disables or narrows a rule, its alert is turned off, and nobody is notified.',
  applies: hasAlerts,
  verify: (context) =>
    observeTopics(context, (topic, region, alerts) =>
      observeEach(
        alertRules(context.environment, alerts, region),
        (rule) => `rule ${alertRuleName(rule, context.environment)} in ${region}`,
        (rule) =>
          ruleFaults(context, {
            name: alertRuleName(rule, context.environment),
            region,
            pattern: rule.pattern,
            states: [rule.readOnly ? 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' : 'ENABLED'],
            target: topic,
          }),
      ),
    ),
};

function observeTopics(
  { environment }: AccountContext,
  observe: (
    topicArn: string,
    region: string,
    alerts: NonNullable<Environment['alerts']>,
  ) => Promise<readonly Observation[]>,
): Promise<readonly Observation[]> {
  const { alerts } = environment;
  if (alerts === undefined) return Promise.resolve([]);
  return observeEach(
    alertRegions(environment),
    (region) => alertTopicArn(environment, region),
    (region) => observe(alertTopicArn(environment, region), region, alerts),
  );
}

function damage(place: string, message: string, hint = 'Apply the stack again.'): Damage {
  return { kind: 'damage', place, message, hint };
}
