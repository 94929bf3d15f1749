/** XML in the format of AWS's query protocol. */

/**
 * The content of an element: text, elements by name, a map, or a list. The items of a list become `<member>` elements.
 */
export type Xml =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly Xml[]
  | ReadonlyMap<string, Xml>
  | { readonly [name: string]: Xml };

/** Elements in the order of the object's keys. `undefined` values are omitted. */
export function toXml(value: Xml): string {
  if (value === undefined) return '';
  if (value instanceof Date) return `${value.toISOString().slice(0, 19)}Z`;
  if (typeof value !== 'object') return escapeXml(String(value));
  if (value instanceof Map) {
    const entries: readonly (readonly [string, Xml])[] = [...value];
    return entries.map(([key, item]) => `<entry>${toXml({ key, value: item })}</entry>`).join('');
  }
  if (isList(value)) return value.map((item) => `<member>${toXml(item)}</member>`).join('');
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => `<${name}>${toXml(item)}</${name}>`)
    .join('');
}

/** Escapes text for XML 1.0. Characters that XML 1.0 cannot contain become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(UNSPEAKABLE, '\ufffd')
    .replace(/[&<>"'\r]/g, (char) => ESCAPES[char] ?? char);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 cannot contain.
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const LONE_SURROGATE = /\p{Surrogate}/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};

function isList(value: object): value is readonly Xml[] {
  return Array.isArray(value);
}
