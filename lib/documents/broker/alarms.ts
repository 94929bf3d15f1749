/** The CloudWatch alarms of a broker. */
import type { Environment } from '@leasehold/definitions';
import { watchName } from '../names';
import { brokerName } from './names';
import { outcomesPipeName } from './outcomes';

/**
 * The namespace of the function's custom metrics. Each metric has one dimension, `service`, whose value is the broker's
 * name.
 */
export const METRIC_NAMESPACE = 'Leasehold';

/**
 * One CloudWatch alarm. The alarm fires if the metric exceeds `threshold` in `periods` consecutive periods of five
 * minutes.
 */
export interface BrokerAlarm {
  /** Suffix of the alarm's name, for example `errors`. */
  readonly name: string;
  /** One sentence for the person on call. */
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum` over a period, or a percentile such as `p99`. */
  readonly statistic: 'Sum' | `p${number}`;
  /** A count, or milliseconds. */
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
    { ...lambda, name: 'errors', metric: 'Errors', description: "The broker's function ended with an error" },
    { ...lambda, name: 'throttles', metric: 'Throttles', description: 'Lambda throttled calls of the broker' },
    { ...ours, name: 'failures', metric: 'Failed', description: 'The broker failed to process a request' },
    {
      ...ours,
      name: 'denials',
      metric: 'LeaseDenied',
      threshold: 20,
      description: 'Many leases were denied: an agent may be in a loop or under the control of an attacker',
    },
    {
      ...ours,
      name: 'over-budget',
      metric: 'Throttled',
      threshold: 20,
      description: 'Many requests exceeded the budget of their requester',
    },
    {
      ...ours,
      name: 'issue-latency',
      metric: 'IssueLatency',
      statistic: 'p99',
      threshold: 10_000,
      periods: 3,
      description: 'Issuing credentials takes more than ten seconds',
    },
    {
      ...pipe,
      name: 'outcomes-untold',
      metric: 'ExecutionFailed',
      description: 'Lease outcomes could not be sent to the event bus; the records are complete',
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
