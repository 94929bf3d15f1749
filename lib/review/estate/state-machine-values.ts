/**
 * Recognizes values in the definition of a state machine that are computed at run time: JSONata between `{%` and `%}`,
 * and paths and intrinsic functions under keys that end with `.$`. Source:
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 */

export type StateMachineValue =
  /** Literal text, or an expression that only joins literals. */
  | { readonly kind: 'literal'; readonly text: string }
  /** A reference to a part of the input, of a result or of a variable. */
  | { readonly kind: 'reference' }
  | { readonly kind: 'computed' };

/** Maximum length of an expression to read. */
const LONGEST_EXPRESSION = 10_000;
const PATH_KEY = /\.\$$/;
const STATE_MACHINE = /^aws_sfn_/;

/** The key without the suffix that marks its value as a path. */
export function plainKey(key: string): string {
  return key.replace(PATH_KEY, '');
}

export function isPathKey(key: string): boolean {
  return PATH_KEY.test(key);
}

/** The kind of an expression or path in a state machine; `undefined` for any other value. */
export function stateMachineValue(type: string, text: string, isPath: boolean): StateMachineValue | undefined {
  if (!STATE_MACHINE.test(type)) return undefined;
  const trimmed = text.trim();
  const expression =
    trimmed.startsWith('{%') && trimmed.endsWith('%}') ? trimmed.slice(2, -2).trim() : isPath ? trimmed : undefined;
  if (expression === undefined) return undefined;
  if (expression.length > LONGEST_EXPRESSION) return { kind: 'computed' };
  if (/^\$[\w.$[\]'"*-]*$/.test(expression)) return { kind: 'reference' };
  const literal = formatted(expression) ?? joined(expression);
  return literal === undefined ? { kind: 'computed' } : { kind: 'literal', text: literal };
}

/** A literal: text in quotes, or a number. */
const LITERAL = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\d+))\s*/y;

/**
 * A text with an escape that does not mean the escaped character itself: JSONata reads `\u0036` as `6`, and
 * `States.Format` reads `\{\}` as text and not as a placeholder.
 */
const OTHER_ESCAPE = /^(?:[^\\]|\\[\\'"/])*\\(?![\\'"/])/;

/**
 * The text that results if an expression only joins literals with `&`; `undefined` if the expression contains anything
 * else.
 */
function joined(expression: string): string | undefined {
  return literals(expression, '&')?.join('');
}

/** The result of `States.Format` with literal arguments. */
function formatted(expression: string): string | undefined {
  const [, args] = /^States\.Format\((.*)\)$/s.exec(expression) ?? [];
  const [template, ...values] = (args === undefined ? undefined : literals(args, ',')) ?? [];
  if (template === undefined) return undefined;
  const rest = values.values();
  return template.replaceAll('{}', () => rest.next().value ?? '');
}

/** Literals with separators between them. `undefined` if the text contains anything else. */
function literals(text: string, separator: string): readonly string[] | undefined {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    LITERAL.lastIndex = at;
    const match = LITERAL.exec(text);
    if (match === null) return undefined;
    const [whole, single, double, number = ''] = match;
    const written = single ?? double ?? number;
    if (OTHER_ESCAPE.test(written)) return undefined;
    found.push(written.replace(/\\(.)/g, '$1'));
    at += whole.length;
    if (at === text.length) return found;
    if (text[at] !== separator) return undefined;
    at += 1;
  }
}
