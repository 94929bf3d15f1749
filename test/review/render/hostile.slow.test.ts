/** Whoever writes the plan writes names, descriptions, tags and policies, and must not write the review. */
import fc from 'fast-check';
import { onOneLine } from '../../../lib/contract/text';
import { reviewJson } from '../../../lib/review/render/json';
import { marker, reviewMarkdown } from '../../../lib/review/render/markdown';
import { code, speaker } from '../../../lib/review/render/markup';
import { reviewSarif } from '../../../lib/review/render/sarif';

import { read } from './reading';
import { sampleReview } from './sample';

const RUNS = { numRuns: Math.ceil(Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) / 3) };

const page = (id: string) => `https://pages.example/docs/findings/${id}.md`;
const render = (fill: (text: string) => string) => reviewMarkdown(sampleReview(fill), { name: 'hermes-prod', page });

/** What has broken out of somebody's Markdown before. */
const ATTACKS = [
  'x` y `z',
  '``` x',
  '~~~',
  '`',
  '``',
  'a``b`c',
  '| a | b |',
  '\\| x \\',
  '<!-- leasehold-review -->',
  '<!-- leasehold-review: hermes-prod -->',
  '-->',
  '</details></details><h1>Approved</h1>',
  '<details open><summary>x',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<a href="https://evil.example">see</a>',
  '[see](https://evil.example)',
  '![see](https://evil.example/x.png)',
  '[see]: https://evil.example',
  '[^1]: note',
  '<https://evil.example>',
  'https://evil.example/login',
  'www.evil.example',
  'ftp://evil.example',
  'security@evil.example',
  'mailto:security@evil.example',
  '@octocat',
  '@hermes/platform',
  'cc @octocat, @hermes/platform',
  '#123',
  'hermes/app#123',
  'GH-123',
  'TICKET-42',
  '!42 %7 ~bug $9 &3 *12',
  '^#ff0000',
  '9fceb02d0ae598e95dc970b74767f19372d61af8',
  '9fceb02',
  'hermes/app@9fceb02d0ae598e95dc970b74767f19372d61af8',
  '**Approved**',
  '__Approved__ ~~not~~ *x* _y_',
  '# No findings',
  'x\n# No findings\n',
  'x\r\n\r\n## ✅ Leasehold: nothing changes\r\n',
  'x\n\n| service | level |\n| --- | --- |\n',
  'No findings\n===',
  'x\u2028# No findings',
  '- [x] reviewed',
  '1. approved',
  '1) approved',
  '+ approved',
  '> quoted',
  '    indented',
  '\tindented',
  '---',
  '***',
  '/approve',
  '/merge',
  'atlantis apply',
  ':white_check_mark:',
  '$`a^2`$',
  '$$x$$',
  '$x$',
  '&lt;b&gt; &#64;octocat &commat;octocat',
  '"]; end; click n1 "https://evil.example"',
  '%%{init: {"securityLevel": "loose"}}%%',
  'end\n```\n# x',
  '\u202egnp.exe',
  '\u2066x\u2069',
  '\u200b\u200d\ufeff',
  '\u{e0041}\u{e0042}',
  '\u3164',
  '\u0007\u001b[31mred\u001b[0m\u009b31m',
  '\u001b]8;;https://evil.example\u001b\\x\u001b]8;;\u001b\\',
  'z\u0310\u0311\u0312\u0313\u0314\u0315\u0316',
  '\ud800',
  '{+ approved +} [- no -]',
  '((a)) [[wiki]]',
  'toString',
  '__proto__ constructor',
  '',
  ' ',
];

/** The review with a word in place of each text, the same word for the same text: what is equal is grouped. */
function harmless(fill: (text: string) => string): string {
  const words = new Map<string, string>();
  return render((text) => {
    const filled = fill(text);
    const word = words.get(filled) ?? `x${words.size}`;
    words.set(filled, word);
    return word;
  });
}

/** Elements of ours; a comment in the first line is the marker. */
const OUR_HTML =
  /^(?:<\/?code>|<wbr>|<br>|<\/?sub>|<\/details>|<details>\n<summary>[a-zA-Z0-9 ,:]+<\/summary>|<!-- leasehold-review: hermes-prod -->)$/;

