/** Identities whose name changes with the plan. */
import type { IdentityDiff } from './identity-diff';

/** Rewrites the plan's data from before the change so that it uses the names after the change. */
export interface Renames {
  /** The key that an identity with this earlier key has after the plan. */
  keyOf(earlier: string): string;
  /** The value, in which the earlier ARNs of renamed identities are replaced with the later ARNs. */
  rewritten<T>(value: T): T;
}

/** The identities that the plan renames, or replaces with another identity. */
export function renamesOf(diffs: readonly IdentityDiff[]): Renames {
  const keys = new Map<string, string>();
  const arns = new Map<string, string>();
  for (const { before, after } of diffs) {
    if (before === undefined || after === undefined) continue;
    if (before.key !== after.key) keys.set(before.key, after.key);
    if (before.arn.kind === 'unknown' || after.arn.kind === 'unknown' || before.arn.value === after.arn.value) continue;
    arns.set(before.arn.value, after.arn.value);
  }
  return {
    keyOf: (earlier) => keys.get(earlier) ?? earlier,
    rewritten: <T>(value: T): T => (arns.size === 0 ? value : (replaceTexts(value, arns) as T)),
  };
}

function replaceTexts(value: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return texts.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => replaceTexts(each, texts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaceTexts(each, texts)]));
}
