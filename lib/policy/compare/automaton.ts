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
import type { Pattern, Step } from './pattern';

export type Reading = 'exact' | 'under' | 'over';

/** A set of places in the patterns. States of one automaton are equal when they are the same object. */
export interface State {
  readonly id: number;
  /** Pattern index and position, paired. */
  readonly items: readonly Item[];
  readonly accepting: boolean;
  /** Nothing can be accepted from here on. */
  readonly dead: boolean;
  /** Every continuation is accepted. */
  readonly all: boolean;
  /** Characters that lead elsewhere than the characters not listed. */
  readonly chars: readonly string[];
  /** Variables that can be read here, for the exact reading. */
  readonly variables: readonly string[];
}

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
  readonly #steps = new Map<string, State>();

  constructor(patterns: readonly Pattern[], reading: Reading) {
    this.#patterns = patterns;
    this.#reading = reading;
    this.start = this.#intern(patterns.map((_, pattern) => ({ pattern, position: 0 })));
  }

  /** Where a character leads; {@link OTHER} for any that the state does not list. */
  readChar(state: State, char: string): State {
    const symbol = state.chars.includes(char) ? char : OTHER;
    return this.#cached(state, `'${symbol}`, (item, step) => {
      const stays = step.kind === 'any' || (step.kind === 'variable' && this.#reading === 'over');
      if (!this.#admits(step, symbol, this.#patterns[item.pattern]?.fold === true)) return [];
      return [stays ? item.position : item.position + 1];
    });
  }

  /** Where a variable of the pattern in hand leads. */
  readVariable(state: State, name: string): State {
    return this.#cached(state, `$${name}`, (item, step, length) => {
      if (this.#reading === 'over') return range(item.position, length);
      if (step.kind === 'variable' && step.name === name) return [item.position + 1];
      return this.#reading === 'under' && step.kind === 'any' && step.colon ? [item.position] : [];
    });
  }

  #cached(state: State, symbol: string, move: (item: Item, step: Step, length: number) => readonly number[]): State {
    const key = `${state.id}${symbol}`;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const items: Item[] = [];
    for (const item of state.items) {
      const steps = this.#patterns[item.pattern]?.steps ?? [];
      const step = steps[item.position];
      // A whole pattern read to its end goes on only where a variable may have been the empty text.
      const positions = step !== undefined ? move(item, step, steps.length) : this.#atEnd(item, symbol);
      for (const position of positions) items.push({ pattern: item.pattern, position });
    }
    const next = this.#intern(items);
    this.#steps.set(key, next);
    return next;
  }

  #atEnd(item: Item, symbol: string): readonly number[] {
    return this.#reading === 'over' && symbol.startsWith('$') ? [item.position] : [];
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
    const key = items.map((item) => `${item.pattern}.${item.position}`).join(',');
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const state = this.#describe(items);
    this.#states.set(key, state);
    return state;
  }

  /** Adds what follows a wildcard that stands for nothing, and drops what a later wildcard makes superfluous. */
  #close(moved: readonly Item[]): Item[] {
    const open: Set<number>[] = [];
    for (const item of moved) {
      const steps = this.#patterns[item.pattern]?.steps ?? [];
      let positions = open[item.pattern];
      if (positions === undefined) {
        positions = new Set();
        open[item.pattern] = positions;
      }
      for (let position = item.position; ; position++) {
        positions.add(position);
        if (!this.#skips(steps[position])) break;
      }
    }
    return open.flatMap((positions, pattern) =>
      this.#needed(
        [...positions].sort((a, b) => a - b),
        this.#patterns[pattern]?.steps ?? [],
      ).map((position) => ({
        pattern,
        position,
      })),
    );
  }

  #skips(step: Step | undefined): boolean {
    return step?.kind === 'any' || (step?.kind === 'variable' && this.#reading === 'over');
  }

  /** Whatever is accepted from before a `*` is accepted from that `*` too. One that stops at `:` reaches back only so far. */
  #needed(positions: readonly number[], steps: readonly Step[]): readonly number[] {
    for (let index = positions.length - 1; index > 0; index--) {
      const position = positions[index] ?? 0;
      const step = steps[position];
      if (step?.kind === 'any' && step.colon) return positions.slice(index);
    }
    return positions;
  }

  #describe(items: readonly Item[]): State {
    const chars = new Set<string>();
    const variables = new Set<string>();
    let accepting = false;
    let all = false;
    for (const { pattern, position } of items) {
      const { steps = [], fold = false } = this.#patterns[pattern] ?? {};
      const step = steps[position];
      if (step === undefined) accepting = true;
      else if (step.kind === 'variable') variables.add(step.name);
      else if (step.kind === 'char') for (const char of fold ? bothCases(step.char) : [step.char]) chars.add(char);
      else if (!step.colon) chars.add(':');
      else if (step.kind === 'any' && position === steps.length - 1) all = true;
    }
    return {
      id: this.#states.size,
      items,
      accepting,
      dead: items.length === 0,
      all,
      chars: [...chars],
      variables: [...variables],
    };
  }
}

function bothCases(char: string): readonly string[] {
  return char >= 'a' && char <= 'z' ? [char, char.toUpperCase()] : [char];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
