/** Checks settings that protect data from deletion and public access. */
import { sameValue } from '../diff/equal-values';
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { isTrue, isUnread, nowLacks, show, valueAt } from './attributes';
import { type Change, type Check, type FindingKind, finding } from './finding';
import { writtenAlong } from './paths';
import { GUARDS, OPENERS, SETTINGS_OF_OTHERS } from './protection-types';

const deletion: FindingKind = {
  id: 'deletion-protection-removed',
  title: 'A protection against the deletion of data is removed',
  severities: ['high', 'medium'],
  why: 'Without this protection, a single call can delete data that nobody can restore.',
  hint: 'Keep the protection. If you want to delete the resource on purpose, turn the protection off in a separate change, directly before the deletion.',
};

const unblocked: FindingKind = {
  id: 'public-access-unblocked',
  title: 'A protection against public access is removed',
  severities: ['high', 'critical'],
  why: 'Without this protection, a single policy or ACL can make the resource public.',
  hint: 'Keep all four settings of the public access block, and keep authorization on every URL.',
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

function* guards(change: Change<Watched>): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (before === undefined) return;
  const place = after?.place ?? before.place;
  if (after === undefined && !SETTINGS_OF_OTHERS.has(before.type)) return;
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

/** Finds resources that become public because one of their own attributes changes. */
function* opened(change: Change<Watched>, { type, place }: Watched): Iterable<ReviewFinding> {
  for (const { path, bad, severity, words } of OPENERS[type] ?? []) {
    const was = writtenAlong(change.before, path);
    const found = writtenAlong(change.after, path).filter((value) => bad(value) || isUnread(value));
    const fresh = found.filter((value) => !was.some((other) => sameValue(other, value)));
    for (const value of fresh) {
      yield finding(unblocked, {
        place: { address: place.address, attribute: path.split('.')[0] ?? path },
        severity: isUnread(value) ? 'high' : severity,
        message: `${place.address} ${words ?? 'is open to everybody'}: ${path.replaceAll('.*', '')} is ${show(value)}.`,
      });
    }
  }
}

/** Whether the bucket to which a setting belongs is deleted together with the setting. */
function bucketIsGone({ type, values }: Watched, all: readonly Change<Watched>[]): boolean {
  if (!SETTINGS_OF_OTHERS.has(type)) return false;
  const name = valueAt(values, 'bucket');
  return all.some(
    ({ before, after }) =>
      before?.type === 'aws_s3_bucket' &&
      after === undefined &&
      (valueAt(before.values, 'bucket') === name || valueAt(before.values, 'id') === name),
  );
}
