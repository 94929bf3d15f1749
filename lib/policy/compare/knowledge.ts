/** What conditions become when they are compared, and what is known beforehand of the keys that they ask about. */
import type { Literal } from './literal';
import type { Pattern } from './pattern';

/** One operator on one key. */
export interface Condition extends Way {
  /**
   * Other ways in which a statement with the condition matches. `evaluate` takes doubt against the request, so a `Deny`
   * also matches where it is in doubt whether the condition holds.
   */
  readonly others: readonly Way[];
}

/** One way in which a condition holds. */
export interface Way {
  /** Equal for conditions that are written alike, up to the order of values and the case of the key. */
  readonly source: string;
  readonly required: readonly Literal[];
  readonly forbidden: readonly Literal[];
  /** What must hold besides to be sure that it holds. */
  readonly needed: readonly Literal[];
  /**
   * For an allow: keys of the literals without which it matches nothing, or what the variables literally stand for. What
   * is counted on to cover it may take them for granted: it either has nothing to cover, or reads the variables alike.
   */
  readonly granted: readonly string[];
}

/** What is known of the context beforehand, and of the keys; and what was read already. */
export interface Knowledge {
  /** Values of context keys in lower case. */
  readonly given: ReadonlyMap<string, string>;
  /** Whether a request carries at most one value of a key, may carry several, or nothing is known. */
  readonly multiplicity: (key: string) => 'single' | 'several' | 'unknown';
  /** How a `*` is read that ends one of the first five parts of an ARN: whether it may run on across colons. */
  readonly runOn: boolean;
  /** Policies repeat themselves, and two that are compared even more so. */
  readonly read: {
    readonly conditions: Map<string, Condition>;
    readonly patterns: Map<string, Pattern>;
  };
}

/** Nothing beforehand. */
export function knowNothing(): Knowledge {
  return {
    given: new Map(),
    multiplicity: () => 'unknown',
    runOn: false,
    read: { conditions: new Map(), patterns: new Map() },
  };
}
