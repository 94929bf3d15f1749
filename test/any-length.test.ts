/** No source passes a list of any length as the arguments of a call, because a long list overflows the stack. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { append, largest, smallest } from '@leasehold/contract/any-length';
import { packagesOf } from './support/imports';
import { spreadArgumentsIn } from './support/spread-arguments';

const ROOT = join(__dirname, '..');

/** Files in which the code determines the length of the list, and what the list contains. */
const SHORT: Readonly<Record<string, string>> = {
  'lib/cli/commands/init.ts': 'the chosen recipes of the catalogue',
  'lib/guardrails/scope.ts': 'at most one character',
  'lib/sandbox/services/common/keys.ts': 'the parts of a service',
};

it('every list of any length is appended or compared item by item', () => {
  const found = packagesOf(ROOT).flatMap(({ files }) =>
    files.flatMap((file) => spreadArgumentsIn(readFileSync(join(ROOT, file), 'utf8')).map(() => file)),
  );
  expect([...new Set(found)].sort()).toEqual(Object.keys(SHORT).sort());
});

it.each([
  { source: 'list.push(...more)', calls: ['push, line 1'] },
  { source: 'list\n  .push(first, ...more)', calls: ['push, line 2'] },
  { source: 'this.lists[0]?.push(...more)', calls: ['push, line 1'] },
  { source: 'const most = () => Math.max(0, ...sizes.map((each) => each.size))', calls: ['Math.max, line 1'] },
  { source: 'String.fromCharCode(...codes)', calls: ['String.fromCharCode, line 1'] },
  { source: 'const all = [...list, ...more]', calls: [] },
  { source: 'list.push([...more])', calls: [] },
  { source: 'list.max(...more)', calls: [] },
  { source: '// list.push(...more)', calls: [] },
])('$source', ({ source, calls }) => {
  expect(spreadArgumentsIn(source)).toEqual(calls);
});

const MANY = 300_000;

it('lists that are longer than the arguments of a call', () => {
  const list = ['first'];
  append(list, Array(MANY).fill('more'));
  expect(list).toHaveLength(MANY + 1);
  const numbers = Array.from({ length: MANY }, (_, index) => index);
  expect([largest(numbers), smallest(numbers)]).toEqual([MANY - 1, 0]);
});

it.each([
  { numbers: [], least: undefined, expected: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] },
  { numbers: [3, 5, 4], least: undefined, expected: [5, 3] },
  { numbers: [3, 5, 4], least: 7, expected: [7, 3] },
  { numbers: [3, Number.NaN], least: 0, expected: [Number.NaN, Number.NaN] },
])('the largest and the smallest of $numbers, at least $least', ({ numbers, least, expected }) => {
  expect([largest(numbers, least), smallest(numbers)]).toEqual(expected);
});
