/** Reads the plain XML of AWS's query protocol: elements and text, no more. */
import { SandboxError } from '../errors';

export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The text, when there are no elements inside. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/** The root element. Throws `SandboxError` for what is not well-formed, or is more than elements and text. */
export function readXml(source: string): XmlElement {
  const stack: Open[] = [{ name: '', children: [], text: '' }];
  const pattern = /<\?[^>]*\?>|<(\/?)([\w:.-]+)((?:"[^"]*"|'[^']*'|[^>"'])*?)(\/?)>|([^<]+)/gy;
  let end = 0;
  for (const match of source.matchAll(pattern)) {
    end = match.index + match[0].length;
    const [, closing, name, , empty, text] = match;
    const top = stack.at(-1);
    if (!top) throw broken();
    if (text !== undefined) top.text += unescapeXml(text);
    else if (name === undefined) continue;
    else if (empty === '/') top.children.push({ name, children: [], text: '' });
    else if (closing === '') stack.push({ name, children: [], text: '' });
    else close(stack, name);
  }
  const [outer] = stack;
  const root = outer?.children[0];
  if (end !== source.length || stack.length !== 1 || !root) throw broken();
  return root;
}

/** The element of a name inside another; an empty one when there is none. */
export function child(element: XmlElement, name: string): XmlElement {
  return element.children.find((inner) => inner.name === name) ?? { name, children: [], text: '' };
}

/** The members of a list. */
export function children(element: XmlElement): readonly XmlElement[] {
  return element.children.filter(({ name }) => name === 'member');
}

/** The text of an inner element; empty when there is none. */
export function textOf(element: XmlElement, name: string): string {
  return child(element, name).text;
}

function close(stack: Open[], name: string): void {
  const ended = stack.pop();
  const outer = stack.at(-1);
  if (ended?.name !== name || !outer) throw broken();
  outer.children.push({ name, children: ended.children, text: ended.children.length > 0 ? '' : ended.text.trim() });
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    const char = ENTITIES[name];
    if (char === undefined) throw broken();
    return char;
  });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function broken(): SandboxError {
  return new SandboxError("The backing server's answer is no XML", 'Give the address of a moto server.');
}
