/** The form in which conditions are compared, and the facts about context keys that are known in advance. */
import type { Literal } from './literal';
import type { Pattern } from './pattern';

/** One operator on one key. */
export interface Condition extends Way {
  /**
   * Additional ways in which a statement with the condition can match. `evaluate` decides unclear cases against the
   * request, so a `Deny` statement also matches if it is unclear whether the condition is true.
   */
  readonly others: readonly Way[];
}

/** One way in which a condition is true. */
export interface Way {
  /** The text of the condition, independent of the order of its values and the case of its key. */
  readonly source: string;
  readonly required: readonly Literal[];
  readonly forbidden: readonly Literal[];
  /** Additional literals. If these literals are true, the condition is certainly true. */
  readonly needed: readonly Literal[];
  /**
   * For an Allow statement: keys of the literals that are true whenever the statement matches, or the texts of its
   * variables. A rule that must cover the statement may assume that these literals are true: if one is false, the
   * statement does not match; and both rules read a variable in the same way.
   */
  readonly granted: readonly string[];
}

/** The facts about context keys that are known in advance, and a cache of parsed conditions and patterns. */
export interface Knowledge {
  /** Values of context keys in lower case. */
  readonly given: ReadonlyMap<string, string>;
  /** Whether a request contains at most one value of a key, may contain several values, or whether this is unknown. */
  readonly multiplicity: (key: string) => 'single' | 'several' | 'unknown';
  /** Whether a `*` at the end of one of the first five parts of an ARN may match across colons. */
  readonly runOn: boolean;
  /**
   * Caches parsed conditions and patterns, because policies often repeat conditions and patterns, especially on the two
   * sides of a comparison.
   */
  readonly read: {
    readonly conditions: Map<string, Condition>;
    readonly patterns: Map<string, Pattern>;
  };
}

/** Knowledge without any facts. */
export function knowNothing(): Knowledge {
  return {
    given: new Map(),
    multiplicity: () => 'unknown',
    runOn: false,
    read: { conditions: new Map(), patterns: new Map() },
  };
}
