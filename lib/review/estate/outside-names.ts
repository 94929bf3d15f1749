/**
 * Finds names of external resources that changed resources newly contain, in attributes of any type: resources in an
 * account, buckets, addresses. An event rule, a pipe, a subscription or a log destination sends its data to the
 * resource that such a value names.
 */
import { defined } from '@leasehold/contract/defined';
import type { OutsideName } from '../model';
import { type Instance, isJson } from '../plan/plan';
import { grantOf, roleGrantOf } from '../types/named-attributes';
import { namesRole } from '../types/suspects';
import { UNREAD_ACCESS } from '../types/unread-types';
import type { Configuration } from './configuration';
import { FUNCTION_PERMISSION } from './function-permissions';
import type { ProviderEvidence } from './own-accounts';
import { PERMISSION_SET_PARTS } from './permission-sets';
import type { PlanIndex } from './plan-index';
import { type ReferencesOf, referencesIn } from './referenced-resources';
import { IDENTITY_PARTS } from './tables';

/** The new names in the changed resources of a plan. */
export function outsideNamesOf(
  planIndex: PlanIndex,
  configuration: Configuration,
  evidence: ProviderEvidence,
): readonly OutsideName[] {
  const referencesOf = referencesIn(planIndex, configuration, evidence);
  return planIndex.plan.changes.flatMap((change): readonly OutsideName[] => {
    if (!isExamined(change) || change.actions.every((action) => action === 'no-op')) return [];
    const { before, after, afterUnknown } = change.change();
    if (!isJson(after)) return [];
    const known = new Set(
      [...textsIn(before, '')].flatMap(([path, text]) => namesIn(text, path, change.type)).map(keyOf),
    );
    const named = [...textsIn(after, '')].flatMap(([path, text]) =>
      isJson(before) && namesRole(lastOf(path)) ? [] : placed(change, path, namesIn(text, path, change.type)),
    );
    return [
      ...named.filter((name) => !known.has(keyOf(name))).flatMap((name) => ownedBy(name, change, referencesOf)),
      ...unknownIn(afterUnknown, '').flatMap((path) => unreadAt(change, path, referencesOf)),
    ];
  });
}

type Name = Omit<OutsideName, 'place'>;

/** Identities and permissions have separate checks. */
function isExamined({ type, mode }: Instance): boolean {
  if (mode !== 'managed' || !type.startsWith('aws_') || type === FUNCTION_PERMISSION) return false;
  return !IDENTITY_PARTS.has(type) && !PERMISSION_SET_PARTS.has(type) && !UNREAD_ACCESS.has(type);
}

/** Whether the attribute determines who gets access. Such attributes are compared together with the other grants. */
function isGrant(type: string, path: string): boolean {
  const [grant, roles] = [grantOf(type), roleGrantOf(type)];
  if (grant === undefined && roles === undefined) return false;
  const paths = [
    ...(grant?.to ?? []),
    ...(grant?.gives ?? []),
    ...(roles?.roles ?? []).map((role) => role.path),
    ...(roles?.who ?? []),
  ];
  const general = path.replace(/\[\d+\]/g, '.*');
  return paths.some((each) => each === general || general.startsWith(`${each}.`));
}

function placed({ address }: Instance, path: string, names: readonly Name[]): readonly OutsideName[] {
  return names.map((name) => ({ ...name, place: { address, attribute: path } }));
}

function keyOf({ what, value }: Name): string {
  return `${what} ${value}`;
}

