/**
 * Follow-up changes in the definitions after a removal, so that no guardrail reports an error for the remaining values.
 */
import type { Finding, SourceRange } from '@leasehold/definitions';
import { changeScalar, NotEditable, offsetOf, removeItem } from './edit';
import { placeOf } from './removals';

/** Changes the texts at the positions of guardrail findings. Returns `undefined` if nothing needs to be changed. */
export type Repair = (
  texts: ReadonlyMap<string, string>,
  findings: readonly Finding[],
) => Map<string, string> | undefined;

/**
 * Removes entries from `sensitive` that the role no longer allows. Only the guardrail's warnings concern such entries.
 * Its errors concern an action that the role uses, or an entry whose text a person must write.
 */
function withoutIdleSensitive(texts: ReadonlyMap<string, string>, findings: readonly Finding[]) {
  const idle = findings.filter(({ severity }) => severity === 'warning');
  return repaired(texts, idle, 'no-sensitive-read', (text, finding) =>
    removeItem(text, itemStart(text, offsetOf(text, finding.at)), 'sensitive'),
  );
}

/** Changes the declared access level if the role no longer contains an action of this level. */
const withAccess = (level: string) => (texts: ReadonlyMap<string, string>, findings: readonly Finding[]) =>
  repaired(texts, findings, 'one-access-level', (text, { at }) => changeScalar(text, accessIn(text, at), level));

/**
 * Finds the `access` key of the role. The finding's position is the value of `access` or an action, and the key may be
 * before or after that action.
 */
function accessIn(text: string, at: SourceRange): number {
  const offset = offsetOf(text, at);
  const end = text.indexOf('\n---', offset);
  const start = text.lastIndexOf('\n---', offset) + 1;
  const found = /^access:[^\S\n]*(?=\S)/m.exec(text.slice(start, end < 0 ? undefined : end));
  if (found === null) throw new NotEditable('the access level has no place');
  return start + found.index + found[0].length;
}

/**
 * Applies a repair once at each position, from the end of a file to its start, so that the other positions stay valid.
 * Several environments can have a finding at the same position.
 */
function repaired(
  texts: ReadonlyMap<string, string>,
  findings: readonly Finding[],
  id: string,
  repair: (text: string, finding: Finding) => string,
): Map<string, string> | undefined {
  const result = new Map(texts);
  const places = new Map(findings.filter((each) => each.id === id).map((finding) => [placeOf(finding.at), finding]));
  const backwards = [...places.values()].sort(({ at: a }, { at: b }) => b.line - a.line || b.column - a.column);
  let changed = false;
  for (const finding of backwards) {
    const text = result.get(finding.at.file);
    if (text === undefined) continue;
    try {
      result.set(finding.at.file, repair(text, finding));
      changed = true;
    } catch (error) {
      if (!(error instanceof NotEditable)) throw error;
    }
  }
  return changed ? result : undefined;
}

/** The start of the list item that contains an offset. For `- action: x`, the result is the position of `action`. */
function itemStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset) + 1;
  const lead = /^\s*-\s+/.exec(text.slice(start))?.[0];
  return lead === undefined ? offset : start + lead.length;
}

/** All repairs, in the order in which they are tried. */
export const REPAIRS: readonly Repair[] = [withoutIdleSensitive, ...['read', 'write', 'delete'].map(withAccess)];
