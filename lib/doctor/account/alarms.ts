/** The alarms of the broker. */
import { alertTopicArn, brokerAlarmName, brokerAlarms } from '@leasehold/documents';
import type { AccountVerification, Damage } from '../verification';

export const alarms: AccountVerification = {
  id: 'alarms',
  part: 'account',
  severity: 'medium',
  title: "The broker's alarms exist, are quiet, and notify the alert topic",
  why: 'A firing alarm reports a current problem. A changed or muted alarm does not report the next one.',
  applies: ({ broker }) => broker !== undefined,
  verify: async ({ environment, live }) => {
    const deployed = brokerAlarms(environment);
    const names = deployed.map((alarm) => brokerAlarmName(alarm, environment));
    const { MetricAlarms = [] } = await live.aws.call('cloudwatch', 'DescribeAlarms', { AlarmNames: names });
    const topic = environment.alerts && alertTopicArn(environment, environment.region);
    return deployed.flatMap((alarm, index): readonly Damage[] => {
      const found = MetricAlarms.find(({ AlarmName }) => AlarmName === names[index]);
      const damage = (message: string, hint = 'Apply the stack again.'): Damage => ({
        kind: 'damage',
        place: `alarm ${names[index]}`,
        message,
        hint,
      });
      if (found === undefined) return [damage('The alarm does not exist.')];
      const statistic = found.Statistic ?? found.ExtendedStatistic;
      const same =
        found.Namespace === alarm.namespace &&
        found.MetricName === alarm.metric &&
        statistic === alarm.statistic &&
        found.Threshold === alarm.threshold &&
        found.EvaluationPeriods === alarm.periods &&
        found.Period === 300 &&
        found.ComparisonOperator === 'GreaterThanThreshold' &&
        Object.entries(alarm.dimensions).every(([Name, Value]) =>
          found.Dimensions?.some((each) => each.Name === Name && each.Value === Value),
        );
      return [
        ...(found.StateValue === 'ALARM' ? [damage(`The alarm fires: ${alarm.description}.`, 'Find the cause.')] : []),
        ...(same ? [] : [damage('The alarm watches something other than deployed.')]),
        ...(topic !== undefined && (found.ActionsEnabled === false || !found.AlarmActions?.includes(topic))
          ? [damage('The alarm notifies nobody.')]
          : []),
      ];
    });
  },
};
