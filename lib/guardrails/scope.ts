/**
 * Analyzes the scope of a template: whether two values of a parameter can give access to the same resource.
 *
 * A template is a sequence of literal texts, wildcards and parameters. IAM inserts the parameter values and matches the
 * result as a pattern with wildcards. For a parameter with a pattern, IAM enforces only that no value contains the
 * character after the parameter in the template, or, if a wildcard precedes the parameter, the character before it. The
 * value must therefore be determined from one side. From the left: everything before the value is fixed, and the
 * character after the value ends it. From the right: everything after the value is fixed, and the character before the
 * value begins it.
 */
import { isTagCharacter, isTagPunctuation } from '@leasehold/contract/text';
import type { Parameter } from '@leasehold/definitions';

import { templateParts } from '@leasehold/documents';
import { compileTokens, type GlobToken } from '@leasehold/policy';

/** One piece of a template. `any` represents `*`, and `one` represents `?`. */
export type ScopeToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'parameter'; readonly name: string };

/** A template parameter for which the scopes of two values overlap. */
export interface Leak {
  readonly parameter: string;
  /** The reason why the scopes overlap, as a clause such as "the value is directly followed by a wildcard". */
  readonly because: string;
  /** How to fix the violation, as one imperative sentence. */
  readonly hint: string;
}

/** The possible values of a parameter. */
export interface ValueShape {
  canContain(char: string): boolean;
  /** All values, if they are listed. */
  readonly values?: readonly string[];
}

/** The tokens of a template. Wildcards are recognized only if `wildcards` is true. */
export function scopeTokens(template: string, wildcards: boolean): readonly ScopeToken[] {
  return templateParts(template).flatMap((part): readonly ScopeToken[] => {
    if ('parameter' in part) return [{ kind: 'parameter', name: part.parameter }];
    if (!wildcards) return [{ kind: 'text', text: part.text }];
    // `${*}` is IAM's escape for the character itself.
    return part.text
      .split(/(?<!\$\{)([*?])/)
      .filter((text) => text !== '')
      .map((text) => (text === '*' ? { kind: 'any' } : text === '?' ? { kind: 'one' } : { kind: 'text', text }));
  });
}

/** The possible values of a role's parameters by name. For a pattern that cannot be parsed, any value is possible. */
export function valueShapes(parameters: readonly Parameter[]): ReadonlyMap<string, ValueShape> {
  return new Map(parameters.map((parameter) => [parameter.name, valueShape(parameter)]));
}

/** The parameters of one template for which the scopes of two values overlap. */
export function leaks(tokens: readonly ScopeToken[], shapes: ReadonlyMap<string, ValueShape>): readonly Leak[] {
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'parameter') return [];
    const leak = leakAt(token.name, index, tokens, shapes.get(token.name) ?? ANYTHING);
    return leak === undefined ? [] : [{ parameter: token.name, ...leak }];
  });
}

/**
 * Whether two different templates can match the same text with different values of a parameter in both. If both
 * templates are equal up to the parameter and the text that ends it, the parameter has the same value in both, so the
 * result is false.
 */
export function crosses(
  left: readonly ScopeToken[],
  right: readonly ScopeToken[],
  parameter: string,
  shapes: ReadonlyMap<string, ValueShape>,
): boolean {
  const holds = (tokens: readonly ScopeToken[]) =>
    tokens.findIndex((token) => token.kind === 'parameter' && token.name === parameter);
  const at = holds(left);
  if (at < 0 || at !== holds(right)) return overlap(left, right, shapes);
  // After a wildcard, the value is determined from the right, so the whole template must be compared.
  if (left.slice(0, at).some(isWild)) {
    const same = left.length === right.length && left.every((token, index) => sameToken(token, right[index]));
    return !same && overlap(left, right, shapes);
  }
  const before = left.slice(0, at).every((token, index) => sameToken(token, right[index]));
  const [endLeft, endRight] = [left[at + 1], right[at + 1]];
  const sameEnd = endLeft === undefined || endRight === undefined ? endLeft === endRight : sameStart(endLeft, endRight);
  return before && sameEnd ? false : overlap(left, right, shapes);
}

