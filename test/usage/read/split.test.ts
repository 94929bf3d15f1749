/** Splits bytes into records, wherever a chunk ends, and says what is missing. */
import fc from 'fast-check';
import type { ProblemKind } from '../../../lib/usage/read/problem';
import { RecordSplitter } from '../../../lib/usage/read/split';

function split(text: string | Buffer, sizes: readonly number[] = [64], longest?: number) {
  const records: string[] = [];
  const problems: ProblemKind[] = [];
  const splitter = new RecordSplitter({
    record: (bytes) => records.push(bytes.toString('utf8')),
    problem: (kind) => problems.push(kind),
    ...(longest === undefined ? {} : { longest }),
  });
  const bytes = Buffer.from(text);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    splitter.write(bytes.subarray(at, at + size));
    at += size;
  }
  splitter.end();
  return { records, problems };
}

const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
const frames: readonly ((records: readonly unknown[], space: string) => string)[] = [
  (records, space) =>
    `${space}{${space}"Records"${space}:${space}[${records.map((each) => JSON.stringify(each)).join(`${space},${space}`)}]}`,
  (records) =>
    `\ufeff${JSON.stringify({ Events: records, NextToken: null, Other: { Records: [1], NextToken: 'x' } }, undefined, 2)}\n`,
  (records, space) => `${space}${JSON.stringify(records, undefined, 1)}${space}`,
  (records) => records.map((each) => JSON.stringify(each)).join('\n'),
];

it('finds the records of any text in any frame, however it is cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.array(json, { maxLength: 6 }),
      fc.constantFrom(...frames),
      fc.constantFrom('', ' ', '\n', '\r\n\t '),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
      (records, frame, space, sizes) => {
        const text = frame(records, space);
        const found = split(text, sizes);
        expect(found.problems).toEqual(text === '' ? ['cut-off'] : []);
        expect(found.records.map((each) => JSON.parse(each) as unknown)).toEqual(JSON.parse(JSON.stringify(records)));
      },
    ),
  );
});

it('reports a text that ends early, after the complete records before it', () => {
  const records = [{ a: 'x"}{' }, { b: ['\\', { c: '\\"' }] }, {}];
  for (const frame of frames.slice(0, 3)) {
    const text = Buffer.from(frame(records, ' ').trimEnd());
    for (let end = 1; end < text.length; end++) {
      const found = split(text.subarray(0, end), [7]);
      const whole = found.records.map((each) => JSON.parse(each) as unknown);
      expect(whole).toEqual(records.slice(0, whole.length));
      expect(found.problems).toEqual([expect.stringMatching(/cut-off|not-a-trail/)]);
    }
  }
});

it.each<[text: string, records: number, problem: ProblemKind | undefined]>([
  ['', 0, 'cut-off'],
  [' \n', 0, 'cut-off'],
  ['{"Records":[]}', 0, undefined],
  ['[]', 0, undefined],
  ['{}', 1, undefined],
  ['{"Records":[{}{}]}', 1, 'not-a-trail'],
  ['{"Records":[{},1]}', 1, 'not-a-trail'],
  ['{"Records":[{}],"Records":[{}]}', 1, 'not-a-trail'],
  ['{"Records":[{}],"Events":[{}]}', 1, 'not-a-trail'],
  ['{"Records":[{}]} {"Records":[{}]}', 1, 'not-a-trail'],
  ['{"Records":[{}]', 1, 'cut-off'],
  ['[{}] x', 1, 'not-a-trail'],
  ['{} x', 1, 'not-a-trail'],
  ['{}\n{"a":', 1, 'cut-off'],
  ['<html>', 0, 'not-a-trail'],
  ['"Records"', 0, 'not-a-trail'],
  ['{"Records":{}}', 1, undefined],
  [`{${' '.repeat(70_000)}"Records":[{}]}`, 0, 'not-a-trail'],
])('%.40s', (text, count, problem) => {
  const found = split(text, [text.length > 1000 ? 4096 : 3]);
  expect([found.records.length, found.problems]).toEqual([count, problem === undefined ? [] : [problem]]);
});

it('skips a record that is too long, keeps the others, and does not keep it in memory', () => {
  const long = JSON.stringify({ text: 'x'.repeat(5000) });
  const found = split(`{"Records":[{"a":1},${long},{"b":2}]}`, [100], 1000);
  expect(found).toEqual({ records: ['{"a":1}', '{"b":2}'], problems: ['oversized-record'] });
});

it.each<[what: string, text: string, listings: number, problems: readonly ProblemKind[]]>([
  ['a trail file', '{"Records":[{"a":1}]}', 0, []],
  ['a listing', '{"Events":[{"a":1}]}', 1, []],
  ['a listing without events', ' { "Events" : [ ] } ', 1, []],
  ['a listing that was cut off', '{"Events":[{"a":1}],"NextToken":"x"}', 1, ['cut-off']],
  ['a listing that was cut off, with a token of another type', '{"Events":[],"NextToken":{}}', 1, ['cut-off']],
  ['a listing whose token is spelled with an escape', '{"Events":[],"Next\\u0054oken":"x"}', 1, ['cut-off']],
  ['a listing without a next token', '{"Events":[],"NextToken":null}', 1, []],
])('recognizes %s', (_, text, listings, problems) => {
  let found = 0;
  const kinds: ProblemKind[] = [];
  const splitter = new RecordSplitter({
    record: () => {},
    problem: (kind) => kinds.push(kind),
    listing: () => {
      found += 1;
    },
  });
  for (const byte of Buffer.from(text)) splitter.write(Buffer.from([byte]));
  splitter.end();
  expect([found, kinds]).toEqual([listings, problems]);
});
