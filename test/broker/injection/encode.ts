/** Texts as attackers hide them, written in the cases as what they mean. */

/** A piece of a text: as it is, in an encoding, or many times. */
export type Part = string | { as: string; text: string } | { repeat: string; times: number };

/** The text that the parts make. */
export function textOf(parts: readonly Part[]): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : 'as' in part ? encoded(part) : repeated(part)))
    .join('');
}

function repeated({ repeat, times }: { repeat: string; times: number }): string {
  return repeat.repeat(times);
}

function encoded({ as, text }: { as: string; text: string }): string {
  const encode = ENCODINGS[as];
  if (encode === undefined) throw new Error(`no encoding ${as}`);
  return encode(text);
}

const ENCODINGS: Readonly<Record<string, (text: string) => string>> = {
  base64: (text) => Buffer.from(text).toString('base64'),
  hex: (text) => Buffer.from(text).toString('hex'),
  binary: (text) => [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join(' '),
  url: (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  html: (text) => chars(text, (_, code) => `&#${code};`),
  escapes: (text) => chars(text, (_, code) => `\\u${code.toString(16).padStart(4, '0')}`),
  rot13: (text) => text.replace(/[a-z]/gi, (char) => shifted(char)),
  reversed: (text) => [...text].reverse().join(''),
  spaced: (text) => [...text].join(' '),
  leet: (text) => text.replace(/[aeiost]/gi, (char) => LEET[char.toLowerCase()] ?? char),
  fullwidth: (text) =>
    chars(text, (char, code) => (code > 0x20 && code < 0x7f ? String.fromCodePoint(code + 0xfee0) : char)),
  bold: (text) => text.replace(/[a-z]/g, (char) => String.fromCodePoint(0x1d41a + char.charCodeAt(0) - 97)),
  homoglyphs: (text) => text.replace(/[aceopxy]/g, (char) => HOMOGLYPHS[char] ?? char),
  zalgo: (text) => [...text].join('\u0337\u0322'),
  // What follows a reader does not see.
  tags: (text) => chars(text, (_, code) => String.fromCodePoint(0xe0000 + code)),
  'zero-width': (text) => [...text].join('\u200b'),
  'zero-width-bits': (text) =>
    [...Buffer.from(text)]
      .map((byte) => byte.toString(2).padStart(8, '0').replace(/0/g, '\u200b').replace(/1/g, '\u200c'))
      .join(''),
  'variation-selectors': (text) => [...Buffer.from(text)].map((byte) => String.fromCodePoint(0xe0100 + byte)).join(''),
  'right-to-left': (text) => `\u202e${[...text].reverse().join('')}\u202c`,
  'soft-hyphens': (text) => [...text].join('\u00ad'),
};

const LEET: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' };
const HOMOGLYPHS: Readonly<Record<string, string>> = { a: 'а', c: 'с', e: 'е', o: 'о', p: 'р', x: 'х', y: 'у' };

function chars(text: string, write: (char: string, code: number) => string): string {
  return [...text].map((char) => write(char, char.codePointAt(0) ?? 0)).join('');
}

function shifted(char: string): string {
  const base = char <= 'Z' ? 65 : 97;
  return String.fromCharCode(((char.charCodeAt(0) - base + 13) % 26) + base);
}
