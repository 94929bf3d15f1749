/**
 * Decides whether some request satisfies a conjunction of literals and at least one literal of every clause.
 *
 * The search splits cases until every clause is decided. The result "no request" is a proof, because treating subjects
 * as independent of each other only adds impossible requests. A case that remains is a *model*: for each subject, the
 * literals that are true.
 */
import type { Budget } from './budget';
import { BLANK, type Literal, negate, outside, subjectKey, type ValueSet } from './literal';
import type { TextSearch } from './search';
import { findValue } from './values';

/** For each subject, the literals that are assumed to be true. */
export type Assumptions = ReadonlyMap<string, readonly Literal[]>;

/** A clause is true if at least one of its literals is true. */
export type Clause = readonly Literal[];

export class Solver {
  readonly #search: TextSearch;
  readonly #budget: Budget;
  readonly #isSingle: (key: string) => boolean;
  readonly #answers = new Map<string, boolean>();

  /** @param isSingle Whether a request contains at most one value of a condition key, given in lower case. */
  constructor(search: TextSearch, budget: Budget, isSingle: (key: string) => boolean) {
    this.#search = search;
    this.#budget = budget;
    this.#isSingle = isSingle;
  }

  /** Adds literals to the assumptions. The result `undefined` proves that the assumptions are contradictory. */
  assume(assumptions: Assumptions, literals: readonly Literal[]): Assumptions | undefined {
    const extended = new Map(assumptions);
    const touched = new Set<string>();
    for (const literal of literals) {
      const subject = subjectKey(literal.subject);
      const known = extended.get(subject) ?? [];
      if (known.some(({ key }) => key === literal.key)) continue;
      extended.set(subject, [...known, literal]);
      touched.add(subject);
    }
    for (const subject of touched) if (!this.#consistent(extended.get(subject) ?? [])) return undefined;
    return extended;
  }

  /**
   * Offers models until one of them is accepted.
   * @returns Whether a model was accepted. If the result is false and no model was offered, no request satisfies all
   * conditions.
   */
  solve(assumptions: Assumptions, clauses: readonly Clause[], take: (model: Assumptions) => boolean): boolean {
    this.#budget.spend(1);
    let known = assumptions;
    let open: Clause[] = [...clauses];
    for (let settled = false; !settled; ) {
      settled = true;
      const left: Clause[] = [];
      for (const clause of open) {
        const undecided = this.#undecided(known, clause);
        if (undecided === 'holds') continue;
        const [first, second] = undecided;
        if (first === undefined) return false;
        if (second !== undefined) {
          left.push(undecided);
          continue;
        }
        const extended = this.assume(known, [first]);
        if (extended === undefined) return false;
        known = extended;
        settled = false;
      }
      open = left;
    }
    const [shortest, ...others] = open.sort((a, b) => a.length - b.length);
    return shortest === undefined ? take(known) : this.#split(known, shortest, others, take);
  }

  /** The literals of a clause that may be true, or `holds` if one of them is certainly true. */
  #undecided(known: Assumptions, clause: Clause): readonly Literal[] | 'holds' {
    const undecided: Literal[] = [];
    for (const literal of clause) {
      this.#budget.spend(1);
      if (this.assume(known, [negate(literal)]) === undefined) return 'holds';
      if (this.assume(known, [literal]) !== undefined) undecided.push(literal);
    }
    return undecided;
  }

  /**
   * Splits a clause into cases: the first literal is true; the first literal is false and the second is true; and so
   * on.
   */
  #split(
    known: Assumptions,
    clause: Clause,
    others: readonly Clause[],
    take: (model: Assumptions) => boolean,
  ): boolean {
    let refused = known;
    for (const literal of clause) {
      const held = this.assume(refused, [literal]);
      if (held !== undefined && this.solve(held, others, take)) return true;
      const next = this.assume(refused, [negate(literal)]);
      if (next === undefined) return false;
      refused = next;
    }
    return false;
  }

  #consistent(literals: readonly Literal[]): boolean {
    const [first] = literals;
    if (first === undefined) return true;
    const key = literals
      .map((literal) => literal.key)
      .sort()
      .join('\u0000');
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer =
      literals.every(({ absent }) => absent) ||
      this.#blank(literals) ||
      this.#carried(literals, this.#isSingleSubject(first));
    this.#answers.set(key, answer);
    return answer;
  }

  /** Whether the request may contain only empty strings, if a literal has a special rule for this case. */
  #blank(literals: readonly Literal[]): boolean {
    if (literals.every(({ blank }) => blank === undefined) || literals.some(({ blank }) => blank === false))
      return false;
    const asked = literals.filter(({ blank }) => blank === undefined).map(({ set }) => set);
    return this.#possible([BLANK, ...asked]);
  }

  /** Whether a request can contain values that satisfy all literals. */
  #carried(literals: readonly Literal[], single: boolean): boolean {
    const every = literals.filter(({ quantifier }) => quantifier === 'every').map(({ set }) => set);
    const some = literals.filter(({ quantifier }) => quantifier === 'some').map(({ set }) => set);
    if (literals.some(({ blank }) => blank !== undefined)) some.push(outside(BLANK));
    if (single) return this.#possible([...every, ...some]);
    return some.length === 0 ? this.#possible(every) : some.every((set) => this.#possible([...every, set]));
  }

  #possible(sets: readonly ValueSet[]): boolean {
    return findValue(this.#search, sets) !== undefined;
  }

  #isSingleSubject({ subject }: Literal): boolean {
    return subject.kind !== 'key' || this.#isSingle(subject.name);
  }
}
