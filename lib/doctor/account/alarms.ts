/** Verifies the broker's CloudWatch alarms. */
import { isDeepStrictEqual } from 'node:util';
import { ALARM_SETTINGS, alertTopicArn, brokerAlarmName, brokerAlarms } from '@leasehold/documents';
import { present } from '../unread';
import type { AccountVerification, Damage } from '../verification';

export const alarms: AccountVerification = {
  id: 'alarms',
  part: 'account',
  severity: 'medium',
  title: "The broker's alarms exist, are not firing, and notify the alert topic",
  why: 'A firing alarm reports a current problem. An alarm that was changed or muted does not report the next problem.',
  applies: ({ broker }) => broker !== undefined,
  verify: async ({ environment, live }) => {
    const deployed = brokerAlarms(environment);
    const names = deployed.map((alarm) => brokerAlarmName(alarm, environment));
    const all = await live.aws.list('MetricAlarms', 'cloudwatch', 'DescribeAlarms', { AlarmNames: names });
    const topic = environment.alerts && alertTopicArn(environment, environment.region);
    return deployed.flatMap((alarm, index): readonly Damage[] => {
      const found = all.find(({ AlarmName }) => AlarmName === names[index]);
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
        found.Period === ALARM_SETTINGS.period &&
        found.ComparisonOperator === ALARM_SETTINGS.comparisonOperator &&
        found.TreatMissingData === ALARM_SETTINGS.treatMissingData &&
        (found.DatapointsToAlarm ?? alarm.periods) === alarm.periods &&
        (found.Metrics ?? []).length === 0 &&
        found.Unit === undefined &&
        sameDimensions(found.Dimensions ?? [], alarm.dimensions);
      const state = present(found.StateValue, 'StateValue', 'cloudwatch:DescribeAlarms');
      return [
        ...(state === 'ALARM' ? [damage(`The alarm fires: ${alarm.description}.`, 'Find the cause.')] : []),
        ...(same ? [] : [damage('The settings of the alarm differ from the settings that Leasehold deployed.')]),
        ...(topic !== undefined && (found.ActionsEnabled !== true || !found.AlarmActions?.includes(topic))
          ? [damage('The alarm notifies nobody.')]
          : []),
      ];
    });
  },
};

function sameDimensions(
  found: readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[],
  deployed: Readonly<Record<string, string>>,
): boolean {
  const own = Object.fromEntries(found.map(({ Name = '', Value }) => [Name, Value]));
  return isDeepStrictEqual(own, { ...deployed });
}
