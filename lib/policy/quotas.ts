/**
 * Checks that a policy document fits its size quota. Sizes are counted as AWS documents. If AWS does not document how
 * it counts a document, the larger count is used, so that AWS does not reject a document that passes this check.
 */
import { DOCUMENT_QUOTAS, type DocumentKind } from './data/document-quotas';
import type { PolicyDocument } from './document';

/** A document, either as an object or as the JSON text to send. */
export type DocumentLike = PolicyDocument | string;

export interface SizeCheck {
  /** The size in the unit of the quota: characters or bytes. */
  readonly size: number;
  readonly limit: number;
  readonly over: boolean;
}

/**
 * The size of a document in characters without white space between its JSON tokens, which is what IAM counts.
 *
 * IAM documents that white space is not counted, but not whether this applies to white space inside strings. This
 * function counts white space inside strings. An object is counted in the form that `JSON.stringify` writes. A text
 * that is not JSON is counted completely.
 */
export function policySize(document: DocumentLike): number {
  return minify(document).length;
}

/**
 * The size of a document and its limit. For a kind with an aggregate limit, pass all documents of the identity
 * together. The ARNs of managed session policies are passed as strings, and their characters count.
 */
export function checkSize(kind: DocumentKind, documents: DocumentLike | readonly DocumentLike[]): SizeCheck {
  const { limit, unit, whitespace } = DOCUMENT_QUOTAS[kind];
  const all = isList(documents) ? documents : [documents];
  let size = 0;
  for (const document of all) {
    const text = whitespace === 'counted' && typeof document === 'string' ? document : minify(document);
    size += unit === 'bytes' ? Buffer.byteLength(text) : text.length;
  }
  return { size, limit, over: size > limit };
}

/**
 * The characters of a document that IAM and STS reject, each once, in order of appearance. Valid are tab, line feed,
 * carriage return and U+0020 to U+00FF.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
 */
export function refusedCharacters(document: DocumentLike): readonly string[] {
  const refused = minify(document).match(/[^\t\n\r\u0020-\u00ff]/gu) ?? [];
  return [...new Set(refused)];
}

function isList(documents: DocumentLike | readonly DocumentLike[]): documents is readonly DocumentLike[] {
  return Array.isArray(documents);
}

function minify(document: DocumentLike): string {
  if (typeof document !== 'string') return JSON.stringify(document);
  return isJson(document) ? withoutSpace(document) : document;
}

/**
 * Removes the white space between the tokens of JSON. The function uses a loop, because a regular expression can
 * overflow the stack on a long string.
 */
function withoutSpace(json: string): string {
  let result = '';
  let start = 0;
  let inString = false;
  for (let index = 0; index < json.length; index++) {
    const char = json[index];
    if (inString) {
      if (char === '\\') index++;
      else if (char === '"') inString = false;
    } else if (char === '"') {
      inString = true;
    } else if (char === ' ' || char === '\n' || char === '\r' || char === '\t') {
      result += json.slice(start, index);
      start = index + 1;
    }
  }
  return result + json.slice(start);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
