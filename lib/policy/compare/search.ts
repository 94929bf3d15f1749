/**
 * Searches for a text that is in all sets of one group and in no set of another group. If no text is found, this proves
 * that none exists.
 *
 * Variables require three interpretations (see automaton.ts). One set is read exactly, with its variables as symbols.
 * The other sets that must contain the text are interpreted broadly, and the sets that must not contain the text
 * narrowly. The result "none" is therefore true for all values of the variables. A found text is only a candidate that
 * must be tested.
 */
import { Automaton, type State } from './automaton';
import type { Budget } from './budget';
import { contains } from './contain';
import { EVERYTHING, type Pattern, startApart } from './pattern';

/** A union of patterns. */
export interface TextSet {
  readonly patterns: readonly Pattern[];
  /** A key that identifies the set. Sets that are constructed in the same way have the same key. */
  readonly key: string;
  /** The start of every text of the set, in lower case. */
  readonly prefix: string;
}

/** A string that the search found: its characters, and its variables by name. */
export type Word = readonly (string | { readonly variable: string })[];

/** The union of some patterns. */
export function textSet(patterns: readonly Pattern[]): TextSet {
  const [only] = patterns;
  if (patterns.length === 1 && only !== undefined) return { patterns, key: only.key, prefix: only.prefix };
  const unique = new Map(patterns.map((pattern) => [pattern.key, pattern]));
  const prefix = [...unique.values()].reduce((shared, one) => sharedStart(shared, one.prefix), only?.prefix ?? '');
  return { patterns: [...unique.values()], key: [...unique.keys()].sort().join('\n'), prefix };
}

function sharedStart(left: string, right: string): string {
  let length = 0;
  while (length < left.length && left.charCodeAt(length) === right.charCodeAt(length)) length += 1;
  return left.slice(0, length);
}

export class TextSearch {
  readonly #budget: Budget;
  readonly #automata = new Map<string, Automaton>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /**
   * A string of minimum length that is in every set of `inside` and in no set of `outside`; `undefined` if no such
   * string exists.
   */
  find(inside: readonly TextSet[], outside: readonly TextSet[]): Word | undefined {
    const avoided = outside.flatMap((set) => set.patterns);
    const sets = [...inside].sort((a, b) => rank(a) - rank(b));
    const [likeliest = WHOLE] = sets;
    const word = this.#spell(likeliest, sets.slice(1), avoided);
    if (word === undefined) return undefined;
    // Reading another set exactly may give a proof that the first attempt did not give. Without variables, all readings
    // are exact.
    const others = sets.some(hasVariables) ? sets.slice(1) : [];
    const disproved = others.some(
      (set) =>
        this.#spell(
          set,
          sets.filter((other) => other !== set),
          avoided,
        ) === undefined,
    );
    return disproved ? undefined : word;
  }

  /** Searches with one set read exactly, pattern by pattern. */
  #spell(spelled: TextSet, inside: readonly TextSet[], outside: readonly Pattern[]): Word | undefined {
    for (const pattern of spelled.patterns) {
      const word = this.#findIn(pattern, inside, outside);
      if (word !== undefined) return word;
    }
    return undefined;
  }

  #findIn(pattern: Pattern, inside: readonly TextSet[], outside: readonly Pattern[]): Word | undefined {
    this.#budget.spend(1 + Math.ceil(outside.length / 64));
    const near = outside.filter((other) => !startApart(other, pattern));
    if (near.some((other) => contains(other, pattern))) return undefined;
    const narrowing: TextSet[] = [];
    for (const set of inside) {
      if (set.patterns.some((other) => contains(other, pattern))) continue;
      const met = set.patterns.filter((other) => !startApart(other, pattern));
      if (met.length === 0) return undefined;
      // For one exact text the quick test is complete if there are no variables.
      if (pattern.exact !== undefined && met.every((other) => other.variables.length === 0 && !other.mixed))
        return undefined;
      narrowing.push(met.length === set.patterns.length ? set : textSet(met));
    }
    if (pattern.exact !== undefined && narrowing.length === 0) return pattern.exact.split('');
    const skip = sharedPrefix(pattern, [...near, ...narrowing.flatMap(({ patterns }) => patterns)]);
    const word = this.#walk(
      this.#automaton(textSet([pattern]), 'exact', skip),
      narrowing.map((set) => this.#automaton(set, 'over', skip)),
      this.#automaton(textSet(near), 'under', skip),
    );
    return word === undefined ? undefined : [...charsOf(pattern, skip), ...word];
  }

  /**
   * Searches breadth first over the product of the automata, so that the first text that is found is as short as
   * possible.
   */
  #walk(exact: Automaton, inside: readonly Automaton[], outside: Automaton): Word | undefined {
    const first: Node = { exact: exact.start, inside: inside.map(({ start }) => start), outside: outside.start };
    const seen = new Set<string>();
    let edge: Node[] = [];
    const reach = (node: Node, next: Node[]): boolean => {
      let places = node.exact.items.length + node.outside.items.length;
      for (const { items } of node.inside) places += items.length;
      this.#budget.walk.spend(1 + (places >> 2));
      if (node.exact.dead || node.outside.all || node.inside.some(({ dead }) => dead)) return false;
      let key = `${node.exact.id},${node.outside.id}`;
      for (const { id } of node.inside) key += `,${id}`;
      if (seen.has(key)) return false;
      this.#budget.spend(1);
      seen.add(key);
      next.push(node);
      return node.exact.accepting && !node.outside.accepting && node.inside.every(({ accepting }) => accepting);
    };
    if (reach(first, edge)) return [];
    while (edge.length > 0) {
      const next: Node[] = [];
      for (const node of edge) {
        for (const char of charsAt(node)) {
          const found: Node = {
            exact: exact.readChar(node.exact, char),
            inside: node.inside.map((state, index) => inside[index]?.readChar(state, char) ?? state),
            outside: outside.readChar(node.outside, char),
            from: node,
            symbol: char,
          };
          if (reach(found, next)) return spell(found);
        }
        for (const variable of node.exact.variables) {
          const found: Node = {
            exact: exact.readVariable(node.exact, variable),
            inside: node.inside.map((state, index) => inside[index]?.readVariable(state, variable) ?? state),
            outside: outside.readVariable(node.outside, variable),
            from: node,
            symbol: { variable: variable.name },
          };
          if (reach(found, next)) return spell(found);
        }
      }
      edge = next;
    }
    return undefined;
  }

  #automaton(set: TextSet, reading: 'exact' | 'under' | 'over', skip: number): Automaton {
    const key = `${reading} ${skip} ${set.key}`;
    const known = this.#automata.get(key);
    if (known !== undefined) return known;
    const automaton = new Automaton(set.patterns, reading, skip);
    this.#automata.set(key, automaton);
    return automaton;
  }
}

