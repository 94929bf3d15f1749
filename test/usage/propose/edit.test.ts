/** Edits of lists in YAML: a table of layouts, and that nothing else changes. */
import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { unifiedDiff } from '../../../lib/usage/propose/diff';
import { changeItems, NotEditable, removeItem } from '../../../lib/usage/propose/edit';

const change = (text: string, changes: Readonly<Record<string, readonly string[]>>) =>
  changeItems(
    text,
    Object.entries(changes).map(([item, by]) => ({ offset: text.indexOf(item), by })),
  );

it.each<[what: string, text: string, changes: Readonly<Record<string, readonly string[]>>, expected: string]>([
  ['first in brackets', 'a: [x, y, z]\n', { x: [] }, 'a: [y, z]\n'],
  ['middle in brackets', 'a: [x, y, z]\n', { y: [] }, 'a: [x, z]\n'],
  ['last in brackets', 'a: [x, y, z] # c\n', { z: [] }, 'a: [x, y] # c\n'],
  ['two in brackets', 'a: [x, y, z, w]\n', { x: [], z: [] }, 'a: [y, w]\n'],
  ['all but one in brackets', 'a: [x, y, z]\n', { x: [], z: [] }, 'a: [y]\n'],
  ['quoted in brackets', `a: ["x", 'y' ,z]\n`, { "'y'": [] }, `a: ["x" ,z]\n`],
  ['in brackets over several lines', 'a: [\n  x,\n  y,\n  z,\n]\n', { y: [] }, 'a: [\n  x,\n  z,\n]\n'],
  ['in braces', 'a: { b: [x, y], c: [x] }\n', { y: [] }, 'a: { b: [x], c: [x] }\n'],
  ['a pattern in brackets', 'a: ["s3:*", y]\n', { '"s3:*"': ['s3:B', 's3:A'] }, 'a: [s3:B, s3:A, y]\n'],
  ['first on a line', 'a:\n  - x\n  - y\n', { x: [] }, 'a:\n  - y\n'],
  ['last on a line', 'a:\n  - x # one\n  - y # two\n', { y: [] }, 'a:\n  - x # one\n'],
  ['last without a line break', 'a:\n  - x\n  - y', { y: [] }, 'a:\n  - x\n'],
  [
    'with comments around',
    'a:\n  # one\n  - x\n  # two\n  - y\n  # end\nb: 1\n',
    { y: [] },
    'a:\n  # one\n  - x\n  # two\n  # end\nb: 1\n',
  ],
  ['not indented', 'a:\n- x\n- y\nb: 1\n', { x: [] }, 'a:\n- y\nb: 1\n'],
  [
    'a pattern on a line',
    'a:\n    -   "s3:*" # all\n    - y\n',
    { '"s3:*"': ['s3:A', 's3:B'] },
    'a:\n    -   s3:A\n    - s3:B # all\n    - y\n',
  ],
  [
    'a statement',
    'allow:\n  - a: [x]\n    b: 1\n  # second\n  - a: [y]\n\n  # third\n  - a: [z]\n',
    { 'a: [y]': [] },
    'allow:\n  - a: [x]\n    b: 1\n\n  # third\n  - a: [z]\n',
  ],
  ['a statement in braces', 'allow: [{ a: x }, { a: y }]\n', { '{ a: y }': [] }, 'allow: [{ a: x }]\n'],
  ['with carriage returns', 'a:\r\n  - x\r\n  - y\r\n', { x: [] }, 'a:\r\n  - y\r\n'],
  ['in the second document', 'a: [x, y]\n---\na: [v, w]\n', { w: [] }, 'a: [x, y]\n---\na: [v]\n'],
])('%s', (_, text, changes, expected) => expect(change(text, changes)).toBe(expected));

it.each<[what: string, text: string, item: string]>([
  ['the only item', 'a: [x]\n', 'x'],
  ['a value that is not in a list', 'a: x\n', 'x'],
  ['an alias', 'a: &l [x, y]\nb: [*z]\n', '*z'],
  ['items with a comment between them', 'a: [\n  x,\n  # about y\n  y,\n  z]\n', 'y'],
])('does not change %s', (_, text, item) => expect(() => change(text, { [item]: [] })).toThrow(NotEditable));

