/** What keeps data from being deleted or from being public. */
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { isTrue, isUnread, nowLacks, show, valueAt, valuesOf } from './attributes';
import { type Change, type Check, type FindingKind, finding } from './finding';

const deletion: FindingKind = {
  id: 'deletion-protection-removed',
  title: 'What keeps data from being deleted is removed',
  severities: ['high', 'medium'],
  why: 'One call then deletes what nobody can bring back.',
  mend: 'Keep the protection; switch it off in a change of its own, right before what it protects is deleted on purpose.',
};

const unblocked: FindingKind = {
  id: 'public-access-unblocked',
  title: 'What keeps a resource from being public is removed',
  severities: ['high', 'critical'],
  why: 'One policy or ACL is then all it takes to open it to the world.',
  mend: 'Keep all four settings of the public access block, and authorization on every URL.',
};

export const protection: Check = {
  kinds: [deletion, unblocked],
  *find({ watched }) {
    for (const change of watched) {
      const { before, after } = change;
      if (before !== undefined && after === undefined && bucketIsGone(before, watched)) continue;
      yield* guards(change);
      if (before === undefined && after !== undefined) yield* opened(change, after);
      else if (before !== undefined) yield* blocks(change, before);
    }
  },
};

/** Type → attribute → what is good, and what is said when it no longer is. */
const GUARDS: Readonly<Record<string, readonly (readonly [string, (value: unknown) => boolean, string])[]>> = {
  aws_dynamodb_table: [
    ['deletion_protection_enabled', isTrue, 'may now be deleted'],
    ['point_in_time_recovery[0].enabled', isTrue, 'can no longer be brought back to a point in time'],
  ],
  aws_db_instance: [
    ['deletion_protection', isTrue, 'may now be deleted'],
    ['backup_retention_period', (days) => typeof days === 'number' && days > 0, 'has no backups any more'],
  ],
  aws_rds_cluster: [
    ['deletion_protection', isTrue, 'may now be deleted'],
    ['backup_retention_period', (days) => typeof days === 'number' && days > 1, 'keeps no backups to speak of'],
  ],
  aws_s3_bucket: [
    ['force_destroy', (value) => !isTrue(value) && !isUnread(value), 'may now be deleted with all that it holds'],
    ['object_lock_enabled', isTrue, 'no longer locks objects'],
  ],
  aws_s3_bucket_versioning: [
    ['versioning_configuration[0].status', (value) => value === 'Enabled', 'no longer keeps versions'],
    ['versioning_configuration[0].mfa_delete', (value) => value === 'Enabled', 'lets versions be deleted without MFA'],
  ],
  aws_s3_bucket_object_lock_configuration: [
    ['object_lock_enabled', (value) => value === 'Enabled', 'no longer locks objects'],
  ],
  aws_kms_key: [['enable_key_rotation', isTrue, 'is no longer rotated']],
};

/** Settings of a bucket that stands beside them. */
const SETTINGS_OF_OTHERS = /^aws_s3_bucket_(versioning|object_lock_configuration|public_access_block)$/;

function* guards(change: Change<Watched>): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (before === undefined) return;
  const place = after?.place ?? before.place;
  if (after === undefined && !SETTINGS_OF_OTHERS.test(before.type)) return;
  for (const [path, good, words] of GUARDS[before.type] ?? []) {
    if (!good(valueAt(before.values, path))) continue;
    if (after !== undefined && good(valueAt(after.values, path))) continue;
    yield finding(deletion, {
      place: { address: place.address, attribute: path },
      severity: before.type === 'aws_kms_key' ? 'medium' : 'high',
      message: `${place.address} ${words}.`,
    });
  }
}

const BLOCKS = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'] as const;

function* blocks(change: Change<Watched>, before: Watched): Iterable<ReviewFinding> {
  const { after } = change;
  const place = after?.place ?? before.place;
  switch (before.type) {
    case 'aws_s3_bucket_public_access_block':
    case 'aws_s3_account_public_access_block': {
      const lost = BLOCKS.filter((name) => nowLacks(change, name, isTrue));
      if (lost.length === 0) return;
      const gone = after === undefined ? 'is removed' : `no longer sets ${lost.join(', ')}`;
      yield finding(unblocked, { place, message: `The public access block ${place.address} ${gone}.` });
      return;
    }
    default:
      if (after !== undefined) yield* opened(change, after);
  }
}

/** What opens a resource by an attribute of its own. */
function* opened(change: Change<Watched>, { type, place }: Watched): Iterable<ReviewFinding> {
  const [attribute, bad] = OPENERS[type] ?? [];
  if (attribute === undefined || bad === undefined) return;
  const [was, is] = valuesOf(change, attribute);
  if (!bad(is) || bad(was)) return;
  yield finding(unblocked, {
    place: { address: place.address, attribute },
    severity: isUnread(is) ? 'high' : 'critical',
    message: `${place.address} is open to everybody: ${attribute} is ${show(is)}.`,
  });
}

const OPENERS: Readonly<Record<string, readonly [string, (value: unknown) => boolean]>> = {
  aws_lambda_function_url: ['authorization_type', (value) => value === 'NONE' || isUnread(value)],
  aws_lambda_layer_version_permission: ['principal', (value) => value === '*' || isUnread(value)],
  aws_s3_bucket_acl: ['acl', (value) => (typeof value === 'string' && value.startsWith('public-')) || isUnread(value)],
  aws_db_instance: ['publicly_accessible', isTrue],
};

/** Whether the bucket that a setting belongs to is removed with it. */
function bucketIsGone({ type, values }: Watched, all: readonly Change<Watched>[]): boolean {
  if (!SETTINGS_OF_OTHERS.test(type)) return false;
  const name = valueAt(values, 'bucket');
  return all.some(
    ({ before, after }) =>
      before?.type === 'aws_s3_bucket' &&
      after === undefined &&
      (valueAt(before.values, 'bucket') === name || valueAt(before.values, 'id') === name),
  );
}