interface Node {
  readonly exact: State;
  readonly inside: readonly State[];
  readonly outside: State;
  readonly from?: Node;
  readonly symbol?: string | { readonly variable: string };
}

const WHOLE: TextSet = textSet([EVERYTHING]);

/**
 * Priority for the set that is read exactly; the lowest value comes first. First sets of exact texts; then sets with
 * variables, because only an exact reading is precise for variables; then sets with few patterns.
 */
function rank(set: TextSet): number {
  if (set.patterns.every(({ exact }) => exact !== undefined)) return -1_000_000 + set.patterns.length;
  return set.patterns.length - (hasVariables(set) ? 100_000 : 0);
}

function hasVariables(set: TextSet): boolean {
  return set.patterns.some(({ variables }) => variables.length > 0);
}

/** The number of identical characters at the start of all patterns. */
function sharedPrefix(pattern: Pattern, others: readonly Pattern[]): number {
  let length = 0;
  for (; ; length++) {
    const step = pattern.steps[length];
    if (step?.kind !== 'char') return length;
    const alike = others.every((other) => {
      const own = other.steps[length];
      return own?.kind === 'char' && own.char === step.char && other.fold === pattern.fold;
    });
    if (!alike) return length;
  }
}

function charsOf({ steps }: Pattern, count: number): readonly string[] {
  return steps.slice(0, count).map((step) => (step.kind === 'char' ? step.char : ''));
}

/** The characters to try: those that some automaton distinguishes, and one representative of all other characters. */
function charsAt({ exact, inside, outside }: Node): readonly string[] {
  if (!exact.loose) return exact.chars;
  const listed = new Set(exact.chars);
  for (const char of outside.chars) listed.add(char);
  for (const state of inside) for (const char of state.chars) listed.add(char);
  return [unlisted(listed), ...listed];
}

/** A character that is not in the list, as simple as possible. */
function unlisted(listed: ReadonlySet<string>): string {
  for (const char of PLAIN) if (!listed.has(char)) return char;
  let code = 0x4e00;
  while (listed.has(String.fromCharCode(code))) code += 1;
  return String.fromCharCode(code);
}

const PLAIN = 'xyzwvutsrqponmlkjihgfedcba0123456789XYZABCDEFGHIJKLMNOPQRSTUVW-_.';

function spell(last: Node): Word {
  const symbols: (string | { readonly variable: string })[] = [];
  for (let node: Node | undefined = last; node?.symbol !== undefined; node = node.from) symbols.unshift(node.symbol);
  return symbols;
}