/**
 * Whether the wide template matches everything that the narrow template matches, with the same parameter values in
 * both.
 */
export function covers(wide: readonly ScopeToken[], narrow: readonly ScopeToken[]): boolean {
  const parameter = (name: string) => `\u0001${name}\u0002`;
  // Only `*` in the wider template can match every possible content of a variable part in the narrower one.
  const text = narrow
    .map((token) => (token.kind === 'text' ? token.text : token.kind === 'parameter' ? parameter(token.name) : '\0\0'))
    .join('');
  const matches = compileTokens(
    wide.map((token): GlobToken => {
      if (token.kind === 'text') return { kind: 'literal', text: token.text };
      return token.kind === 'parameter' ? { kind: 'literal', text: parameter(token.name) } : token;
    }),
  );
  return matches(text);
}

const ANYTHING: ValueShape = { canContain: () => true };

function valueShape({ pattern, values }: Parameter): ValueShape {
  if (values !== undefined) return { values, canContain: (char) => values.some((value) => value.includes(char)) };
  if (pattern === undefined) return ANYTHING;
  return { canContain: (char) => pattern.canContain(char) };
}

type Ill = Omit<Leak, 'parameter'>;

function isWild({ kind }: ScopeToken): boolean {
  return kind === 'any' || kind === 'one';
}

function leakAt(name: string, index: number, tokens: readonly ScopeToken[], shape: ValueShape): Ill | undefined {
  const wildBefore = tokens.slice(0, index).some(isWild);
  const rest = tokens.slice(index + 1);
  const hole = `\${param.${name}}`;
  if (wildBefore && rest.some((token) => token.kind !== 'text')) {
    return {
      because: 'a wildcard precedes it and more text follows, so the value can match at several places',
      hint: `Put \`${hole}\` before the first wildcard, with a delimiter after it.`,
    };
  }
  if (wildBefore) return fromTheRight(hole, textBefore(tokens, index), shape);
  // Only literal text follows, so each value matches exactly one text.
  if (rest.every((token) => token.kind === 'text')) return undefined;
  return fromTheLeft(hole, rest, shape);
}

function fromTheLeft(hole: string, rest: readonly ScopeToken[], shape: ValueShape): Ill | undefined {
  const [next] = rest;
  const text = next?.kind === 'text' ? next.text : '';
  if (shape.values !== undefined) {
    const pair = related(shape.values, (a, b) => `${b}${text}`.startsWith(`${a}${text}`));
    return pair && { because: `\`${pair[0]}\` reaches into \`${pair[1]}\``, hint: delimit(hole) };
  }
  const delimiter = String.fromCodePoint(...(text === '' ? [] : [text.codePointAt(0) ?? 0]));
  if (delimiter === '') {
    const what = next?.kind === 'parameter' ? 'another parameter follows directly' : 'a wildcard follows directly';
    return { because: `${what}, so nothing ends the value`, hint: delimit(hole) };
  }
  if (shape.canContain(delimiter)) {
    return {
      because: `the \`${delimiter}\` that follows can be part of a value, so that a longer value reaches inside a shorter one's scope`,
      hint: `Exclude \`${delimiter}\` from the parameter's pattern, or end \`${hole}\` with a character that no value contains, for example \`/\`.`,
    };
  }
  // The trust policy excludes punctuation from the value (`lib/documents/trust.ts`).
  if (!isTagCharacter(delimiter) || isTagPunctuation(delimiter)) return undefined;
  return {
    because: `IAM cannot enforce a pattern, and accepts a value that contains the following \`${delimiter}\``,
    hint: `End \`${hole}\` with punctuation that no value contains, for example \`/\`.`,
  };
}

