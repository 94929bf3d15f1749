/**
 * Chooses the encoding of a response. Source: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */

/** Encodings in which the files of the console are stored, the preferred one first. */
export const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Maximum length of a header that is read. A longer one is treated as absent. */
const LONGEST = 1000;

/**
 * The preferred encoding that a client accepts.
 * @param header The value of `accept-encoding`.
 * @returns undefined if the response must not be encoded
 */
export function acceptedEncoding(header: string | undefined): Encoding | undefined {
  if (header === undefined || header.length > LONGEST) return undefined;
  const weights = new Map(header.toLowerCase().split(',').map(weighted));
  return ENCODINGS.find((encoding) => (weights.get(encoding) ?? weights.get('*') ?? 0) > 0);
}

/** A name and its weight. A weight that cannot be read counts as 0, so that the plain file is sent. */
function weighted(item: string): readonly [name: string, weight: number] {
  const [name = '', ...parameters] = item.split(';').map((part) => part.trim());
  const [quality] = parameters.filter((parameter) => parameter.startsWith('q='));
  if (quality === undefined) return [name, 1];
  return [name, /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(quality) ? Number(quality.slice(2)) : 0];
}