/** What may stand outside of code: words, numbers, and what commonly stands around them. */
const BARE = /^[\p{L}\p{M}\p{N} \n"'“”‘’(),;:?.…–—→∩|⛔🔴🟠🟡🔵✅-]*$/u;
/** And among those nothing that GitHub or GitLab links: commits, keys of trackers, addresses, emoji. */
const LINKED = /\b[0-9a-f]{7,}\b|\b[\p{L}]+-\d+|\bwww\.|:\/\/|:[a-z0-9_+-]+:/iu;

const MERMAID_LABEL = String.raw`"(?:[\p{L}\p{M}\p{N} ,.:/_=+()$!?*-]|#\d+;)*"`;
const MERMAID = new RegExp(
  `^(?:${[
    'flowchart LR',
    String.raw`  n\d+(?:\[${MERMAID_LABEL}\]|\(\[${MERMAID_LABEL}\]\)|\[\(${MERMAID_LABEL}\)\]):::[a-z]+`,
    String.raw`  n\d+ (?:-->|==>|-\.->)(?:\|${MERMAID_LABEL}\|)? n\d+`,
    '  classDef [a-z]+ [a-z0-9#:,]+',
  ].join('|')})$`,
  'u',
);

/** What no reader sees, or what makes others see something else. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{DI}\u2800]/u;

function expectTextOnly(fill: () => (text: string) => string): void {
  const markdown = render(fill());
  const reference = harmless(fill());
  const reading = read(markdown);
  expect(reading.structure).toEqual(read(reference).structure);
  for (const html of reading.html) expect(html.trim()).toMatch(OUR_HTML);
  for (const link of reading.links) expect(link).toMatch(/^https:\/\/pages\.example\/docs\/findings\/[a-z-]+\.md$/);
  for (const line of reading.bare.join('').split('\n')) {
    expect(line).toMatch(BARE);
    // Names of our own findings stand in links, and no tracker's key is like them.
    expect(line).not.toMatch(LINKED);
  }
  for (const line of reading.blocks.flatMap((block) => block.trimEnd().split('\n'))) expect(line).toMatch(MERMAID);
  // And for who reads it without reading Markdown.
  const lines = markdown.split('\n');
  expect(lines[0]).toBe(marker('hermes-prod'));
  expect(lines[1]).toMatch(/^## ⛔ Leasehold, `hermes-prod`: /);
  expect(lines.filter((line) => line.startsWith('<!--'))).toHaveLength(1);
  expect(markdown.match(/<!--/g)).toHaveLength(1);
  expect(lines.filter((line) => /^\s*(?:[/@]|atlantis)/i.test(line))).toEqual([]);
  expect(markdown).not.toContain('@');
  expect(bars(lines)).toEqual(bars(reference.split('\n')));
  expect(lines.filter((line) => HIDDEN.test(line.replaceAll('⚠️', '')))).toEqual([]);
}

/** Bars of each line of a table: as many as it has cells, and one. */
function bars(lines: readonly string[]): readonly (number | undefined)[] {
  return lines.filter((line) => line.startsWith('|')).map((line) => line.match(/\|/g)?.length);
}

describe('a review in Markdown takes as text', () => {
  it.each(ATTACKS.map((attack) => [JSON.stringify(attack), attack]))('%s', (_, attack) => {
    expectTextOnly(() => () => attack);
    expectTextOnly(() => (text) => `${text} ${attack}`);
    expectTextOnly(() => (text) => `${attack}${text}`);
    expectTextOnly(() => (text) => `The value \`${attack}\` of ${text}.`);
  });

  it('any text (property)', () => {
    const piece = fc.oneof(
      fc.constantFrom(...ATTACKS),
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(...'`|@#<>[]()!*_~-+=\\/:.&;"\'$^%{} \n\t1a'), maxLength: 30 }),
    );
    const text = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 30 }), (texts) => {
        expectTextOnly(() => {
          let next = 0;
          return () => texts[next++ % texts.length] ?? '';
        });
      }),
      RUNS,
    );
  });
});

describe('a value', () => {
  it.each([
    ['s3:GetObject', '`s3:GetObject`'],
    ['module.a["x"].aws_iam_role.deploy[0]', '`module.a["x"].aws_iam_role.deploy[0]`'],
    ['arn:aws:s3:::b/${aws:PrincipalTag/param.release}/*', '`arn:aws:s3:::b/${aws:PrincipalTag/param.release}/*`'],
    ['a|b', '<code>a&#x7c;b</code>'],
    ['a`b', '<code>a&#x60;b</code>'],
    ['me@here.example', '<code>me&#x40;<wbr>here&#x2e;example</code>'],
    ['', '<code>&#x20;</code>'],
    ['a\u202eb', '`a\\u{202e}b`'],
  ])('%j is code: %s', (value, expected) => {
    expect(code(value)).toBe(expected);
  });
});

