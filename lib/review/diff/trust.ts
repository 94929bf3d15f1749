/** How the trust policy of a role changed: who is let in, and on what demands. */
import type { CompareOptions } from '@leasehold/policy';
import { many, type PolicyDocument } from '@leasehold/policy';
import { type Demand, demandInWords, demandsOf, deniedKeys, weakenedDemands, widens } from './demands';
import { entriesOf, inWords, type Named, onlyFor } from './principals';
import { sameValue } from './same';

export interface TrustChange {
  /** Let in by `after`, and not by `before`. */
  readonly added: readonly Named[];
  readonly removed: readonly Named[];
  /** Demands of `before` that somebody whom it let in no longer has to meet. */
  readonly weakened: readonly Demand[];
  /** Keys of which only denies that are gone spoke, in lower case. */
  readonly undenied: readonly string[];
  /** Whether somebody who was let in before may open it on a call that did not. */
  readonly wider: boolean;
  /** In sentences. */
  readonly words: readonly string[];
}

/** How a trust changed; `undefined` when it did not. */
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
  return {
    added,
    removed,
    weakened,
    undenied,
    wider,
    words: [
      ...added.map((named) => `Can now be opened by ${inWords(named)}.`),
      ...removed.map((named) => `Can no longer be opened by ${inWords(named)}.`),
      ...weakened.map((demand) => `No longer demands ${demandInWords(demand)} of every call.`),
      ...undenied.map((key) => `No longer refuses calls by ${key}.`),
      ...(wider && weakened.length === 0 && undenied.length === 0 ? ['Can be opened by calls that it refused.'] : []),
      ...(wider ? [] : fresh.map((demand) => `Now demands ${demandInWords(demand)}.`)),
    ],
  };
}

/** Whom a trust lets in and what it demands, in sentences, for a role that is new. */
export function trustInWords(document: PolicyDocument): readonly string[] {
  const names = [...namedIn(document).values()].map(inWords);
  const demands = demandsOf(document).map(demandInWords);
  return [
    ...names.map((name) => `Can be opened by ${name}.`),
    ...(demands.length === 0 ? [] : [`Demands ${demands.join('; ')}.`]),
  ];
}

function namedIn(document: PolicyDocument): ReadonlyMap<string, Named> {
  return new Map(entriesOf(document).map(({ named }) => [named.key, named] as const));
}

function newDemands(before: PolicyDocument, after: PolicyDocument): readonly Demand[] {
  const known = new Set(demandsOf(before).map(keyOf));
  return demandsOf(after).filter((demand) => !known.has(keyOf(demand)));
}

/** Equal for demands that say the same. */
function keyOf({ operator, key, values }: Demand): string {
  return JSON.stringify([operator, key.toLowerCase(), many(values).map(String).sort()]);
}
