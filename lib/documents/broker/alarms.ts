/** What of a broker's running is worth an alarm, as CloudWatch metrics. */
import type { Environment } from '@leasehold/definitions';
import { watchName } from '../names';
import { brokerName } from './names';
import { outcomesPipeName } from './outcomes';

/** The namespace of the function's own metrics; each has the one dimension `service`, the broker's name. */
export const METRIC_NAMESPACE = 'Leasehold';

/** One CloudWatch alarm: over `threshold` in each of `periods` periods of five minutes. */
export interface BrokerAlarm {
  /** Suffix of the alarm's name, for example `errors`. */
  readonly name: string;
  /** One sentence for whoever is woken. */
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum` over a period, or a percentile such as `p99`. */
  readonly statistic: 'Sum' | `p${number}`;
  /** Of counts, or in milliseconds. */
  readonly threshold: number;
  readonly periods: number;
}

/** The alarms of an environment's broker. */
export function brokerAlarms(environment: Environment): readonly BrokerAlarm[] {
  const name = brokerName(environment);
  const of = (namespace: string, dimensions: Readonly<Record<string, string>>) => ({
    namespace,
    dimensions,
    statistic: 'Sum' as const,
    threshold: 0,
    periods: 1,
  });
  const lambda = of('AWS/Lambda', { FunctionName: name });
  const ours = of(METRIC_NAMESPACE, { service: name });
  const pipe = of('AWS/EventBridge/Pipes', { PipeName: outcomesPipeName(environment) });
  return [
    { ...lambda, name: 'errors', metric: 'Errors', description: 'The function of the broker ended with an error' },
    { ...lambda, name: 'throttles', metric: 'Throttles', description: 'Lambda turned calls of the broker away' },
    { ...ours, name: 'failures', metric: 'Failed', description: 'The broker could not do what it was asked' },
    {
      ...ours,
      name: 'denials',
      metric: 'LeaseDenied',
      threshold: 20,
      description: 'Many leases were denied: an agent that loops, or one that is led astray',
    },
    {
      ...ours,
      name: 'over-budget',
      metric: 'Throttled',
      threshold: 20,
      description: 'Many requests went over the budget of their requester',
    },
    {
      ...ours,
      name: 'issue-latency',
      metric: 'IssueLatency',
      statistic: 'p99',
      threshold: 10_000,
      periods: 3,
      description: 'From request to credentials it takes more than ten seconds',
    },
    {
      ...pipe,
      name: 'outcomes-untold',
      metric: 'ExecutionFailed',
      description: 'Outcomes of leases could not be told on the event bus; they are on record all the same',
    },
  ];
}

/** Physical name of an alarm, for example `hermes-dev-broker-errors`. */
export function brokerAlarmName(alarm: BrokerAlarm, environment: Environment): string {
  return `${watchName(environment)}-broker-${alarm.name}`;
}

/** ARNs of the alarms. */
export function brokerAlarmArns(environment: Environment): readonly string[] {
  const { partition, region, account } = environment;
  return brokerAlarms(environment).map(
    (alarm) => `arn:${partition}:cloudwatch:${region}:${account}:alarm:${brokerAlarmName(alarm, environment)}`,
  );
}
