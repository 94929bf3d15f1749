/**
 * The automaton of a union of patterns, made deterministic only where a search walks.
 *
 * A search reads *symbols*: characters, and variables that the pattern in hand put there. Nobody knows what a variable
 * stands for, so an automaton reads it in one of three ways, and each is on the safe side for its use:
 * - `exact` spells out the pattern in hand: a variable is read where that variable stands, nowhere else;
 * - `under` accepts only what matches whatever the variables stand for: a `*` swallows a variable, a variable swallows
 *   itself, and nothing else does;
 * - `over` accepts all that might match for some value: a variable stands for any run of characters, and a variable
 *   that is read may be any run of characters.
 */
import { foldAscii } from '../glob';
import { type Pattern, type Step, standsFor, type VariableStep } from './pattern';

export type Reading = 'exact' | 'under' | 'over';

/** A set of places in the patterns. States of one automaton are equal when they are the same object. */
export interface State {
  readonly id: number;
  readonly items: readonly Item[];
  readonly accepting: boolean;
  /** Nothing can be accepted from here on. */
  readonly dead: boolean;
  /** Every continuation is accepted. */
  readonly all: boolean;
  /** Whether characters that are not listed lead anywhere. */
  readonly loose: boolean;
  /** Characters that lead elsewhere than the characters not listed. */
  readonly chars: readonly string[];
  /** Variables that can be read here, for the exact reading. */
  readonly variables: readonly VariableStep[];
  /** Where symbols lead, as far as it is known. */
  readonly next: Map<string, State>;
}

/** A pattern, by its place in the union, and a position in it. */
interface Item {
  readonly pattern: number;
  readonly position: number;
}

/** A character that no state lists. */
export const OTHER = '';

export class Automaton {
  readonly start: State;
  readonly #patterns: readonly Pattern[];
  readonly #reading: Reading;
  readonly #states = new Map<string, State>();

  /** @param skip How many steps of every pattern are left out; they are characters, the same in all. */
  constructor(patterns: readonly Pattern[], reading: Reading, skip: number) {
    this.#patterns = patterns;
    this.#reading = reading;
    this.start = this.#intern(patterns.map((_, pattern) => ({ pattern, position: skip })));
  }

  /** Where a character leads; {@link OTHER} for any that the state does not list. */
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

  /** Where a variable of the pattern in hand leads. */
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

  /** The positions behind a variable that is read at a position. */
  #pass(steps: readonly Step[], position: number, variable: VariableStep): readonly number[] {
    // It may be the empty text, so a pattern that is read to its end stays there.
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

  /** Adds what follows a wildcard that stands for nothing, and drops what a later wildcard makes superfluous. */
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

  /** Whether a step may stand for nothing, and stays when it is read. */
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

/** Whatever is accepted from before a `*` is accepted from that `*` too. One that stops at `:` reaches back only so far. */
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
