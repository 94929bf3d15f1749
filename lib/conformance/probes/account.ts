/** Read-only probes about quotas and event patterns. */
import { alertRegions, alertRules } from '@leasehold/documents';
import { COUNT_QUOTAS, DOCUMENT_QUOTAS } from '@leasehold/policy';
import { Inconclusive } from '../inconclusive';
import { holds, type RunnableProbe, violated } from '../probe';
import { undecided } from '../verdicts';

export const accountQuotas: RunnableProbe = {
  id: 'account-quotas',
  topic: 'policies',
  assumption: 'A trust policy can have as many characters, and an account as many roles, as the guardrails assume',
  tried: 'The probe calls IAM’s GetAccountSummary to read the quotas of the account.',
  consequence: 'A stack can pass the guardrails and still fail when it is applied.',
  change: 'Raise the quotas in the Service Quotas console.',
  run: async (bench) => {
    const { output, ...answer } = await bench.ask(
      'iam',
      'GetAccountSummary',
      {},
      { what: 'the quotas', region: bench.lab.administrator.region },
    );
    if (answer.outcome !== 'allowed') return undecided(answer);
    const summary: Readonly<Record<string, number>> = output?.SummaryMap ?? {};
    const demanded = [
      ['AssumeRolePolicySizeQuota', DOCUMENT_QUOTAS['trust-policy'].limit],
      ['RolesQuota', COUNT_QUOTAS.rolesPerAccount.value],
    ] as const;
    const measured = Object.fromEntries(
      demanded.map(([name, least]) => [name, `${summary[name] ?? 'not stated'} (assumed: ${least})`]),
    );
    if (demanded.some(([name]) => summary[name] === undefined)) {
      throw new Inconclusive('GetAccountSummary does not return these quotas.');
    }
    const less = demanded.filter(([name, least]) => (summary[name] ?? 0) < least).map(([name]) => name);
    return less.length === 0
      ? holds('The quotas of the account are at least as large as Leasehold assumes.', measured)
      : violated(`Smaller than assumed: ${less.join(', ')}.`, measured);
  },
};

export const alertWildcards: RunnableProbe = {
  id: 'alert-wildcards',
  topic: 'services',
  assumption:
    'EventBridge accepts the patterns of the alert rules, with the `wildcard` matchers for working hours from 8 to 18',
  tried:
    'EventBridge’s TestEventPattern is called with the pattern of each alert rule, for working hours from 8 to 18. The call creates nothing, so the probe does not test limits that only PutRule checks.',
  consequence: 'A stack that has alerts and such working hours cannot be applied.',
  change: 'Choose other working hours, for which the patterns need fewer matchers.',
  run: async (bench) => {
    const { environment } = bench.lab.plan;
    const { alerts } = environment;
    const rules =
      alerts === undefined
        ? []
        : alertRegions(environment).flatMap((region) => alertRules(environment, alerts, region));
    for (const { name, pattern } of rules) {
      const answer = await bench.ask(
        'events',
        'TestEventPattern',
        { EventPattern: JSON.stringify(pattern), Event: SAMPLE },
        { what: `the pattern of the rule ${name}` },
      );
      if (answer.code === 'InvalidEventPatternException')
        return violated(`EventBridge rejects the pattern of the rule ${name}.`);
      if (answer.outcome !== 'allowed') return undecided(answer);
    }
    return holds(`EventBridge accepts all ${rules.length} patterns.`);
  },
};

const SAMPLE = JSON.stringify({
  id: '1',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.sts',
  account: '123456789012',
  time: '2026-01-01T12:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: {},
});
