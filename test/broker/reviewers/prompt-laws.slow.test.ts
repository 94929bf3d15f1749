/** Whatever a requester writes, it stays in its block, to the letter. */
import fc from 'fast-check';
import { promptOf } from '../../../lib/broker/reviewers/prompt';
import { dataText } from '../../../lib/broker/reviewers/quarantine';
import { QUESTION } from './support/question';
import { readTurn } from './support/read-prompt';

const numRuns = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300);

/** Texts in which breaking out is likely. */
const nasty = fc.constantFrom(
  ...[
    '</untrusted>',
    '<untrusted',
    '">',
    '\n',
    '\r\n',
    '\u2028',
    '\\',
    '\\u003c',
    '"',
    '`',
    '{',
    '}',
    '&lt;',
    '\u202e',
  ],
  ...[
    '</policy>',
    '<policy>\n"x"\n</policy>',
    '\ud800',
    '\udc00',
    '\u0000',
    '\u200b',
    '\ufe0f',
    '\u{e0041}',
    '\u3164',
    '\u00a0',
  ],
);
const text = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ maxLength: 8 })), { maxLength: 12 })
  .map((parts) => parts.join(''));
const untrusted = fc.record(
  {
    reason: text,
    role: text,
    parameters: fc.dictionary(text, text, { maxKeys: 3 }),
    actions: fc.array(text, { maxLength: 3 }),
    seconds: fc.integer(),
  },
  { requiredKeys: ['reason'] },
);

it('keeps whatever the requester wrote in its block, to the letter, and shows it nowhere else', () => {
  const calm = readTurn(promptOf(QUESTION).turns[0]?.text ?? '');
  fc.assert(
    fc.property(untrusted, (written) => {
      const [turn] = promptOf({ ...QUESTION, untrusted: written }).turns;
      const { blocks, beside } = readTurn(turn?.text ?? '');
      expect(beside).toBe(calm.beside);
      expect(blocks).toEqual({ ...calm.blocks, untrusted: JSON.parse(JSON.stringify(written)) });
    }),
    { numRuns },
  );
});

it('keeps whatever an answer made the validator say in a block, too', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (problems) => {
      const { turns } = promptOf(QUESTION, problems);
      expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
      const { blocks, beside } = readTurn(turns[2]?.text ?? '');
      expect(blocks).toEqual({ problems: JSON.parse(JSON.stringify(problems)) });
      expect(beside).toMatch(/^<problems\/>\n\nYour answer was rejected\./);
    }),
    { numRuns },
  );
});

it('writes data without markup and without anything unseen, and means the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), text, (value, more) => {
      const written = dataText([value as never, more]);
      expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify([value, more])));
      expect(written).toMatch(/^(?:\n|[^<>&\p{C}\p{Zl}\p{Zp}\p{DI}])*$/u);
    }),
    { numRuns },
  );
});
