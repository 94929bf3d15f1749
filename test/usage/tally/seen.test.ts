/** Which records are recognized as delivered twice. */
import { recordOf, type TrailRecord } from '../../../lib/usage/record/record';
import { SeenEvents } from '../../../lib/usage/tally/seen';
import { aRecord, type Fields } from '../support/records';

function recordWith(overrides: Fields): TrailRecord {
  const found = recordOf({ ...aRecord(), eventID: 'e', ...overrides });
  if (found === undefined) throw new Error('no record');
  return found;
}

/** A value in so many levels that a function that calls itself for each of them fails. */
const deep = (levels: number): Fields => JSON.parse(`${'{"a":['.repeat(levels)}1${']}'.repeat(levels)}`) as Fields;

it.each<[what: string, parameters: Fields, repeated: boolean, unsure: boolean]>([
  ['of the usual form', { a: 1 }, true, false],
  ['with a lone surrogate', { a: '\ud800' }, true, false],
  ['with many levels', deep(100_000), false, true],
  ['with many levels and a lone surrogate', { a: '\ud800', b: deep(100_000) }, false, true],
])('compares a record %s', (_, requestParameters, repeated, unsure) => {
  const seen = new SeenEvents();
  const record = recordWith({ requestParameters });
  expect([seen.repeats(record), seen.repeats(record), seen.unsure]).toEqual([false, repeated, unsure]);
});

it('compares all fields of a record, in any order of their keys', () => {
  const seen = new SeenEvents();
  expect(seen.repeats(recordWith({ requestID: 'r', requestParameters: { a: 1, b: 2 } }))).toBe(false);
  expect(seen.repeats(recordWith({ requestID: 'r', requestParameters: { b: 2, a: 1 } }))).toBe(true);
  expect(seen.repeats(recordWith({ requestID: 'r', requestParameters: { a: 1, b: 3 } }))).toBe(false);
});
