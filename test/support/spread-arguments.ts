/** Calls in TypeScript that pass every item of a list as an argument. */
import {
  createSourceFile,
  forEachChild,
  isCallExpression,
  isNewExpression,
  isSpreadElement,
  type Node,
  ScriptTarget,
} from 'typescript';

/**
 * The calls in a source with a spread list as an argument: what is called, and the line. Which function is called does
 * not matter: a function of JavaScript can be passed under any name, and each argument needs a place on the stack.
 */
export function spreadArgumentsIn(source: string): readonly string[] {
  // Few sources need to be parsed.
  if (!PERHAPS.test(source)) return [];
  const file = createSourceFile('source.tsx', source, ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: Node) => {
    if ((isCallExpression(node) || isNewExpression(node)) && node.arguments?.some(isSpreadElement) === true) {
      const { expression } = node;
      const called = file.text.slice(expression.pos, expression.end).trim();
      found.push(`${called}, line ${file.getLineAndCharacterOfPosition(expression.end).line + 1}`);
    }
    forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const PERHAPS = /[(,]\s*\.{3}/;
