/**
 * Answers that lack something: an empty answer, a field that is missing, and a page of which the next one cannot be read.
 * What depends on them is "not checked" or damaged, never "ok".
 */
import { accountVerifications, isHealthy } from '@leasehold/doctor';
import { CALLS } from '../../lib/doctor/aws/calls';
import type { Service } from '../../lib/doctor/aws/modules';
import { tokensOf } from '../../lib/doctor/aws/pages';
import { type Answer, examined, fullEnvironment, healthyAnswers, refuse } from './support/account';

const environment = fullEnvironment();
const healthy = healthyAnswers(environment);
/** Policies of AWS are not attached in an undamaged account. */
const ANSWERED = Object.entries(CALLS)
  .flatMap(([service, calls]) => calls.map(({ command }) => `${service}:${command}`))
  .filter((call) => !call.startsWith('iam:GetPolicy'));

/** Ids of the verifications that do not use a call: they are skipped, which is faster. */
async function notUsing(call: string): Promise<readonly string[]> {
  const known = unused.get(call);
  if (known !== undefined) return known;
  const using = await troubled(call, refuse('AccessDeniedException', 403), []);
  const ids = using.includes('Unread')
    ? []
    : accountVerifications.map(({ id }) => id).filter((id) => !using.includes(id));
  unused.set(call, ids);
  return ids;
}

const unused = new Map<string, readonly string[]>();

/** How many verifications are not ok. A run that ends with an error is not ok either. */
async function troubled(call: string, answer: Answer, skipped?: readonly string[]): Promise<readonly string[]> {
  const skip = skipped ?? (await notUsing(call));
  try {
    const diagnosis = await examined(environment, { [call]: answer }, { skip });
    const wrong = diagnosis.verified
      .filter(({ result }) => result !== 'ok' && result !== 'skipped')
      .map(({ id }) => id);
    expect(isHealthy(diagnosis)).toBe(wrong.length === 0);
    return wrong;
  } catch (error) {
    return [(error as Error).name];
  }
}

/** Calls whose answer is optional: without it a resource has no policy, or its default settings. */
const MAY_BE_EMPTY = ['sqs:ListQueues', 'sqs:GetQueueAttributes', 'secretsmanager:GetResourcePolicy'];

describe('an empty answer', () => {
  it.each(ANSWERED.filter((call) => !MAY_BE_EMPTY.includes(call)))('to %s', async (call) => {
    expect(await troubled(call, () => ({}))).not.toEqual([]);
  });
});

describe('an answer that continues on a page that is denied', () => {
  // The newest leases are one page on purpose.
  it.each(ANSWERED)('of %s', async (call) => {
    const [service = ''] = call.split(':');
    const { sent, answered } = tokensOf(service as Service);
    const paged: Answer = async (input, where) =>
      sent in input
        ? refuse('AccessDeniedException', 403)(input, where)
        : { ...(await healthy[call]?.(input, where)), [answered]: { token: 'x' } };
    if (healthy[call] === undefined) throw new Error(call);
    const refused = await troubled(call, paged);
    // A resource that does not exist has no answer to continue.
    const absent = await Promise.resolve(healthy[call]?.({}, environment.region)).then(
      () => false,
      () => true,
    );
    expect(absent || call === 'dynamodb:Query' || refused.length > 0).toBe(true);
  });
});

it.each([
  ['iam:ListMFADevices', 'IsTruncated'],
  ['iam:GetAccountAuthorizationDetails', 'IsTruncated'],
  ['kms:ListGrants', 'Truncated'],
])('a page of %s that is truncated and has no token is not fine', async (call, field) => {
  const answer: Answer = async (input, where) => ({ ...(await healthy[call]?.(input, where)), [field]: true });
  expect(await troubled(call, answer)).not.toEqual([]);
});

