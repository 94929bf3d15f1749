/**
 * Follow-up changes in the definitions after a removal, so that no guardrail reports an error for the remaining values.
 */
import type { Finding, SourceRange } from '@leasehold/definitions';
import { changeItems, changeScalar, NotEditable, offsetOf, removeKey } from './edit';

/** Changes the texts at the positions of guardrail findings. Returns `undefined` if there is nothing to change. */
export type Repair = (
  texts: ReadonlyMap<string, string>,
  findings: readonly Finding[],
) => Map<string, string> | undefined;

/**
 * Removes entries from `sensitive` that the role no longer allows. Only the guardrail's warnings name such an entry. Its
 * errors name an action that the role uses, or an entry that a person must word.
 */
function withoutIdleSensitive(texts: ReadonlyMap<string, string>, findings: readonly Finding[]) {
  const idle = findings.filter(({ severity }) => severity === 'warning');
  return repaired(texts, idle, 'no-sensitive-read', (text, finding) => {
    const offset = offsetOf(text, finding.at);
    const list = sensitiveAround(text, offset);
    const item = itemStart(text, offset);
    if (item < list) throw new NotEditable('the entry is not in the list of sensitive reads');
    try {
      return changeItems(text, [{ offset: item, by: [] }]);
    } catch (error) {
      if (!(error instanceof NotEditable)) throw error;
      return removeKey(text, list);
    }
  });
}

/** The start of the value of the `sensitive` key that precedes an offset within the same document. */
function sensitiveAround(text: string, offset: number): number {
  const { start, end } = documentAround(text, offset);
  const found = /^sensitive:[^\S\n]*(?:#.*)?\n?\s*(?=\S)/m.exec(text.slice(start, end));
  const value = found === null ? Number.POSITIVE_INFINITY : start + found.index + found[0].length;
  if (value > offset) throw new NotEditable('the sensitive reads have no place');
  return value;
}

/** Declares another access level if the role no longer contains an action of the declared level. */
const withAccess = (level: string) => (texts: ReadonlyMap<string, string>, findings: readonly Finding[]) =>
  repaired(texts, findings, 'one-access-level', (text, { at }) => changeScalar(text, accessIn(text, at), level));

/**
 * Finds the `access` key of the role. The finding is at the value of `access` or at an action, and `access` may come
 * before or after that action.
 */
function accessIn(text: string, at: SourceRange): number {
  const { start, end } = documentAround(text, offsetOf(text, at));
  const found = /^access:[^\S\n]*(?=\S)/m.exec(text.slice(start, end));
  if (found === null) throw new NotEditable('the access level has no place');
  return start + found.index + found[0].length;
}

/** The bounds of the YAML document that contains an offset. */
function documentAround(text: string, offset: number): { readonly start: number; readonly end: number } {
  const end = text.indexOf('\n---', offset);
  return { start: text.lastIndexOf('\n---', offset) + 1, end: end < 0 ? text.length : end };
}

/** Applies a repair to the last finding of each file, repeatedly until nothing changes. */
function repaired(
  texts: ReadonlyMap<string, string>,
  findings: readonly Finding[],
  id: string,
  repair: (text: string, finding: Finding) => string | undefined,
): Map<string, string> | undefined {
  const result = new Map(texts);
  let changed = false;
  for (const finding of findings.filter((each) => each.id === id).toReversed()) {
    const text = result.get(finding.at.file);
    try {
      const better = text === undefined ? undefined : repair(text, finding);
      if (better === undefined) continue;
      result.set(finding.at.file, better);
      changed = true;
    } catch (error) {
      if (!(error instanceof NotEditable)) throw error;
    }
  }
  return changed ? result : undefined;
}

/** The start of the list item that contains an offset. For `- action: x` this is the position of `action`. */
function itemStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset) + 1;
  const lead = /^\s*-\s+/.exec(text.slice(start))?.[0].length ?? 0;
  return start + lead;
}

/** All repairs, in the order in which they are tried. */
export const REPAIRS: readonly Repair[] = [withoutIdleSensitive, ...['read', 'write', 'delete'].map(withAccess)];