it('leaves every other value as it is', () => {
  const value = fc.string({ minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.array(value, { minLength: 2, maxLength: 5 }), { minKeys: 1 }),
      fc.boolean(),
      fc.nat(),
      (lists, flow, seed) => {
        const text = stringify(lists, { collectionStyle: flow ? 'flow' : 'block' });
        const keys = Object.keys(lists);
        const key = keys[seed % keys.length] ?? '';
        const list = lists[key] ?? [];
        const index = seed % list.length;
        const node = parseAllDocuments(text)[0]?.getIn([key, index], true) as { range: [number] };
        let changed: string;
        try {
          changed = changeItems(text, [{ offset: node.range[0], by: [] }]);
        } catch (error) {
          expect(error).toBeInstanceOf(NotEditable);
          return;
        }
        expect(parseAllDocuments(changed)[0]?.toJS()).toEqual({
          ...lists,
          [key]: list.filter((_, each) => each !== index),
        });
      },
    ),
  );
});

it.each<[what: string, text: string, item: string, expected: string | undefined]>([
  ['the only item, with its key', 'a: 1\n# of b\nb:\n  - x\n# c\nc: 2\n', 'x', 'a: 1\n# c\nc: 2\n'],
  ['the only item in brackets', 'a: 1\nb: [x]\nc: 2\n', 'x', 'a: 1\nc: 2\n'],
  ['one of several', 'b:\n  - x\n  - y\n', 'x', 'b:\n  - y\n'],
  ['of the second document only', 'b: [y]\n---\nb: [x]\nc: 1\n', 'x', 'b: [y]\n---\nc: 1\n'],
  ['of the inner key only', 'b: [y]\nd:\n  b: [x]\n  e: 1\n', 'x', 'b: [y]\nd:\n  e: 1\n'],
  ['an item under another key', 'b: [y]\na: [x]\n', 'x', undefined],
  ['an only item under another key of another document', 'a: [x]\n---\nb: [y]\n', 'x', undefined],
])('removes %s', (_, text, item, expected) => {
  const run = () => removeItem(text, text.indexOf(item), 'b');
  if (expected === undefined) expect(run).toThrow(NotEditable);
  else expect(run()).toBe(expected);
});

it('writes a diff in the form of `git diff`', () => {
  const before = Array.from({ length: 20 }, (_, line) => `line ${line}\n`).join('');
  const after = before.replace('line 3\n', '').replace('line 15\n', 'new\nnewer\n');
  expect(unifiedDiff('x.yaml', before, after)).toBe(
    [
      '--- a/x.yaml',
      '+++ b/x.yaml',
      '@@ -1,7 +1,6 @@',
      ' line 0',
      ' line 1',
      ' line 2',
      '-line 3',
      ' line 4',
      ' line 5',
      ' line 6',
      '@@ -13,7 +12,8 @@',
      ' line 12',
      ' line 13',
      ' line 14',
      '-line 15',
      '+new',
      '+newer',
      ' line 16',
      ' line 17',
      ' line 18',
      '',
    ].join('\n'),
  );
  expect(unifiedDiff('x.yaml', before, before)).toBe('');
});

it('writes a diff of a long file without a table of all pairs of its lines', () => {
  const lines = Array.from({ length: 200_000 }, (_, line) => `line ${line}\n`);
  const diff = unifiedDiff('x.yaml', lines.join(''), lines.toSpliced(100_000, 1, 'new\n').join(''));
  expect(diff.split('\n').slice(2, 8)).toEqual([
    '@@ -99998,7 +99998,7 @@',
    ' line 99997',
    ' line 99998',
    ' line 99999',
    '-line 100000',
    '+new',
  ]);
});

it('writes a diff from which both texts can be restored', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const steps = unifiedDiff('x', before, after).split('\n').slice(2, -1);
      const [old, fresh] = [lines(before), lines(after)];
      let [a, b] = [0, 0];
      const seen: string[] = [];
      for (const step of steps) {
        const head = /^@@ -(\d+),(\d+) \+(\d+),(\d+) @@$/.exec(step);
        if (head) {
          const from = Number(head[2]) === 0 ? Number(head[1]) : Number(head[1]) - 1;
          seen.push(...old.slice(a, from));
          [a, b] = [from, Number(head[4]) === 0 ? Number(head[3]) : Number(head[3]) - 1];
          expect(seen.length).toBe(b);
        } else if (step.startsWith('+')) seen.push(step.slice(1));
        else {
          expect(step.slice(1)).toBe(old[a]);
          a += 1;
          if (step.startsWith(' ')) seen.push(step.slice(1));
        }
      }
      expect([...seen, ...old.slice(a)]).toEqual(fresh);
    }),
  );
});

const lines = (text: string) => text.split('\n').slice(0, -1);