/** Fields that the doctor does not read, or only shows. */
const NOT_READ: readonly string[] = [
  'accessanalyzer:ListAnalyzers analyzers.*.name',
  'cloudtrail:DescribeTrails trailList.*.Name',
  'cloudtrail:GetEventSelectors EventSelectors.*.DataResources',
  'cognito:DescribeUserPool UserPool.AccountRecoverySetting.RecoveryMechanisms.*.Priority',
  'cognito:DescribeUserPoolClient UserPoolClient.TokenValidityUnits.IdToken',
  'dynamodb:DescribeTable Table.TableName',
  'events:ListTargetsByRule Targets.*.Id',
  'iam:GetAccessKeyLastUsed AccessKeyLastUsed.LastUsedDate',
  'iam:GetAccessKeyLastUsed AccessKeyLastUsed.Region',
  'iam:GetAccountAuthorizationDetails Policies.*.PolicyVersionList.*.IsDefaultVersion',
  'iam:GetAccountAuthorizationDetails RoleDetailList.*.Path',
  'iam:GetAccountAuthorizationDetails RoleDetailList.*.PermissionsBoundary.PermissionsBoundaryType',
  'iam:GetAccountAuthorizationDetails RoleDetailList.*.kind',
  'iam:GetAccountAuthorizationDetails UserDetailList.*.Path',
  'iam:GetAccountAuthorizationDetails UserDetailList.*.PermissionsBoundary.PermissionsBoundaryType',
  'iam:GetAccountAuthorizationDetails UserDetailList.*.kind',
  'iam:ListRoles Roles.*.Arn',
  'kms:DescribeKey KeyMetadata.KeyId',
  'organizations:DescribeOrganization Organization.Id',
  'pipes:DescribePipe SourceParameters.DynamoDBStreamParameters.BatchSize',
  'secretsmanager:DescribeSecret Name',
  'sns:GetSubscriptionAttributes Attributes.PendingConfirmation',
  'sns:GetSubscriptionAttributes Attributes.Protocol',
  'sns:GetSubscriptionAttributes Attributes.SubscriptionArn',
  'sns:ListSubscriptionsByTopic Subscriptions.*.Protocol',
  'sts:GetCallerIdentity Arn',
];
/** Fields that AWS omits for a value that is as deployed. */
const OMITTED: readonly string[] = [
  'apigateway:GetIntegrations Items.*.ConnectionType',
  'apigateway:GetStages Items.*.StageVariables',
  // The region of the call is that of the trail, or the trail is not found there.
  'cloudtrail:DescribeTrails trailList.*.HomeRegion',
  'cognito:DescribeUserPool UserPool.LambdaConfig',
  'pipes:DescribePipe SourceParameters.DynamoDBStreamParameters.MaximumRecordAgeInSeconds',
  'pipes:DescribePipe SourceParameters.DynamoDBStreamParameters.MaximumRetryAttempts',
  'sqs:GetQueueAttributes Attributes',
  'sqs:ListQueues QueueUrls',
];

type Path = readonly (string | number)[];

/** The paths of all fields of an answer. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => pathsIn(item, [...path, index]));
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...pathsIn(inner, [...path, key])]);
}

/** The value without the field at a path. */
function without(value: unknown, [step, ...rest]: Path): unknown {
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? without(item, rest) : item));
  if (value === null || typeof value !== 'object') return value;
  if (rest.length === 0) return Object.fromEntries(Object.entries(value).filter(([key]) => key !== step));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === step ? without(inner, rest) : inner]),
  );
}

const named = (call: string, path: Path) =>
  `${call} ${path.map((step) => (typeof step === 'number' ? '*' : step)).join('.')}`;

/** Whether a missing field of an answer is noticed, by its name: for a list, in at least one item. */
async function noticed(call: string): Promise<ReadonlyMap<string, boolean>> {
  const fields = new Map<string, boolean>();
  const answer = await Promise.resolve(healthy[call]?.({}, environment.region)).catch(() => undefined);
  for (const path of pathsIn(answer)) {
    const field = named(call, path);
    if (fields.get(field)) continue;
    const lacking: Answer = async (input, where) => without(await healthy[call]?.(input, where), path) as object;
    fields.set(field, (await troubled(call, lacking)).length > 0);
  }
  return fields;
}

it('no field of an answer can be missing unseen, except for those that do not matter', async () => {
  const unseen: string[] = [];
  for (const call of ANSWERED) for (const [field, seen] of await noticed(call)) if (!seen) unseen.push(field);
  expect(unseen.sort()).toEqual([...NOT_READ, ...OMITTED].sort());
}, 600_000);
