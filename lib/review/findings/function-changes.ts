/** Compares the settings and the code of a Leasehold function before and after a plan. */
import { sameValue } from '../diff/equal-values';
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { isUnread, valuesOf } from './attributes';
import { type Change, type FindingKind, finding } from './finding';

/** Attributes that determine how the function runs, except for its code. */
const SETTINGS = [
  'environment',
  'role',
  'handler',
  'layers',
  'runtime',
  'kms_key_arn',
  'vpc_config',
  'file_system_config',
  'reserved_concurrent_executions',
];
const CODE = ['source_code_hash', 'filename', 's3_bucket', 's3_key', 's3_object_version', 'image_uri', 'image_config'];

/**
 * Findings about an existing function that is removed, or whose code or settings change.
 * @param whose For example "broker's".
 */
export function* ofFunction(change: Change<Watched>, kind: FindingKind, whose: string): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (before === undefined) return;
  if (after === undefined) {
    const { place } = before;
    yield finding(kind, { place, message: `The ${whose} function ${place.address} is removed.` });
    return;
  }
  const differing = (names: readonly string[]) =>
    names.filter((name) => {
      const [was, is] = valuesOf(change, name);
      return isUnread(is) ? !isUnread(was) || !sameValue(was, is) : !sameValue(was ?? null, is ?? null);
    });
  const settings = differing(SETTINGS);
  const code = differing(CODE);
  if (settings.length > 0) {
    yield finding(kind, {
      place: { address: after.place.address, attribute: settings[0] ?? '' },
      message: `The ${whose} function ${after.place.address} changes its ${settings.join(', ')}.`,
    });
  }
  if (code.length > 0) {
    yield finding(kind, {
      place: { address: after.place.address, attribute: code[0] ?? '' },
      severity: 'medium',
      message: `The ${whose} function ${after.place.address} runs different code.`,
    });
  }
}
