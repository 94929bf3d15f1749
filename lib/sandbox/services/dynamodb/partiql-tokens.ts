/** The tokens of PartiQL. */
import { UnmappedRequest } from '../../service-mapping';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'text' | 'number' | 'sign';
  readonly text: string;
}

const TOKEN =
  /\s*(?:([A-Za-z_]\w*)|"([^"]+)"|'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|(<=|>=|<>|!=|[()[\]{},.:=<>?*+-]))\s*/y;

/**
 * Maximum length of a statement:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
 */
const LONGEST = 8192;

/**
 * Splits a statement into tokens.
 * @throws {UnmappedRequest} if the text contains comments or several statements, or is too long for DynamoDB.
 */
export function tokensOf(statement: string): readonly Token[] {
  if (statement.length > LONGEST || /--|\/\*|;/.test(statement.replace(/'(?:[^']|'')*'|"[^"]*"/g, '')))
    throw unreadable();
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < statement.length) {
    const match = TOKEN.exec(statement);
    if (!match) throw unreadable();
    const [, word, quoted, text, number, sign] = match;
    if (word !== undefined) found.push({ kind: 'word', text: word });
    else if (quoted !== undefined) found.push({ kind: 'quoted', text: quoted });
    else if (text !== undefined) found.push({ kind: 'text', text: text.replaceAll("''", "'") });
    else if (number !== undefined) found.push({ kind: 'number', text: number });
    else found.push({ kind: 'sign', text: sign ?? '' });
  }
  return found;
}

/** The error for a statement that is ambiguous. */
export function unreadable(): UnmappedRequest {
  return new UnmappedRequest('the effect of the PartiQL statement cannot be determined');
}
