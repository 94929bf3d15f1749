/**
 * A finite automaton for a union of patterns. Deterministic states are computed only when a search reaches them.
 *
 * A search reads *symbols*: characters, and variables of the pattern that is being searched. The value of a variable is
 * unknown, so an automaton reads a variable in one of three ways. Each way is the safe choice for one purpose:
 * - `exact` reads the pattern that is being searched: a variable matches only where the pattern contains the same
 * variable.
 * - `under` accepts only texts that match for every value of the variables. A `*` matches a variable, a variable
 * matches itself, and nothing else matches a variable.
 * - `over` accepts every text that matches for some value of the variables. A variable in the automaton's patterns
 * matches any number of characters, and a variable in the searched pattern may represent any number of characters.
 */
import { foldAscii } from '../glob';
import { type Pattern, type Step, standsFor, type VariableStep } from './pattern';

export type Reading = 'exact' | 'under' | 'over';

/** A set of positions in the patterns. Two states of one automaton are equal if they are the same object. */
export interface State {
  readonly id: number;
  readonly items: readonly Item[];
  readonly accepting: boolean;
  /** Whether no continuation is accepted. */
  readonly dead: boolean;
  /** Whether every continuation is accepted. */
  readonly all: boolean;
  /** Whether an accepted text can continue with a character that is not in `chars`. */
  readonly loose: boolean;
  /** The characters that have their own next state. All other characters lead to one common next state. */
  readonly chars: readonly string[];
  /** Variables that can be read in this state if the pattern is read with `exact`. */
  readonly variables: readonly VariableStep[];
  /** The next states that were already computed, by symbol. */
  readonly next: Map<string, State>;
}

/** The index of a pattern in the union, and a position in this pattern. */
interface Item {
  readonly pattern: number;
  readonly position: number;
}

/** Represents every character that is not in the `chars` of any state. */
export const OTHER = '';

export class Automaton {
  readonly start: State;
  readonly #patterns: readonly Pattern[];
  readonly #reading: Reading;
  readonly #states = new Map<string, State>();

  /**
   * @param skip Number of steps to skip at the start of every pattern. These steps are characters that are the same in
   * all patterns.
   */
  constructor(patterns: readonly Pattern[], reading: Reading, skip: number) {
    this.#patterns = patterns;
    this.#reading = reading;
    this.start = this.#intern(patterns.map((_, pattern) => ({ pattern, position: skip })));
  }

  /** The next state after a character. {@link OTHER} stands for every character that is not in the state's `chars`. */
  readChar(state: State, char: string): State {
    const symbol = state.chars.includes(char) ? char : OTHER;
    const known = state.next.get(symbol);
    if (known !== undefined) return known;
    const moved: Item[] = [];
    for (const { pattern, position } of state.items) {
      const step = this.#patterns[pattern]?.steps[position];
      if (step === undefined || !this.#admits(step, symbol, this.#patterns[pattern]?.fold === true)) continue;
      moved.push({ pattern, position: this.#skips(step) ? position : position + 1 });
    }
    return this.#lead(state, symbol, moved);
  }

  /** The next state after a variable of the pattern that is being searched. */
  readVariable(state: State, variable: VariableStep): State {
    const symbol = `$${variable.fold ? 'i' : 's'}${variable.colon ? '*' : '+'}${variable.name}`;
    const known = state.next.get(symbol);
    if (known !== undefined) return known;
    const moved = state.items.flatMap(({ pattern, position }) =>
      this.#pass(this.#patterns[pattern]?.steps ?? [], position, variable).map((place) => ({
        pattern,
        position: place,
      })),
    );
    return this.#lead(state, symbol, moved);
  }

  /** The positions after reading a variable at a position. */
  #pass(steps: readonly Step[], position: number, variable: VariableStep): readonly number[] {
    // The variable may be empty, so a pattern that was read to its end remains at its end.
    if (this.#reading === 'over') return range(position, steps.length);
    const step = steps[position];
    if (step?.kind === 'variable' && standsFor(step, variable)) return [position + 1];
    const swallowed = this.#reading === 'under' && step?.kind === 'any' && (step.colon || !variable.colon);
    return swallowed ? [position] : [];
  }

  #lead(state: State, symbol: string, moved: readonly Item[]): State {
    const next = this.#intern(moved);
    state.next.set(symbol, next);
    return next;
  }

  #admits(step: Step, symbol: string, fold: boolean): boolean {
    switch (step.kind) {
      case 'char':
        return symbol !== OTHER && (fold ? foldAscii(symbol) : symbol) === step.char;
      case 'variable':
        return this.#reading === 'over';
      default:
        return step.colon || symbol !== ':';
    }
  }

  #intern(moved: readonly Item[]): State {
    const items = this.#close(moved);
    let key = '';
    for (const { pattern, position } of items) key += `${pattern}.${position},`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const state = this.#describe(items);
    this.#states.set(key, state);
    return state;
  }

  /**
   * Adds the positions after a wildcard that matches nothing, and removes positions that a later wildcard makes
   * redundant.
   */
  #close(moved: readonly Item[]): readonly Item[] {
    if (moved.length === 0) return moved;
    const items: Item[] = [];
    for (let from = 0; from < moved.length; ) {
      const pattern = moved[from]?.pattern ?? 0;
      const steps = this.#patterns[pattern]?.steps ?? [];
      const positions: number[] = [];
      for (; moved[from]?.pattern === pattern; from++) {
        for (let position = moved[from]?.position ?? 0; ; position++) {
          if (!positions.includes(position)) positions.push(position);
          if (!this.#skips(steps[position])) break;
        }
      }
      for (const position of needed(positions, steps)) items.push({ pattern, position });
    }
    return items;
  }

  /** Whether a step can match the empty text, and can match further characters after the first. */
  #skips(step: Step | undefined): boolean {
    return step?.kind === 'any' || (step?.kind === 'variable' && this.#reading === 'over');
  }

  #describe(items: readonly Item[]): State {
    const chars = new Set<string>();
    const variables: VariableStep[] = [];
    let [accepting, all, loose] = [false, false, false];
    for (const { pattern, position } of items) {
      const { steps = [], fold = false } = this.#patterns[pattern] ?? {};
      const step = steps[position];
      if (step === undefined) accepting = true;
      else if (step.kind === 'variable') {
        variables.push(step);
        if (this.#reading === 'over') loose = true;
      } else if (step.kind === 'char') for (const char of fold ? bothCases(step.char) : [step.char]) chars.add(char);
      else {
        loose = true;
        if (!step.colon) chars.add(':');
        else if (step.kind === 'any' && position === steps.length - 1) all = true;
      }
    }
    return {
      id: this.#states.size,
      items,
      accepting,
      dead: items.length === 0,
      all,
      loose,
      chars: [...chars],
      variables,
      next: new Map(),
    };
  }
}

/**
 * Removes redundant positions: every text that is accepted from a position before a `*` is also accepted from that `*`.
 * This is not true for a `*` that does not match `:`, so such stars are not considered.
 */
function needed(positions: number[], steps: readonly Step[]): readonly number[] {
  if (positions.length === 1) return positions;
  positions.sort((a, b) => a - b);
  for (let index = positions.length - 1; index > 0; index--) {
    const step = steps[positions[index] ?? 0];
    if (step?.kind === 'any' && step.colon) return positions.slice(index);
  }
  return positions;
}

function bothCases(char: string): readonly string[] {
  return char >= 'a' && char <= 'z' ? [char, char.toUpperCase()] : [char];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
