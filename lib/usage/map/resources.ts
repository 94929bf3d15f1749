/**
 * The resources of an event, as ARNs or patterns. If CloudTrail does not record the complete ARN, a pattern is used.
 * The pattern may match more resources of a role than the call used, but always matches the used resources.
 */
import { type ActionInfo, isArn } from '@leasehold/policy';
import { field, listOf, type TrailRecord, textOf } from '../record/record';

/** What ARNs are built from. */
export interface Home {
  readonly partition: string;
  readonly account: string;
}

/** Maximum length of a resource. If an event contains a longer string, the event's resources are treated as unknown. */
const LONGEST = 2048;

/**
 * The resources for which an event needed an action; `undefined` if the event does not show the resources.
 * @param accepts whether the action accepts a resource
 */
export function resourcesOf(
  record: TrailRecord,
  action: ActionInfo,
  home: Home,
  accepts: (arn: string) => boolean,
): readonly string[] | undefined {
  const decided = record.decisions?.filter((each) => each.action === action.id).map(({ resource }) => resource);
  if (decided !== undefined) return decided;
  if (!action.scopable) return ['*'];
  const build = Object.hasOwn(BUILDERS, action.service) ? BUILDERS[action.service] : undefined;
  const built = build?.({ record, action, arn: (service, rest) => arnOf(home, service, record.region, rest), home });
  const found = built ?? record.resources;
  if (found.some((each) => each.length > LONGEST || ACCESS_POINT.test(each))) return undefined;
  const usable = found.filter((each) => isArn(each) && accepts(each));
  return some(usable);
}

/**
 * An ARN of S3 with the alias of an access point in place of a bucket name. AWS evaluates such a call for the ARN of
 * the access point, which the alias does not contain. Sources:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
const ACCESS_POINT = /^arn:[a-z-]+:s3:::(?:[^/]*(?:-s3alias|--ol-s3|--op-s3|\.mrap)|arn:[^/]*)(?:\/|$)/i;

interface Building {
  readonly record: TrailRecord;
  readonly action: ActionInfo;
  readonly arn: (service: string, rest: string) => string;
  readonly home: Home;
}

type Builder = (building: Building) => readonly string[] | undefined;

/**
 * For each service, a function that derives the resource ARNs from the request parameters. The function returns
 * `undefined` if the request parameters do not contain the resource, or if the action needs resources of several types.
 */
const BUILDERS: Readonly<Record<string, Builder>> = {
  cloudwatch: ({ record, action, arn }) => {
    if (action.resourceTypes.length > 1) return undefined;
    const names = [...textsIn(record, 'alarmName'), ...textsIn(record, 'alarmNames')];
    return some(names.map((name) => arn('cloudwatch', `alarm:${name}`)));
  },
  dynamodb: ({ record, arn }) => {
    const [index] = textsIn(record, 'indexName');
    const tables = [...textsIn(record, 'tableName'), ...keysIn(record, 'requestItems')];
    const ends = index === undefined ? '' : `/index/${index}`;
    return some(tables.map((table) => `${isArn(table) ? table : arn('dynamodb', `table/${table}`)}${ends}`));
  },
  ec2: ({ record, action, arn }) => {
    const [only, ...others] = action.resourceTypes;
    if (only?.name !== 'instance' || others.length > 0) return undefined;
    const items = listOf(field(field(record.parameters, 'instancesSet'), 'items'));
    const ids = [...items.flatMap((item) => textOf(field(item, 'instanceId')) ?? []), ...textsIn(record, 'instanceId')];
    return some(ids.map((id) => arn('ec2', `instance/${id}`)));
  },
  kms: ({ record, action, arn }) => {
    if (action.resourceTypes.length > 1) return undefined;
    const keys = textsIn(record, 'keyId');
    if (keys.some((key) => key.includes('alias/'))) return undefined;
    return some(keys.map((key) => (isArn(key) ? key : arn('kms', `key/${key}`))));
  },
  lambda: ({ record, arn }) => {
    const [name] = textsIn(record, 'functionName');
    const [qualifier] = textsIn(record, 'qualifier');
    if (name === undefined) return undefined;
    const last = name.split(':function:').at(-1) ?? name;
    const whole = isArn(name) ? name : arn('lambda', `function:${last.split(':').slice(-2).join(':')}`);
    return qualifier === undefined ? [whole] : [whole, `${whole}:${qualifier}`];
  },
  logs: ({ record, arn }) => {
    const groups = [...textsIn(record, 'logGroupName'), ...textsIn(record, 'logGroupNames')];
    return some(groups.map((group) => `${arn('logs', `log-group:${group}`)}*`));
  },
  rds: ({ record, action, arn }) => {
    if (action.resourceTypes.length > 1) return undefined;
    const instances = textsIn(record, 'dBInstanceIdentifier').map((name) => arn('rds', `db:${name}`));
    const clusters = textsIn(record, 'dBClusterIdentifier').map((name) => arn('rds', `cluster:${name}`));
    return some([...instances, ...clusters]);
  },
  s3: ({ record, action, home }) => {
    const [bucket] = textsIn(record, 'bucketName');
    if (bucket === undefined) return undefined;
    const root = `arn:${home.partition}:s3:::${bucket}`;
    const onObject = action.resourceTypes.some(({ name }) => name === 'object');
    if (!onObject) return [root];
    const [key] = textsIn(record, 'key');
    return key === undefined ? undefined : [`${root}/${key}`];
  },
  secretsmanager: ({ record, arn }) => {
    const [secret] = textsIn(record, 'secretId');
    if (secret === undefined) return undefined;
    const whole = isArn(secret) ? secret : arn('secretsmanager', `secret:${secret}`);
    return [whole, `${whole}-??????`];
  },
  sns: ({ record }) => some([...textsIn(record, 'topicArn'), ...textsIn(record, 'targetArn')]),
  sqs: ({ record, arn }) => {
    const [url] = textsIn(record, 'queueUrl');
    const [, account, name] = /\/(\d{12})\/([\w.-]+)$/.exec(url ?? '') ?? [];
    if (name === undefined || account === undefined) return undefined;
    return [arn('sqs', name).replace(/:\d{12}:/, `:${account}:`)];
  },
  ssm: ({ record, action, arn }) => {
    if (!action.name.includes('Parameter') || action.resourceTypes.length > 1) return undefined;
    const names = [...textsIn(record, 'name'), ...textsIn(record, 'names')];
    return some(names.map((name) => (isArn(name) ? name : arn('ssm', `parameter/${name.replace(/^\//, '')}`))));
  },
};

function arnOf({ partition, account }: Home, service: string, region: string, rest: string): string {
  return `arn:${partition}:${service}:${region}:${account}:${rest}`;
}

function textsIn({ parameters }: TrailRecord, name: string): readonly string[] {
  const value = field(parameters, name);
  return (Array.isArray(value) ? value : [value]).filter(
    (each): each is string => typeof each === 'string' && each !== '',
  );
}

function keysIn({ parameters }: TrailRecord, name: string): readonly string[] {
  const value = field(parameters, name);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function some(found: readonly string[]): readonly string[] | undefined {
  return found.length === 0 ? undefined : found;
}
