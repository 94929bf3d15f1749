/** CloudTrail: the record of every lease outside the broker, and the source of every alert. */
import type { Environment } from '@leasehold/definitions';
import { watchName } from '@leasehold/documents';
import type { CallOutput } from '../aws/aws';
import type { AccountContext, AccountVerification, Damage, Observation } from '../verification';

type Trail = NonNullable<CallOutput<'cloudtrail', 'DescribeTrails'>['trailList']>[number];

export const trail: AccountVerification = {
  id: 'trail',
  part: 'account',
  severity: 'high',
  title: 'A multi-region trail records all management events',
  why: 'EventBridge receives API calls only if a trail records them, so without it no alert is sent. The reason of a lease is in the event of its AssumeRole.',
  verify: async (context) => {
    const { environment, live } = context;
    const { trailList = [] } = await live.aws.call('cloudtrail', 'DescribeTrails', { includeShadowTrails: true });
    const named = expectedTrail(environment);
    if (named !== undefined) {
      const found = trailList.find(({ TrailARN }) => TrailARN === named);
      return found === undefined ? [damage(named, 'The trail does not exist.')] : faults(context, found);
    }
    const all = await Promise.all(trailList.map((each) => faults(context, each)));
    if (all.some((each) => each.length === 0)) return [];
    const [only, ...others] = all;
    if (only !== undefined && others.length === 0) return only;
    return [
      damage(
        `${environment.account} ${environment.region}`,
        trailList.length === 0 ? 'The account has no trail.' : 'No trail records all management events of all regions.',
      ),
    ];
  },
};

/** The trail that the alerts need; `undefined` for an environment without alerts, for which any trail will do. */
function expectedTrail({ alerts, partition, region, account, ...rest }: Environment): string | undefined {
  if (alerts === undefined) return undefined;
  if (alerts.trail !== 'create') return alerts.trail.arn;
  const name = `${watchName({ alerts, partition, region, account, ...rest })}-trail`;
  return `arn:${partition}:cloudtrail:${region}:${account}:trail/${name}`;
}

async function faults({ live, environment }: AccountContext, found: Trail): Promise<readonly Observation[]> {
  const { TrailARN: Name = found.Name ?? '', HomeRegion = environment.region } = found;
  const [status, selectors] = await Promise.all([
    live.aws.call('cloudtrail', 'GetTrailStatus', { Name }, HomeRegion),
    live.aws.call('cloudtrail', 'GetEventSelectors', { TrailName: Name }, HomeRegion),
  ]);
  return [
    ...(status.IsLogging === true ? [] : [damage(Name, 'The trail does not record.')]),
    ...(found.IsMultiRegionTrail === true ? [] : [damage(Name, 'The trail records one region only.')]),
    ...(found.IncludeGlobalServiceEvents === true
      ? []
      : [damage(Name, 'The trail does not record the events of IAM and STS that belong to no region.')]),
    ...(found.LogFileValidationEnabled === true
      ? []
      : [{ ...damage(Name, 'The trail does not sign its log files.'), severity: 'medium' as const }]),
    ...(recordsManagement(selectors) ? [] : [damage(Name, 'The trail does not record all management events.')]),
    ...(status.LatestDeliveryError ? [damage(Name, "The trail's last attempt to write to its bucket failed.")] : []),
  ];
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html */
function recordsManagement({ EventSelectors, AdvancedEventSelectors }: CallOutput<'cloudtrail', 'GetEventSelectors'>) {
  const advanced = (AdvancedEventSelectors ?? []).some(({ FieldSelectors = [] }) => {
    const [only, ...others] = FieldSelectors;
    return others.length === 0 && only?.Field === 'eventCategory' && only.Equals?.includes('Management') === true;
  });
  const basic = (EventSelectors ?? []).some(
    ({ IncludeManagementEvents, ReadWriteType, ExcludeManagementEventSources = [] }) =>
      IncludeManagementEvents !== false &&
      (ReadWriteType ?? 'All') === 'All' &&
      // Excluding these two is common, and no alert depends on them.
      ExcludeManagementEventSources.every((source) => /^(kms|rdsdata)\.amazonaws\.com$/.test(source)),
  );
  // A trail without selectors records all management events.
  return advanced || basic || (EventSelectors ?? []).length + (AdvancedEventSelectors ?? []).length === 0;
}

function damage(place: string, message: string): Damage {
  return { kind: 'damage', place, message, hint: 'Apply the stack again, or ask whoever owns the trail.' };
}
