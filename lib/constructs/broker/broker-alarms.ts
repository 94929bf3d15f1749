import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Environment } from '@leasehold/definitions';
import { ALARM_SETTINGS, alertTopicArn, brokerAlarmName, brokerAlarms } from '@leasehold/documents';
import { Construct } from 'constructs';

export interface BrokerAlarmsProps {
  readonly environment: Environment;
}

/**
 * Alarms on errors, throttles, denials and latency. If the project has alerts, the alarms publish to the alert topic.
 */
export class BrokerAlarms extends Construct {
  constructor(scope: Construct, id: string, { environment }: BrokerAlarmsProps) {
    super(scope, id);
    const notified = environment.alerts ? [alertTopicArn(environment, environment.region)] : [];
    for (const alarm of brokerAlarms(environment)) {
      const { name, description, namespace, metric, dimensions, statistic, threshold, periods } = alarm;
      new CloudwatchMetricAlarm(this, name, {
        alarmName: brokerAlarmName(alarm, environment),
        alarmDescription: description,
        namespace,
        metricName: metric,
        dimensions: { ...dimensions },
        ...(statistic === 'Sum' ? { statistic } : { extendedStatistic: statistic }),
        threshold,
        evaluationPeriods: periods,
        ...ALARM_SETTINGS,
        ...(notified.length > 0 ? { alarmActions: notified } : {}),
      });
    }
  }
}