const ARN = /arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):[^\s"'\\,]+/g;
const QUEUE = /^https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/(\d{12})\//;
const BUCKET = /^(?:arn:aws[a-z-]*:s3:::|s3:\/\/)([a-z0-9.-]+)/;
const URL = /^https?:\/\/[^/]+/;
const PERSON = /^(?:[^\s@/]+@[^\s@/]+\.[^\s@/]+|\+\d{7,15})$/;

/** The names in a value. JSON may contain several ARNs. Policies have separate checks. */
function namesIn(text: string, path: string, type: string): readonly Name[] {
  if (IGNORED.test(path) || isGrant(type, path) || (text.includes('"Statement"') && /^\s*\{/.test(text))) return [];
  const sends = isSending(type, path);
  const arns = [...text.matchAll(ARN)].map(
    ([value, account = '']): Name => ({ what: 'account', value, account, sends }),
  );
  if (arns.length > 0) return arns;
  const [, queue] = QUEUE.exec(text) ?? [];
  if (queue !== undefined) return [{ what: 'account', value: text, account: queue, sends }];
  if (!sends) return [];
  const [, bucket = isBucketName(text, path) ? text : undefined] = BUCKET.exec(text) ?? [];
  if (bucket !== undefined) return [{ what: 'bucket', value: bucket, sends }];
  const [url] = URL.exec(text) ?? [];
  if (url !== undefined && !AWS_HOST.test(url)) return [{ what: 'address', value: text, sends }];
  return PERSON.test(text) ? [{ what: 'person', value: text, sends }] : [];
}

/** Attributes that describe or filter, and name nothing that is used. */
const IGNORED = /^(tags|tags_all|description|comment)\b|pattern$|(^|\.|_)filter/;

const AWS_HOST = /\.(amazonaws\.com(\.cn)?|aws|aws\.dev|on\.aws)$/;

function isBucketName(text: string, path: string): boolean {
  return /(^|_)bucket(_name)?$/.test(lastOf(path)) && /^[a-z0-9][a-z0-9.-]{2,62}$/.test(text);
}

/** Whether the resource sends data, events or calls to the target that the attribute names. */
export function isSending(type: string, path: string): boolean {
  const last = lastOf(path);
  if (NOT_SENT.test(`${type}.${path}`) || (namesRole(last) && !CROSS_ACCOUNT.test(last))) return false;
  return (
    SENT.test(`${type}.${path}`) || (SENDER.test(type) && /(arn|bucket|uri|url|endpoint|destination|target)/.test(last))
  );
}

/** Patterns for the type and path of attributes that name a destination. */
const SENT = anyOf([
  'destination',
  'delivery',
  'notification',
  'topic',
  'dead_?letter',
  'dlq',
  'redrive',
  'on_(failure|success)',
  'replicat',
  'logging',
  'subscri',
  'copy_action',
  'webhook',
  'output',
  'mirror',
  'sink',
  'event_(bus|stream)',
  'invocation_endpoint',
  'integration_uri',
  'cdr_bucket',
  '\\.uri$',
  '(^|[._])targets?([.[]|$|_arn|_bucket)',
  '(^|[._])(logs?|exports?|exporting|export_config|reports?)([._[]|$)',
]);

/** Types whose named resources are always destinations. */
const SENDER = anyOf([
  '^aws_cloudtrail',
  '^aws_config_delivery_channel',
  '^aws_kinesis_firehose_delivery_stream',
  '^aws_cloudwatch_metric_stream',
  '^aws_connect_instance_storage_config',
  '^aws_datasync_',
  '^aws_dms_',
]);

/** Exceptions: sources that are read, keys, parts of the network, and addresses that only visitors of a site use. */
const NOT_SENT = anyOf([
  '(^|[._])sources?([._[]|$)',
  'kms',
  'key_arn',
  'certificate',
  'secret',
  'credential',
  'target_group',
  'health_check',
  'home_directory',
  'listener',
  'custom_rule',
  '^aws_imagebuilder_(component|workflow)\\.uri',
]);

const CROSS_ACCOUNT = /cross_account/;

function anyOf(patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'));
}

/** The last part of a path, without a list index. */
function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replace(/\[\d+\]$/, '');
}

/** A bucket, with the account of the provider that creates it, if the expression refers to its resource. */
function ownedBy(name: OutsideName, change: Instance, referencesOf: ReferencesOf): readonly OutsideName[] {
  if (name.what !== 'bucket') return [name];
  const created = referencesOf(change, name.place.attribute ?? '')?.find(({ bucket }) => bucket === name.value);
  if (created === undefined) return [name];
  const { account, isDefault } = created;
  return account === undefined && isDefault ? [] : [{ ...name, ...defined({ account }) }];
}

/**
 * A destination that is known only after apply, unless its expression refers only to resources that the plan's own
 * providers create.
 */
function unreadAt(change: Instance, path: string, referencesOf: ReferencesOf): readonly OutsideName[] {
  if (
    !isSending(change.type, path) ||
    !/(arns?|destination|endpoint|uri|url|bucket(_name)?|target)$/.test(lastOf(path))
  ) {
    return [];
  }
  const references = referencesOf(change, path);
  // AWS computes attributes that the configuration does not set.
  if (references === undefined) return [];
  const unread: OutsideName = {
    place: { address: change.address, attribute: path },
    what: 'unread',
    value: path,
    sends: true,
  };
  if (references.length === 0) return [unread];
  const others = references.filter(({ account, isDefault }) => account !== undefined || !isDefault);
  return others.map(({ account }) => ({ ...unread, ...defined({ account }) }));
}

function* textsIn(value: unknown, path: string): Iterable<readonly [string, string]> {
  if (typeof value === 'string') yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) yield* textsIn(inner, joined(value, path, name));
}

function unknownIn(value: unknown, path: string): readonly string[] {
  if (value === true) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => unknownIn(inner, joined(value, path, name)));
}

function joined(parent: object, path: string, name: string): string {
  if (Array.isArray(parent)) return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}