function fromTheRight(hole: string, text: string, shape: ValueShape): Ill | undefined {
  const hint = `Put \`${hole}\` before the first wildcard, with a delimiter after it, or list the parameter's \`values:\`.`;
  if (shape.values === undefined) {
    const delimiter = [...text].at(-1) ?? '';
    if (delimiter === '')
      return { because: 'a wildcard stands right before it, so that nothing begins the value', hint };
    if (shape.canContain(delimiter)) {
      return {
        because: `the \`${delimiter}\` before it can be part of a value, so that the value can be found at several places behind the wildcard`,
        hint: `Leave \`${delimiter}\` out of the parameter's pattern, or put \`${hole}\` before the first wildcard, with a delimiter after it.`,
      };
    }
    // Like the character that follows, the trust policy excludes punctuation from the value.
    if (!isTagCharacter(delimiter) || isTagPunctuation(delimiter)) return undefined;
    return {
      because: `IAM cannot hold values to a pattern, and lets a value with the \`${delimiter}\` before it through`,
      hint,
    };
  }
  const pair = related(shape.values, (a, b) => `${text}${b}`.endsWith(`${text}${a}`));
  return pair && { because: `\`${pair[0]}\` reaches into \`${pair[1]}\``, hint };
}

function delimit(hole: string): string {
  return `End \`${hole}\` with a character that no value contains, for example \`${hole}/\`.`;
}

function textBefore(tokens: readonly ScopeToken[], index: number): string {
  const before = tokens[index - 1];
  return before?.kind === 'text' ? before.text : '';
}

function related(
  values: readonly string[],
  reaches: (a: string, b: string) => boolean,
): readonly [string, string] | undefined {
  for (const a of values) for (const b of values) if (a !== b && reaches(a, b)) return [a, b];
  return undefined;
}

function sameToken(a: ScopeToken, b: ScopeToken | undefined): boolean {
  if (b === undefined || a.kind !== b.kind) return false;
  if (a.kind === 'text' && b.kind === 'text') return a.text === b.text;
  return a.kind !== 'parameter' || b.kind !== 'parameter' || a.name === b.name;
}

function sameStart(a: ScopeToken, b: ScopeToken): boolean {
  return a.kind === 'text' && b.kind === 'text' ? a.text.codePointAt(0) === b.text.codePointAt(0) : false;
}

/** One position of a template: a predicate over the character, matched once or any number of times. */
interface Step {
  readonly many: boolean;
  readonly char?: string;
  readonly allows: (char: string) => boolean;
}

/** Whether some text matches both templates, with each parameter having any possible value. */
function overlap(
  left: readonly ScopeToken[],
  right: readonly ScopeToken[],
  shapes: ReadonlyMap<string, ValueShape>,
): boolean {
  const a = steps(left, shapes);
  const b = steps(right, shapes);
  let next: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const row: boolean[] = new Array(b.length + 1).fill(false);
    for (let j = b.length; j >= 0; j--)
      row[j] = meets(a[i], b[j], row[j + 1] === true, next[j] === true, next[j + 1] === true);
    next = row;
  }
  return next[0] === true;
}

function meets(a: Step | undefined, b: Step | undefined, skipB: boolean, skipA: boolean, both: boolean): boolean {
  if (a === undefined && b === undefined) return true;
  if ((a?.many && skipA) || (b?.many && skipB)) return true;
  if (a === undefined || b === undefined || !shareChar(a, b)) return false;
  if (a.many && b.many) return false;
  return a.many ? skipB : b.many ? skipA : both;
}

function shareChar(a: Step, b: Step): boolean {
  if (a.char !== undefined) return b.allows(a.char);
  return b.char !== undefined ? a.allows(b.char) : true;
}

function steps(tokens: readonly ScopeToken[], shapes: ReadonlyMap<string, ValueShape>): readonly Step[] {
  return tokens.flatMap((token): readonly Step[] => {
    if (token.kind === 'text') return [...token.text].map((char) => ({ many: false, char, allows: (c) => c === char }));
    if (token.kind === 'any') return [{ many: true, allows: () => true }];
    if (token.kind === 'one') return [{ many: false, allows: () => true }];
    const shape = shapes.get(token.name) ?? ANYTHING;
    const allows = (char: string) => shape.canContain(char);
    return [
      { many: false, allows },
      { many: true, allows },
    ];
  });
}
