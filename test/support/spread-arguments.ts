/** Calls in TypeScript that pass every item of a list as an argument. */
import {
  createSourceFile,
  forEachChild,
  isCallExpression,
  isIdentifier,
  isPropertyAccessExpression,
  isSpreadElement,
  type Node,
  ScriptTarget,
} from 'typescript';

/** Functions of JavaScript that accept any number of arguments. */
const VARIADIC: readonly string[] = [
  ...['push', 'unshift', 'splice', 'toSpliced', 'concat'],
  ...['Math.max', 'Math.min', 'Math.hypot'],
  ...['String.fromCharCode', 'String.fromCodePoint', 'Array.of', 'Object.assign'],
];

const PERHAPS = new RegExp(`\\b(${VARIADIC.map((name) => name.replace(/.*\./, '')).join('|')})\\([^;]*\\.{3}`);

/** The calls of variadic functions in a source with a spread list as an argument: name of the function and line. */
export function spreadArgumentsIn(source: string): readonly string[] {
  // Few sources need to be parsed.
  if (!PERHAPS.test(source)) return [];
  const file = createSourceFile('source.tsx', source, ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: Node) => {
    if (isCallExpression(node) && node.arguments.some(isSpreadElement)) {
      const called = nameOf(node.expression);
      if (called !== undefined) found.push(`${called}, line ${file.getLineAndCharacterOfPosition(node.end).line + 1}`);
    }
    forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function nameOf(called: Node): string | undefined {
  if (!isPropertyAccessExpression(called)) return undefined;
  const { expression, name } = called;
  const whole = isIdentifier(expression) ? `${expression.text}.${name.text}` : '';
  return [whole, name.text].find((each) => VARIADIC.includes(each));
}