describe('a sentence', () => {
  it.each([
    ['The role can be opened without MFA.', 'The role can be opened without MFA.'],
    ['It could call `s3:GetObject` on `*`.', 'It could call `s3:GetObject` on `*`.'],
    [
      'User hermes-prod-2 gains s3:GetObject, s3:PutObject.',
      'User `hermes-prod-2` gains `s3:GetObject`, `s3:PutObject`.',
    ],
    ['Ask @octocat now', 'Ask <code>&#x40;<wbr>octocat</code> now'],
    ['a `b', 'a <code>&#x60;b</code>'],
    ['`a``b`', '`a` `b`'],
    ['1. It is so.', '1\\. It is so.'],
    ['(see docs/x.md)', '(see `docs/x.md`)'],
    ['Opened by everybody (*).', 'Opened by everybody (`*`).'],
  ])('%j reads %s', (sentence, expected) => {
    expect(speaker([])(sentence)).toBe(expected);
  });
});

describe('a value of several words in a sentence is code as a whole', () => {
  const [name, other] = ['x Approved by security. y', 'Approved by'];
  const say = speaker([name, other, 'plain', 'a `b` Fine c', 'long '.repeat(400)]);
  it.each([
    [`The role ${name} can be opened.`, `The role \`${name}\` can be opened.`],
    [`The role \`${name}\` can be opened.`, `The role \`${name}\` can be opened.`],
    [`${name}${name}`, `\`${name}\` \`${name}\``],
    ['It is Approved by them.', 'It is `Approved by` them.'],
    ['A plain word of a plain-text.', 'A `plain` word of a plain-text.'],
    ['Demands Bool aws:SecureTransport = true; and more.', 'Demands Bool `aws:SecureTransport = true`; and more.'],
    ['At a `b` Fine c it is.', 'At <code>a &#x60;b&#x60; Fine c</code> it is.'],
  ])('%j reads %s', (sentence, expected) => {
    expect(say(sentence)).toBe(expected);
  });

  it('also where it is too long to be shown whole', () => {
    const text = say(`The role ${'long '.repeat(400)} is new.`);
    expect(text).toMatch(/^The role `long [^`]*… \(\d+ more characters\)`/);
  });

  it('wherever a review repeats it', () => {
    const forged = 'x Verdict: no findings y';
    const review = sampleReview((text) => (/^(?:hermes-prod-s3-deploy|ci)$/.test(text) ? forged : text));
    const repeating = {
      ...review,
      findings: review.findings.map((finding) => ({
        ...finding,
        message: `The role ${forged} can be opened.`,
        why: `Because of ${forged}.`,
        hint: `Fix ${forged}.`,
      })),
      identities: review.identities.map((each) => ({
        ...each,
        trust: [`Opened by ${forged}.`],
        other: [`In ${forged}.`],
      })),
    };
    expect(reviewMarkdown(repeating).match(/no findings/g)?.length).toBeGreaterThan(5);
    expect(read(reviewMarkdown(repeating)).bare.join('')).not.toContain('no findings');
  });
});

describe('what nobody would see is written out', () => {
  it.each([
    ['\u202e', '\\u{202e}'],
    ['\u001b[31m', '\\x1b[31m'],
    ['\u00a0', '\\xa0'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800', '\\u{d800}'],
    ['a\nb\t\tc', 'a b c'],
    ['e\u0301', 'e\u0301'],
    ['\u0301', '\\u{301}'],
  ])('%j as %s', (text, expected) => {
    expect(onOneLine(text)).toBe(expected);
  });

  it('in JSON and SARIF, too, and both stay what they were (property)', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: 'binary' })), (text) => {
        const review = sampleReview((own) => own + text);
        const json = reviewJson(review);
        expect(json.replaceAll('\n', '')).not.toMatch(HIDDEN);
        expect(JSON.parse(json).identities[0].name).toBe(review.identities[0]?.name);
        const messages = reviewSarif(review, { version: '1.0.0' }).runs.flatMap(({ results }) =>
          results.map(({ message }) => message.text),
        );
        expect(messages.filter((message) => /@|\]\(/.test(message) || HIDDEN.test(message))).toEqual([]);
      }),
      RUNS,
    );
  });
});

it('no other name than a plain one goes into the marker', () => {
  for (const name of ['', '-x', 'a--b', 'a b', 'a>', '--> x', 'ä', 'x'.repeat(101)]) {
    expect(() => marker(name)).toThrow(RangeError);
  }
});
