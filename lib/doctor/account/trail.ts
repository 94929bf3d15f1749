/**
 * Verifies the CloudTrail trail, which records every lease independently of the broker and is the source of the alerts.
 */
import type { Environment } from '@leasehold/definitions';
import { trailArn, trailBucketArn, trailBucketName, trailBucketPolicy } from '@leasehold/documents';
import type { CallOutput } from '../aws/aws';
import { damageBy, judge } from '../roles/judge';
import { present } from '../unread';
import type { AccountContext, AccountVerification, Damage, Observation } from '../verification';

type Trail = NonNullable<CallOutput<'cloudtrail', 'DescribeTrails'>['trailList']>[number];

export const trail: AccountVerification = {
  id: 'trail',
  part: 'account',
  severity: 'high',
  title: 'A multi-region trail records all management events',
  why: 'EventBridge receives API calls only if a trail records them, so without a trail no alert is sent. The AssumeRole event of a lease contains the reason of the lease.',
  verify: async (context) => {
    const { environment, live } = context;
    const answer = await live.aws.call('cloudtrail', 'DescribeTrails', { includeShadowTrails: true });
    const trails = present(answer.trailList, 'trailList', 'cloudtrail:DescribeTrails');
    const named = expectedTrail(environment);
    if (named !== undefined) {
      const found = trails.find(({ TrailARN }) => TrailARN === named);
      return found === undefined ? [damage(named, 'The trail does not exist.')] : faults(context, found);
    }
    const all = await Promise.all(trails.map((each) => faults(context, each)));
    if (all.some((each) => each.length === 0)) return [];
    const [only, ...others] = all;
    if (only !== undefined && others.length === 0) return only;
    return [
      damage(
        `${environment.account} ${environment.region}`,
        trails.length === 0 ? 'The account has no trail.' : 'No trail records all management events of all regions.',
      ),
    ];
  },
};

export const trailBucket: AccountVerification = {
  id: 'trail-bucket',
  part: 'account',
  severity: 'high',
  title: "The trail's bucket has the deployed policy, keeps earlier versions, and lets no file expire",
  why: 'Whoever can remove or replace log files can hide what happened. Such a change is detected only if somebody validates the log files with CloudTrail.',
  applies: (environment) => environment.alerts?.trail === 'create',
  verify: async ({ environment, live: { aws } }) => {
    const Bucket = trailBucketName(environment);
    const place = trailBucketArn(environment);
    const [policy, versions, lifecycle, access] = await Promise.all([
      aws.find('s3', 'GetBucketPolicy', { Bucket }),
      aws.find('s3', 'GetBucketVersioning', { Bucket }),
      aws.find('s3', 'GetBucketLifecycleConfiguration', { Bucket }),
      aws.find('s3', 'GetPublicAccessBlock', { Bucket }),
    ]);
    if (versions === undefined) return [damage(place, 'The bucket does not exist.')];
    const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } =
      access?.PublicAccessBlockConfiguration ?? {};
    const closed = [BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets];
    return [
      ...(policy === undefined
        ? [damage(place, 'The bucket has no policy, so the trail cannot write log files to the bucket.')]
        : damageBy(
            judge(
              'resource',
              [trailBucketPolicy(environment)],
              [present(policy.Policy, 'Policy', 's3:GetBucketPolicy')],
            ),
            {
              place,
              what: 'The policy of the bucket',
              hint: HINT,
              wider: 'high',
            },
          )),
      // A bucket that never had versioning enabled has no status.
      ...(versions.Status === 'Enabled' ? [] : [damage(place, 'The bucket keeps no earlier versions of its files.')]),
      ...(lifecycle === undefined
        ? []
        : [
            damage(
              place,
              'The bucket has lifecycle rules that Leasehold did not deploy, so log files may expire or move.',
            ),
          ]),
      ...(closed.every((each) => each === true) ? [] : [damage(place, 'The bucket can be made public.')]),
    ];
  },
};

/**
 * ARN of the trail that the alerts need; `undefined` for an environment without alerts, where any trail is sufficient.
 */
function expectedTrail(environment: Environment): string | undefined {
  const { alerts } = environment;
  if (alerts === undefined) return undefined;
  return alerts.trail === 'create' ? trailArn(environment) : alerts.trail.arn;
}

