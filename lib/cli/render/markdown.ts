/**
 * Escapes text from the definitions for Markdown, so that the text cannot cause a line break or start a Markdown
 * element.
 */
import { largest } from '@leasehold/contract/any-length';
import { onOneLine } from '@leasehold/contract/text';

/** A quoted text. All characters that Markdown or HTML could interpret as markup are escaped. */
export function quoted(text: string): string {
  return `“${onOneLine(text).replace(/[“”]/g, '"').replace(MARKUP, '\\$&')}”`;
}

/** A value as a code span. The fence is longer than any run of backticks in the value. */
export function code(value: string): string {
  const text = onOneLine(value);
  const longest = largest(
    (text.match(/`+/g) ?? []).map((run) => run.length),
    0,
  );
  const fence = '`'.repeat(longest + 1);
  const space = /^[ `]|[ `]$/.test(text) || text === '' ? ' ' : '';
  return `${fence}${space}${text}${space}${fence}`;
}

/**
 * YAML front matter. Each value is a double-quoted ASCII scalar, so that no part of a value is interpreted as syntax.
 */
export function frontMatter(values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}: ${scalar(value)}`);
  return ['---', ...lines, '---'].join('\n');
}

// Every ASCII punctuation character may be escaped: https://spec.commonmark.org/0.31.2/#backslash-escapes An underscore
// inside a word is not markup: https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run
const MARKUP = /[\\`*[\]<>#|~&$!]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

function scalar(value: string): string {
  return JSON.stringify(onOneLine(value)).replace(/[^ -~]/gu, (char) => {
    const hex = (char.codePointAt(0) ?? 0).toString(16);
    return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}
