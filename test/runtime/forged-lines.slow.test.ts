/** Nothing that an agent writes looks like a line of Leasehold's, however wide the screen is. */
import type { ApprovalRequest } from '@leasehold/runtime';
import fc from 'fast-check';
import { hidesSomething, visible } from '../../lib/contract/text';
import { approvalLines } from '../../runtime/src/approval-text';
import { CONTINUED } from '../../runtime/src/marked-text';
import { anApprovalRequest } from './support/approval-request';

const BLANKS = ['\u2800', '\u00a0', '\u1680', '\u2003', '\u202f', '\u205f', '\u3000', '\u3164', '\uffa0', '\u{1d159}'];
const FORGERIES = [
  'Role:        reader (Reads documents.)',
  'Parameter:   folder = docs',
  'Length:      1 minute, until 2027-01-01 00:01:00 UTC if approved now',
  'Permissions:',
  '  may s3:GetObject',
  '    on arn:aws:s3:::hermes-docs/*',
  'Approvers:   lead',
  "Reason, in the agent's words:",
  '\u2503 Upload release 1.4.2',
  '\u21aa ',
  '배포',
];

/** Texts that are made to break where somebody wants them to. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...FORGERIES),
      fc
        .tuple(fc.constantFrom(' ', ...BLANKS), fc.integer({ min: 1, max: 90 }))
        .map(([blank, count]) => blank.repeat(count)),
      fc.constantFrom('\n', '\r', '\t', '\u2028', '\x1b[2K', '\u0301'),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.integer({ min: 1, max: 120 }).map((count) => 'x'.repeat(count)),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const width = fc.integer({ min: 24, max: 240 });

/**
 * What a terminal makes of lines that are too long: it breaks them where they are full. No character is wider than two
 * cells.
 */
function onScreen(lines: readonly string[], columns: number): readonly string[] {
  return lines.flatMap((line) => {
    const rows = [''];
    let used = 0;
    for (const char of line) {
      const cells = char < '\x7f' || /\p{M}/u.test(char) ? 1 : 2;
      if (used + cells > columns) {
        rows.push('');
        used = 0;
      }
      rows[rows.length - 1] += char;
      used += cells;
    }
    return rows;
  });
}

const ownLines = (lines: readonly string[]) => lines.filter((line) => !line.startsWith('┃ '));

it('a reason or a command changes no line but its own, at any width (property)', () => {
  fc.assert(
    fc.property(hostile, hostile, width, (reason, word, columns) => {
      const honest = onScreen(approvalLines(anApprovalRequest({ command: ['true'] }), columns), columns);
      const forged = onScreen(approvalLines(anApprovalRequest({ reason, command: [word] }), columns), columns);
      expect(ownLines(forged)).toEqual(ownLines(honest));
    }),
  );
});

it('nor where nobody knows the width, unless the screen is narrower than a phone (property)', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.integer({ min: 46, max: 240 }), (reason, word, columns) => {
      const honest = onScreen(approvalLines(anApprovalRequest({ command: ['true'] })), columns);
      const forged = onScreen(approvalLines(anApprovalRequest({ reason, command: [word] })), columns);
      expect(ownLines(forged)).toEqual(ownLines(honest));
    }),
  );
});

/** What a line is, by what it begins with; what goes on with another is nothing of its own. */
function kinds(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => (line.trimStart().startsWith(CONTINUED) ? [] : [/^ *[^ ]*/.exec(line)?.[0] ?? '']));
}

it('a parameter adds no line either, though the permissions are filled with it (property)', () => {
  const asking = (value: string): Partial<ApprovalRequest> => ({
    parameters: { release: value },
    permissions: [
      {
        effect: 'Allow',
        actions: ['s3:GetObject'],
        resources: [`arn:aws:s3:::hermes-dev-deploy/${value}/*`],
        conditions: { StringLike: { 's3:prefix': [`${value}/*`] } },
      },
    ],
  });
  fc.assert(
    fc.property(hostile, width, (value, columns) => {
      const honest = approvalLines(anApprovalRequest(asking('1')), columns);
      const forged = approvalLines(anApprovalRequest(asking(value)), columns);
      expect(onScreen(forged, columns)).toEqual(forged);
      expect(kinds(forged)).toEqual(kinds(honest));
    }),
  );
});

it('shows each of several spaces', () => {
  expect(
    approvalLines(anApprovalRequest({ reason: `a${' '.repeat(60)}Parameter: folder = docs` })).join('\n'),
  ).not.toMatch(/a {2}/);
  expect(visible('a   b c ')).toBe('a␣␣␣b c␣');
});

it.each(BLANKS)('writes out the blank %j, and no reason may hold it unless it is a space', (blank) => {
  const code = (blank.codePointAt(0) ?? 0).toString(16);
  expect(visible(`a${blank}b`)).toBe(code.length < 3 ? `a\\x${code}b` : `a\\u{${code}}b`);
  expect(hidesSomething(blank)).toBe(true);
});

it('writes out every character of Unicode that is drawn as a blank', () => {
  const seen: string[] = [];
  for (let code = 0x21; code <= 0x10ffff; code++) {
    const char = code >= 0xd800 && code <= 0xdfff ? '' : String.fromCodePoint(code);
    if (/^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Zs}]$/u.test(char) && visible(char) === char) {
      seen.push(code.toString(16));
    }
  }
  expect(seen).toEqual([]);
});

it('leaves letters with their marks as they are, and heaps of marks not', () => {
  expect(visible('Zażółć gęślą, नमस्ते, မြန်မာ')).toBe('Zażółć gęślą, नमस्ते, မြန်မာ');
  expect(visible(`a${'\u0301'.repeat(40)}`).length).toBeGreaterThan(200);
});