async function faults({ live, environment }: AccountContext, found: Trail): Promise<readonly Observation[]> {
  const { TrailARN: Name = found.Name ?? '', HomeRegion = environment.region } = found;
  const [status, selectors] = await Promise.all([
    live.aws.call('cloudtrail', 'GetTrailStatus', { Name }, HomeRegion),
    live.aws.call('cloudtrail', 'GetEventSelectors', { TrailName: Name }, HomeRegion),
  ]);
  const own = environment.alerts?.trail === 'create';
  return [
    ...(status.IsLogging === true ? [] : [damage(Name, 'The trail does not record.')]),
    ...(found.IsMultiRegionTrail === true ? [] : [damage(Name, 'The trail records one region only.')]),
    ...(found.IncludeGlobalServiceEvents === true
      ? []
      : [damage(Name, 'The trail does not record the global events of IAM and STS, which belong to no region.')]),
    ...(found.LogFileValidationEnabled === true
      ? []
      : [{ ...damage(Name, 'The trail does not sign its log files.'), severity: 'medium' as const }]),
    ...recordingFaults(Name, selectors, environment),
    ...(status.LatestDeliveryError ? [damage(Name, "The trail's last attempt to write to its bucket failed.")] : []),
    ...(own && (found.S3BucketName !== trailBucketName(environment) || found.S3KeyPrefix)
      ? [damage(Name, `The trail writes to the bucket ${found.S3BucketName ?? 'of an unknown name'}, not as deployed.`)]
      : []),
    ...(own && found.KmsKeyId
      ? [damage(Name, `The trail encrypts its files with the key ${found.KmsKeyId}, which Leasehold did not deploy.`)]
      : []),
  ];
}

/**
 * Management events that the trail does not record. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
function recordingFaults(
  place: string,
  { EventSelectors = [], AdvancedEventSelectors = [] }: CallOutput<'cloudtrail', 'GetEventSelectors'>,
  { broker, alerts }: Environment,
): readonly Damage[] {
  const all = AdvancedEventSelectors.some(
    ({ FieldSelectors: [only, ...others] = [] }) =>
      others.length === 0 && only?.Field === 'eventCategory' && isOnlyEquals(only, 'Management'),
  );
  if (all) return [];
  const readsAndWrites = EventSelectors.filter(
    ({ IncludeManagementEvents, ReadWriteType }) => IncludeManagementEvents === true && ReadWriteType === 'All',
  );
  // A source counts as excluded only if every selector excludes it.
  const [first, ...rest] = readsAndWrites.map(({ ExcludeManagementEventSources }) =>
    present(ExcludeManagementEventSources, 'ExcludeManagementEventSources', 'cloudtrail:GetEventSelectors'),
  );
  if (first === undefined) {
    present(EventSelectors[0] ?? AdvancedEventSelectors[0], 'selectors', 'cloudtrail:GetEventSelectors');
    return [damage(place, 'The trail does not record all management events.')];
  }
  const excluded = first.filter((source) => rest.every((sources) => sources.includes(source)));
  return excluded.map((source): Damage => {
    // The alert about a change of the record key requires KMS events.
    const needed = !OPTIONAL.includes(source) || (source === KMS && broker !== undefined && alerts !== undefined);
    return {
      ...damage(place, `The trail does not record the management events of ${source}.`),
      severity: needed ? 'high' : 'low',
    };
  });
}

type FieldSelector = NonNullable<
  NonNullable<
    NonNullable<CallOutput<'cloudtrail', 'GetEventSelectors'>['AdvancedEventSelectors']>[number]['FieldSelectors']
  >[number]
>;

/** Whether a selector matches one value and has no further operator. */
function isOnlyEquals({ Field: _, Equals, ...operators }: FieldSelector, value: string): boolean {
  return (
    Equals?.length === 1 &&
    Equals[0] === value &&
    Object.values(operators).every((values) => values === undefined || values.length === 0)
  );
}

const KMS = 'kms.amazonaws.com';
/**
 * The only event sources that basic selectors can exclude. Only the alert about the record key depends on one of them.
 */
const OPTIONAL: readonly string[] = [KMS, 'rdsdata.amazonaws.com'];

const HINT = 'Apply the stack again, or ask the owner of the trail.';

function damage(place: string, message: string): Damage {
  return { kind: 'damage', place, message, hint: HINT };
}
