/** Reads the XML of S3's request bodies so that no reader could read it differently: elements and text, no more. */
import { type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { utf8 } from '../../wire/read';

export interface Element {
  readonly name: string;
  readonly children: readonly Element[];
  /** The text as written, when there are no elements inside. */
  readonly text: string;
}

/**
 * The root element of a body, of this name.
 * @throws {UnmappedRequest} for what is not well-formed, and for comments, CDATA, entities, attributes but a namespace,
 * and text beside elements.
 */
export function readXmlBody(request: SignedRequest, root: string): Element {
  if (request.headers['content-encoding'] !== undefined) throw unreadable();
  const text = utf8(request.body).replace(/^<\?xml version=["']1\.0["'](?: encoding=["']utf-8["'])? ?\?>\s*/i, '');
  const open: Open[] = [{ name: '', children: [], text: '' }];
  let end = 0;
  for (const match of text.matchAll(PART)) {
    end = match.index + match[0].length;
    const [, closing, name, empty, content] = match;
    const top = open.at(-1);
    if (!top) throw unreadable();
    if (content !== undefined) top.text += unescapeXml(content);
    else if (name === undefined) throw unreadable();
    else if (closing === '/') close(open, name);
    else if (empty === '/') top.children.push({ name, children: [], text: '' });
    else open.push({ name, children: [], text: '' });
  }
  const [outer] = open;
  const [found, ...others] = outer?.children ?? [];
  if (
    end !== text.length ||
    open.length !== 1 ||
    outer?.text.trim() !== '' ||
    found?.name !== root ||
    others.length > 0
  ) {
    throw unreadable();
  }
  return found;
}

/** The one child of a name; `undefined` when there is none. Several are refused. */
export function only(element: Element, name: string): Element | undefined {
  const found = element.children.filter((child) => child.name === name);
  if (found.length > 1) throw new UnmappedRequest(`the body names ${name} twice`);
  return found[0];
}

/** The text of the one child of a name. One with white space around it, which some readers take off, is refused. */
export function onlyText(element: Element, name: string): string | undefined {
  const found = only(element, name);
  if (found === undefined) return undefined;
  if (found.children.length > 0 || found.text !== found.text.trim()) throw unreadable();
  return found.text;
}

/** Refuses children of other names. */
export function nothingBut(element: Element, names: readonly string[]): void {
  const other = element.children.find(({ name }) => !names.includes(name));
  if (other) throw new UnmappedRequest(`the body holds an element ${other.name} that is not known`);
}

interface Open {
  readonly name: string;
  readonly children: Element[];
  text: string;
}

const PART = /<(\/?)([A-Za-z]+)(?: xmlns=(?:"[^"<&]*"|'[^'<&]*'))?\s*(\/?)>|([^<]+)/gy;

function close(open: Open[], name: string): void {
  const ended = open.pop();
  const outer = open.at(-1);
  if (ended?.name !== name || !outer) throw unreadable();
  if (ended.children.length > 0 && ended.text.trim() !== '') throw unreadable();
  outer.children.push({ name, children: ended.children, text: ended.children.length > 0 ? '' : ended.text });
}

function unescapeXml(text: string): string {
  return text.replace(/&([^;]*;?)/g, (_, name: string) => {
    const known = ENTITIES[name];
    if (known !== undefined) return known;
    const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}));$/i.exec(name);
    const point = code ? Number.parseInt(code[1] ?? code[2] ?? '', code[1] === undefined ? 10 : 16) : Number.NaN;
    if (!(point > 0x1f && point < 0x11_0000) || (point >= 0xd8_00 && point <= 0xdf_ff)) throw unreadable();
    return String.fromCodePoint(point);
  });
}

const ENTITIES: Readonly<Record<string, string>> = { 'amp;': '&', 'lt;': '<', 'gt;': '>', 'quot;': '"', 'apos;': "'" };

function unreadable(): UnmappedRequest {
  return new UnmappedRequest('the body is no XML that every reader reads alike');
}
