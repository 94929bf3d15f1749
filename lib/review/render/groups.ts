/**
 * Groups findings by kind and severity, so that the reason and the hint appear only once per group. Merges equal
 * findings.
 */
import type { Place } from '../model';
import type { ReviewFinding } from '../review';

/** Findings of one kind and severity. */
export interface FindingGroup extends Pick<ReviewFinding, 'id' | 'severity' | 'why' | 'hint'> {
  readonly findings: readonly ReviewFinding[];
  /** Each message once, with all its places. */
  readonly messages: readonly GroupedMessage[];
}

/** The message of one finding, or of several findings that differ only in their locations. */
export interface GroupedMessage {
  readonly message: string;
  /** The locations of the findings, without duplicates. */
  readonly places: readonly Place[];
  /** The number of findings. */
  readonly count: number;
}

/** Groups findings, in the order of each group's first finding. */
export function groupFindings(findings: readonly ReviewFinding[]): readonly FindingGroup[] {
  const groups = new Map<string, ReviewFinding[]>();
  for (const finding of findings) {
    const { severity, id, why, hint } = finding;
    add(groups, JSON.stringify([severity, id, why, hint]), finding);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { id, severity, why, hint } = first;
    return { id, severity, why, hint, findings: group, messages: messagesOf(group) };
  });
}

function messagesOf(findings: readonly ReviewFinding[]): readonly GroupedMessage[] {
  const messages = new Map<string, ReviewFinding[]>();
  for (const finding of findings) add(messages, finding.message, finding);
  return [...messages].map(([message, same]) => ({ message, places: placesOf(same), count: same.length }));
}

function placesOf(findings: readonly ReviewFinding[]): readonly Place[] {
  return [...new Map(findings.map(({ place }) => [JSON.stringify([place.address, place.attribute]), place])).values()];
}

function add<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
