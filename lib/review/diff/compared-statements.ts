/**
 * The changed statements of trust policies and resource policies, in pairs of old and new. Only policies for which
 * there is a finding are included.
 */
import type { PolicyDocument, Statement } from '@leasehold/policy';
import type { PlacedPolicy } from '../model';
import type { ComparedStatements, ReviewFinding } from '../review';
import { canonical, statementsOf, versionOf } from './equal-values';

/** A policy on both sides. */
export interface PolicyPair {
  readonly before: PlacedPolicy | undefined;
  readonly after: PlacedPolicy | undefined;
}

/** The differences in the policies for which there is a finding, in the order of the policies. */
export function comparedStatements(
  policies: readonly PolicyPair[],
  findings: readonly ReviewFinding[],
): readonly ComparedStatements[] {
  const told = new Set(findings.map(({ place }) => placeKey(place)));
  return policies.flatMap(({ before, after }) => {
    const [earlier, later] = [before?.document, after?.document];
    if (after === undefined || earlier?.kind !== 'known' || later?.kind !== 'known') return [];
    if (!told.has(placeKey(after.place))) return [];
    const pairs = pairsOf(unlike(earlier.value, later.value), unlike(later.value, earlier.value));
    return pairs.length === 0 ? [] : [{ place: after.place, pairs }];
  });
}

function placeKey({ address, attribute }: PlacedPolicy['place']): string {
  return JSON.stringify([address, attribute ?? '']);
}

/** The statements of one document that have no equivalent in the other document. */
function unlike(one: PolicyDocument, other: PolicyDocument): readonly Statement[] {
  const known = new Set(statementsOf(other).map((statement) => canonical(statement, versionOf(other))));
  return statementsOf(one).filter((statement) => !known.has(canonical(statement, versionOf(one))));
}

/** Pairs of old and new statements that belong together, matched by `Sid` or else by the number of equal elements. */
function pairsOf(before: readonly Statement[], after: readonly Statement[]): ComparedStatements['pairs'] {
  const left = [...before];
  const take = (matches: (statement: Statement) => boolean) => {
    const index = left.findIndex(matches);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const byId = after.map((later) => ({
    later,
    earlier: later.Sid === undefined || later.Sid === '' ? undefined : take(({ Sid }) => Sid === later.Sid),
  }));
  const pairs = byId.map(({ later, earlier }) => ({ before: earlier ?? take(isLike(later)), after: later }));
  return [...pairs, ...left.map((statement) => ({ before: statement, after: undefined }))];
}

const ELEMENTS = ['Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'] as const;

function isLike(statement: Statement): (other: Statement) => boolean {
  const same = (other: Statement) =>
    ELEMENTS.filter((element) => JSON.stringify(statement[element]) === JSON.stringify(other[element])).length;
  return (other) => other.Effect === statement.Effect && same(other) >= ELEMENTS.length - 2;
}
