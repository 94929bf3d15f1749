/** No source passes a list of any length as the arguments of a call, because a long list overflows the stack. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { append, largest, smallest } from '@leasehold/contract/any-length';
import { packagesOf } from './support/imports';
import { spreadArgumentsIn } from './support/spread-arguments';

const ROOT = join(__dirname, '..');

/** Files in which the code determines the length of each spread list, and what the list contains. */
const SHORT: Readonly<Record<string, string>> = {
  'console/app/assistant/chat.ts': 'a message and a hint',
  'console/app/assistant/link.ts': 'a message and a hint',
  'lib/broker/reviewers/concessions.ts': 'the arguments of the caller',
  'lib/broker/service/collect.ts': 'a code and a message',
  'lib/cli/plan-review.ts': 'at most one source',
  'lib/cli/shell.ts': 'the arguments of the caller',
  'lib/definitions/read.ts': 'the start and the end of a range',
  'lib/doctor/aws/aws.ts': 'the arguments of the caller',
  'lib/doctor/here/machine.ts': 'a program and a list with its arguments',
  'lib/mcp/http.ts': 'a status and a message',
  'lib/policy/compare/values.ts': 'a key and a value',
  'lib/review/diff/access-change.ts': 'the permissions before and after',
  'runtime/src/channels/slack/interaction.ts': 'names that the code contains',
  'runtime/src/channels/webhook/listener.ts': 'a status and a message',
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
  { source: 'list.push(...more)', calls: ['list.push, line 1'] },
  { source: 'list\n  .push(first, ...more)', calls: ['list\n  .push, line 2'] },
  { source: 'this.lists[0]?.push(...more)', calls: ['this.lists[0]?.push, line 1'] },
  { source: 'const most = (choose: typeof Math.max) => choose(...known)', calls: ['choose, line 1'] },
  { source: 'choose(\n  first,\n  ...known,\n)', calls: ['choose, line 1'] },
  { source: 'new Set(...lists)', calls: ['Set, line 1'] },
  { source: 'list[name](...more)', calls: ['list[name], line 1'] },
  { source: 'const most = () => Math.max(0, ...sizes.map((each) => each.size))', calls: ['Math.max, line 1'] },
  { source: 'String.fromCharCode(...codes)', calls: ['String.fromCharCode, line 1'] },
  { source: 'const all = [...list, ...more]', calls: [] },
  { source: 'list.push([...more])', calls: [] },
  { source: 'function largest(...numbers: number[]) {}', calls: [] },
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
