/** Renders labeled facts for people. Long texts are wrapped and never truncated. */
import type { Fact } from '@leasehold/broker/core';
import { largest } from '@leasehold/contract/any-length';
import stringWidth from 'string-width';
import type { Paint } from '../colour';
import { pad, wrap } from './text';

export type { Fact } from '@leasehold/broker/core';

/** The facts as text that ends with a line break. Labels and lines must be plain, printable text. */
export function renderFacts(facts: readonly Fact[], paint: Paint, columns = Number.POSITIVE_INFINITY): string {
  const label = largest(facts.map((fact) => stringWidth(fact.label))) + GAP;
  return facts
    .flatMap((fact) =>
      fact.lines.flatMap(laid(Math.max(NARROWEST, columns - MARGIN - label))).map((line, index) => {
        const name = pad(index === 0 ? fact.label : '', label);
        return `${' '.repeat(MARGIN)}${paint('dim', name)}${line}`.trimEnd();
      }),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Number of columns before a label, and between the longest label and its text. */
const MARGIN = 2;
const GAP = 2;
/** Minimum width. Narrower terminals wrap the text themselves. */
const NARROWEST = 32;

function laid(columns: number): (line: Fact['lines'][number]) => readonly string[] {
  return (line) => {
    const [indent, text] = typeof line === 'string' ? ['', line] : line;
    const width = stringWidth(indent);
    return wrap(text, Math.max(NARROWEST / 2, columns - width)).map(
      (part, index) => (index === 0 ? indent : ' '.repeat(width)) + part,
    );
  };
}
