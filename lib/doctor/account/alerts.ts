/** The alert topics, who is subscribed, and the rules that feed them. */
import type { Environment } from '@leasehold/definitions';
import { alertRegions, alertRuleName, alertRules, alertTopicArn, alertTopicPolicy } from '@leasehold/documents';
import { damageBy, judge } from '../roles/judge';
import { observeEach } from '../unread';
import type { AccountContext, AccountVerification, Damage, Observation } from '../verification';
import { ruleFaults } from './rules';

const hasAlerts = ({ alerts }: Environment) => alerts !== undefined;

export const alertTopics: AccountVerification = {
  id: 'alert-topics',
  part: 'account',
  severity: 'high',
  title: 'The alert topics exist, and only the alert rules and alarms may publish to them',
  why: 'A topic that nothing may publish to sends no alert. If everybody may publish to a topic, false alerts can hide a real one.',
  applies: hasAlerts,
  verify: (context) =>
    observeTopics(context, async (TopicArn, region, alerts) => {
      const found = await context.live.aws.find('sns', 'GetTopicAttributes', { TopicArn }, region);
      if (found === undefined) return [damage(TopicArn, 'The topic does not exist.')];
      return damageBy(
        judge('resource', [alertTopicPolicy(context.environment, alerts, region)], [found.Attributes?.Policy ?? '']),
        { place: TopicArn, what: "The topic's policy", hint: 'Apply the stack again.', wider: 'high' },
      );
    }),
};

export const alertSubscriptions: AccountVerification = {
  id: 'alert-subscriptions',
  part: 'account',
  severity: 'high',
  title: 'Somebody has confirmed a subscription of each alert topic',
  why: 'AWS sends nothing to an address until its owner confirms the subscription.',
  applies: hasAlerts,
  verify: (context) =>
    observeTopics(context, async (TopicArn, region, { emails }) => {
      if ((await context.live.aws.find('sns', 'GetTopicAttributes', { TopicArn }, region)) === undefined) return [];
      const pages = await context.live.aws.all('sns', 'ListSubscriptionsByTopic', { TopicArn }, region);
      const confirmed = pages
        .flatMap(({ Subscriptions = [] }) => Subscriptions)
        .filter(({ SubscriptionArn = '' }) => SubscriptionArn.startsWith('arn:'));
      const hint = 'Confirm the subscription by the link in the e-mail, or subscribe somebody.';
      const missing = emails.filter((email) => !confirmed.some(({ Endpoint }) => Endpoint === email));
      if (missing.length > 0) {
        return missing.map((email) => damage(TopicArn, `${email} has no confirmed subscription.`, hint));
      }
      return confirmed.length > 0 ? [] : [damage(TopicArn, 'Nobody has a confirmed subscription.', hint)];
    }),
};

export const alertRulesEnabled: AccountVerification = {
  id: 'alert-rules',
  part: 'account',
  severity: 'high',
  title: 'The alert rules are enabled, match what is deployed, and notify the topic',
  why: 'Disabling or narrowing a rule turns off its alert, and nobody is notified.',
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
