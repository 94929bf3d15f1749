/** What the pages of the administration compute: differences, who blocked a role, and when nothing can be changed. */
import * as fc from 'fast-check';
import { differenceOf } from '../../console/app/administration/difference';
import { type Editing, whyNotEdited } from '../../console/app/administration/settings-in-effect';
import { whoBlocked } from '../../console/app/administration/who-blocked';
import type { VerifiedAct } from '../../lib/broker/consent/verify-administration';
import { LONGEST_BLOCK } from '../../lib/broker/core';

describe('a difference', () => {
  const textOf = (before: string, after: string, left: 'added' | 'removed') =>
    differenceOf(before, after)
      .flatMap(({ kind, text }) => (kind === left ? [] : [text]))
      .join('');
  const words = fc.array(fc.constantFrom('may', 'read', 'write', ' ', '\n', '. ', 'é', '\u202e', '👍'), {
    maxLength: 30,
  });
  const texts = fc.oneof(
    words.map((each) => each.join('')),
    fc.string({ unit: 'binary', maxLength: 30 }),
  );

  it('contains both texts completely, whatever they are', () => {
    return fc.assert(
      fc.property(texts, texts, (before, after) => {
        expect([textOf(before, after, 'added'), textOf(before, after, 'removed')]).toEqual([before, after]);
      }),
    );
  });

  it('of equal texts removes and adds nothing', () => {
    return fc.assert(
      fc.property(texts, (text) => {
        expect(differenceOf(text, text)).toEqual(text === '' ? [] : [{ kind: 'kept', text }]);
      }),
    );
  });

  it('keeps what stayed between two changes', () => {
    expect(differenceOf('May read reports at night.', 'May write reports at noon.')).toEqual([
      { kind: 'kept', text: 'May ' },
      { kind: 'removed', text: 'read' },
      { kind: 'added', text: 'write' },
      { kind: 'kept', text: ' reports at ' },
      { kind: 'removed', text: 'night' },
      { kind: 'added', text: 'noon' },
      { kind: 'kept', text: '.' },
    ]);
  });

  it('of two long texts without anything in common is one removal and one addition', () => {
    const [before, after] = ['a '.repeat(2000), 'b,'.repeat(2000)];
    expect(differenceOf(before, after).map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });
});

describe('who blocked a role', () => {
  const act = (at: number, scope: object, change: object = {}, kind = 'signed') =>
    ({
      event: { at, body: { type: 'leases-revoked', by: `administrator ${at}`, scope, because: 'Why', ...change } },
      proof: { kind },
    }) as never as VerifiedAct;

  it.each<[string, readonly VerifiedAct[], number | undefined]>([
    ['nobody, by the record', [], undefined],
    ['the last one who blocked it', [act(10, { role: 'a' }), act(20, { role: 'a' })], 20],
    ['somebody who blocked all roles', [act(10, { role: 'a' }), act(20, { all: true })], 20],
    ['not who blocked another role', [act(10, { role: 'a' }), act(20, { role: 'b' })], 10],
    ['not who ended the leases of a requester', [act(10, { requester: 'a' })], undefined],
    ['not whose signature is not valid', [act(10, { role: 'a' }), act(20, { role: 'a' }, {}, 'invalid')], 10],
    ['also who did not sign', [act(10, { role: 'a' }, {}, 'unsigned')], 10],
    ['who blocked it for the longest time', [act(1800 - LONGEST_BLOCK, { role: 'a' })], 1800 - LONGEST_BLOCK],
    ['not who blocked it before', [act(1799 - LONGEST_BLOCK, { role: 'a' })], undefined],
    ['not who blocked it after this block ended', [act(5000, { role: 'a' })], undefined],
  ])('is %s', (_, acts, at) => {
    expect(whoBlocked('a', 1800, acts)?.at).toBe(at);
  });
});

describe('a principal', () => {
  const set = (version: number, policy: string, groups: readonly string[] = []) => ({
    event: { body: { type: 'principal-set', version, after: { policy, groups } } },
    proof: { kind: 'signed' },
  });
  const editing = (
    view: object,
    acts: readonly object[],
    {
      person,
      ...record
    }: { readonly person?: string | undefined; readonly valid?: boolean; readonly because?: string } = {
      person: 'chief',
    },
  ) =>
    ({
      view: { name: 'alice', version: 0, policy: '', groups: [], ...view },
      record: { acts, valid: true, ...record },
      signer: person === undefined ? undefined : { person },
    }) as never as Editing;

  it.each<[string, Editing]>([
    ['as defined', editing({}, [])],
    ['as recorded last', editing({ version: 2, policy: 'b', groups: ['x'] }, [set(1, 'a'), set(2, 'b', ['x'])])],
    ['recorded twice, because the first try failed', editing({ version: 1, policy: 'b' }, [set(1, 'a'), set(1, 'b')])],
  ])('%s can be changed', (_, input) => {
    expect(whyNotEdited(input)).toEqual({});
  });

  it.each<[string, Editing, RegExp]>([
    ['with a text that is not in the record', editing({ version: 1, policy: 'x' }, [set(1, 'a')]), /not in the record/],
    [
      'with a group that is not in the record',
      editing({ version: 1, groups: ['x'] }, [set(1, '')]),
      /not in the record/,
    ],
    [
      'with a version that is not in the record',
      editing({ version: 3, policy: 'a' }, [set(1, 'a')]),
      /not in the record/,
    ],
    ['that is changed without a record', editing({ version: 1, policy: 'a' }, []), /not in the record/],
    ['that was put back', editing({ version: 1, policy: 'a' }, [set(1, 'a'), set(2, 'b')]), /not in effect/],
    ['that was put back to the definitions', editing({}, [set(1, 'a')]), /settings of the definitions/],
  ])('%s is shown with a warning', (_, input, words) => {
    expect(whyNotEdited(input)).toEqual({ warn: expect.stringMatching(words) });
  });

  it.each<[string, Editing, RegExp]>([
    ['without passkeys', editing({}, [], { person: undefined }), /leasehold principals/],
    ['who is the administrator', editing({}, [], { person: 'alice' }), /their own settings/],
    ['with a broken record', editing({}, [], { person: 'chief', valid: false, because: 'x' }), /record is not valid/],
    ['with a signature that is not valid', editing({}, [], { person: 'chief', valid: false }), /record is not valid/],
  ])('%s cannot be changed', (_, input, words) => {
    expect(whyNotEdited(input).refuse).toMatch(words);
  });
});
