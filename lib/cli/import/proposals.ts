/**
 * Suggests a parameter for a statement whose resources all have the same variable part. With the parameter, each lease
 * would be limited to one value.
 */
import type { DraftStatement } from './model';

/** Suggestions for one statement, each as a sentence. */
export function proposals(statement: DraftStatement | undefined): readonly string[] {
  if (statement === undefined) return [];
  const groups = new Map<string, string[]>();
  for (const resource of statement.resources) {
    const pieces = split(resource);
    pieces.forEach((piece, place) => {
      // The first six pieces are the fixed parts of the ARN. A piece that is a wildcard or a template does not name a
      // single thing.
      if (place < 5 || !/^[A-Za-z0-9][A-Za-z0-9_.=+@-]*$/.test(piece.text)) return;
      const key = pieces.map((each, other) => (other === place ? `\0${each.end}` : `${each.text}${each.end}`)).join('');
      groups.set(key, [...(groups.get(key) ?? []), piece.text]);
    });
  }
  return [...groups]
    .filter(([, values]) => values.length > 1)
    .map(([key, values]) => {
      const arn = key.replace('\0', '${param.one}');
      return `A parameter with \`values: [${values.join(', ')}]\` and the resource \`${arn}\` would narrow each lease to one of ${values.length}.`;
    });
}

/** Splits a text at its delimiters. Each piece includes the delimiter that ends it. */
function split(text: string): readonly { readonly text: string; readonly end: string }[] {
  return [...text.matchAll(/((?:\$\{[^}]*\}|[^:/])*)([:/]|$)/g)]
    .map(([, piece = '', end = '']) => ({ text: piece, end }))
    .filter(({ text: piece, end }) => piece !== '' || end !== '');
}
