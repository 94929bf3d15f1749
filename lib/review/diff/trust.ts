/** Describes how the trust policy of a role changed: the permitted principals, and the conditions. */
import { type CompareOptions, many, type PolicyDocument } from '@leasehold/policy';
import { whoInWords } from '../callers/callers-in-words';
import { type Demand, demandInWords, demandsOf, deniedKeys, weakenedDemands, widens } from './demands';
import { sameValue } from './equal-values';
import { newcomerInWords, newcomers } from './newcomers';
import { entriesOf, type Named, onlyFor } from './principals';

export interface TrustChange {
  /** Principals that `after` permits and that `before` did not permit. */
  readonly added: readonly Named[];
  readonly removed: readonly Named[];
  /** Conditions of `before` that a principal no longer has to meet. `before` already permitted this principal. */
  readonly weakened: readonly Demand[];
  /** Condition keys, in lower case, that were used only in removed deny statements. */
  readonly undenied: readonly string[];
  /** Condition values that permit new calls. Each entry has one value. */
  readonly newcomers: readonly Demand[];
  /**
   * Whether a principal that was permitted before can now also assume the role with calls that were not permitted
   * before.
   */
  readonly wider: boolean;
  /** As sentences. */
  readonly words: readonly string[];
}

/** How a trust policy changed. `undefined` if it did not change. */
export function trustChange(
  before: PolicyDocument,
  after: PolicyDocument,
  options: CompareOptions,
): TrustChange | undefined {
  if (sameValue(before, after)) return undefined;
  const [earlier, later] = [namedIn(before), namedIn(after)];
  const added = [...later.values()].filter((named) => {
    if (earlier.has(named.key)) return false;
    const alone = onlyFor(after, ({ key }) => key === named.key);
    return alone !== undefined && widens({ trust: before }, { trust: alone }, options);
  });
  const removed = [...earlier.values()].filter(({ key }) => !later.has(key));
  const known = onlyFor(after, ({ key }) => earlier.has(key));
  const wider = known !== undefined && widens({ trust: before }, { trust: known }, options);
  const weakened = wider && known !== undefined ? weakenedDemands(before, known, options) : [];
  const undenied = wider ? deniedKeys(before, after) : [];
  const fresh = newDemands(before, after);
  const lets = wider || added.length > 0 ? newcomers('trust', before, after, options) : [];
  return {
    added,
    removed,
    weakened,
    undenied,
    newcomers: lets,
    wider,
    words: [
      ...added.map((named) => `Can now be assumed by ${wordsOf(named, after)}.`),
      ...removed.map((named) => `Can no longer be assumed by ${wordsOf(named, before)}.`),
      ...weakened.map((demand) => `No longer requires ${demandInWords(demand)} for every call.`),
      ...lets.map((demand) => `Now permits calls with ${newcomerInWords(demand)}.`),
      ...undenied.map((key) => `No longer refuses calls by ${key}.`),
      ...(wider && weakened.length === 0 && undenied.length === 0 ? ['Can be opened by calls that it refused.'] : []),
      ...(wider ? [] : fresh.map((demand) => `Now demands ${demandInWords(demand)}.`)),
    ],
  };
}

/** The principals that the trust policy of a new role permits, and its conditions, as sentences. */
export function trustInWords(document: PolicyDocument): readonly string[] {
  const names = [...namedIn(document).values()].map((named) => wordsOf(named, document));
  const demands = demandsOf(document).map(demandInWords);
  return [
    ...names.map((name) => `Can be opened by ${name}.`),
    ...(demands.length === 0 ? [] : [`Demands ${demands.join('; ')}.`]),
  ];
}

/** A principal in words, with the conditions that limit it. */
function wordsOf({ key, ...named }: Named, document: PolicyDocument): string {
  const statements = entriesOf(document).flatMap((entry) => (entry.named.key === key ? [entry.statement] : []));
  return whoInWords({ key, ...named }, statements);
}

function namedIn(document: PolicyDocument): ReadonlyMap<string, Named> {
  return new Map(entriesOf(document).map(({ named }) => [named.key, named] as const));
}

function newDemands(before: PolicyDocument, after: PolicyDocument): readonly Demand[] {
  const known = new Set(demandsOf(before).map(keyOf));
  return demandsOf(after).filter((demand) => !known.has(keyOf(demand)));
}

/** A key that is the same for equivalent conditions. */
function keyOf({ operator, key, values }: Demand): string {
  return JSON.stringify([operator, key.toLowerCase(), many(values).map(String).sort()]);
}
