/** The law behind `parameter-scope`: what has no leak, no two values share. */

import { defined } from '@leasehold/contract/defined';
import { compileTokens, type GlobToken } from '@leasehold/policy';
import fc from 'fast-check';
import { leaks, type ScopeToken, scopeTokens, type ValueShape } from '../../lib/guardrails/scope';

/** Values over two letters and two delimiters; the shape says which of them a value of the parameter may hold. */
const ALPHABET = ['a', 'b', '/', '-'];

const shape = fc.oneof(
  fc.subarray(ALPHABET, { minLength: 1 }).map((allowed): Shape => ({ allowed })),
  fc
    .uniqueArray(fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((values): Shape => ({ allowed: ALPHABET, values })),
);

interface Shape {
  readonly allowed: readonly string[];
  readonly values?: readonly string[];
}

const token = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', '/', '-', 'a/', '-b') },
  { weight: 2, arbitrary: fc.constantFrom('${param.x}', '${param.y}') },
  { weight: 2, arbitrary: fc.constantFrom('*', '?') },
);

const template = fc.array(token, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));

test('a text that two leases reach is reached with the same values', () => {
  let proven = 0;
  fc.assert(
    fc.property(template, shape, shape, fc.infiniteStream(fc.nat()), (text, x, y, random) => {
      const tokens = scopeTokens(text, true);
      const shapes = new Map([
        ['x', valueShape(x)],
        ['y', valueShape(y)],
      ]);
      if (leaks(tokens, shapes).length > 0) return;
      const draw = () => random.next().value ?? 0;
      for (let round = 0; round < 20; round++) {
        const mine = { x: value(x, draw), y: value(y, draw) };
        const theirs = { x: value(x, draw), y: value(y, draw) };
        if (used(tokens, mine) === used(tokens, theirs)) continue;
        proven++;
        // A text of the one scope, with wildcards filled so that it may well fall into the other.
        const sample = fill(tokens, mine, () => filling(theirs, draw));
        expect({ text, mine, theirs, sample, shared: reaches(tokens, theirs, sample) }).toMatchObject({
          shared: false,
        });
      }
    }),
    { numRuns: 3000 },
  );
  expect(proven).toBeGreaterThan(1000);
});

test('a leak that is told is one: some text is reached with two values', () => {
  const cases: readonly [string, string, Values, Values][] = [
    ['d/${param.x}*', 'd/1.4.20/f', { x: '1.4.2', y: '' }, { x: '1.4.20', y: '' }],
    ['d/${param.x}-f*', 'd/a-f-f', { x: 'a', y: '' }, { x: 'a-f', y: '' }],
    ['d/${param.x}${param.y}', 'd/abc', { x: 'a', y: 'bc' }, { x: 'ab', y: 'c' }],
    ['d/*/${param.x}', 'd/a/b/c', { x: 'c', y: '' }, { x: 'b/c', y: '' }],
    ['d/*/${param.x}/*', 'd/q/a/b/r', { x: 'a', y: '' }, { x: 'b', y: '' }],
  ];
  const anything = new Map([
    ['x', { canContain: () => true }],
    ['y', { canContain: () => true }],
  ]);
  for (const [text, shared, mine, theirs] of cases) {
    const tokens = scopeTokens(text, true);
    expect(leaks(tokens, anything)).not.toEqual([]);
    expect([reaches(tokens, mine, shared), reaches(tokens, theirs, shared)]).toEqual([true, true]);
  }
});

interface Values {
  readonly x: string;
  readonly y: string;
}

function valueShape({ allowed, values }: Shape): ValueShape {
  return {
    ...defined({ values }),
    canContain: (char) => (values ? values.some((each) => each.includes(char)) : allowed.includes(char)),
  };
}

function value({ allowed, values }: Shape, draw: () => number): string {
  const pick = (from: readonly string[]) => from[draw() % from.length] ?? '';
  return values ? pick(values) : Array.from({ length: 1 + (draw() % 3) }, () => pick(allowed)).join('');
}

/** The values that a template really holds. */
function used(tokens: readonly ScopeToken[], values: Values): string {
  return tokens
    .map((each) => (each.kind === 'parameter' ? `${each.name}=${valueIn(each.name, values)};` : ''))
    .join('');
}

function valueIn(name: string, values: Values): string {
  return name === 'x' ? values.x : values.y;
}

function fill(tokens: readonly ScopeToken[], values: Values, wild: () => string): string {
  return tokens
    .map((each) => {
      if (each.kind === 'text') return each.text;
      if (each.kind === 'parameter') return valueIn(each.name, values);
      return each.kind === 'any' ? wild() : (wild()[0] ?? '/');
    })
    .join('');
}

function filling(theirs: Values, draw: () => number): string {
  const parts = ['', '/', '-', 'a', 'b', theirs.x, theirs.y, `/${theirs.x}/`, `${theirs.x}/`, `-${theirs.y}`];
  return `${parts[draw() % parts.length]}${parts[draw() % parts.length]}`;
}

function reaches(tokens: readonly ScopeToken[], values: Values, text: string): boolean {
  const glob = tokens.map(
    (each): GlobToken =>
      each.kind === 'parameter'
        ? { kind: 'literal', text: valueIn(each.name, values) }
        : each.kind === 'text'
          ? { kind: 'literal', text: each.text }
          : each,
  );
  return compileTokens(glob)(text);
}
