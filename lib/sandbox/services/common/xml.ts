/** XML in the bodies of S3's requests. */
import { type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { utf8 } from '../../wire/read';
import { readXml, type XmlElement } from '../../wire/read-xml';

/**
 * The root element of a body. The element must have the given name.
 * @throws {UnmappedRequest} for XML that {@link readXml} rejects.
 */
export function readXmlBody(request: SignedRequest, root: string): XmlElement {
  if (request.headers['content-encoding'] !== undefined) throw unreadable();
  const found = readXml(utf8(request.body), unreadable);
  if (found.name !== root) throw unreadable();
  return found;
}

/**
 * The only child element with the given name; `undefined` if there is no such child. A body with several such children
 * is refused.
 */
export function only(element: XmlElement, name: string): XmlElement | undefined {
  const found = element.children.filter((child) => child.name === name);
  if (found.length > 1) throw new UnmappedRequest(`the body contains ${name} twice`);
  return found[0];
}

/**
 * The text of the only child element with the given name. Text with leading or trailing white space is refused, because
 * some parsers remove the white space.
 */
export function onlyText(element: XmlElement, name: string): string | undefined {
  const found = only(element, name);
  if (found === undefined) return undefined;
  if (found.children.length > 0 || found.text !== found.text.trim()) throw unreadable();
  return found.text;
}

/** Refuses children of other names. */
export function nothingBut(element: XmlElement, names: readonly string[]): void {
  const other = element.children.find(({ name }) => !names.includes(name));
  if (other) throw new UnmappedRequest(`the body contains an unknown element ${other.name}`);
}

function unreadable(): UnmappedRequest {
  return new UnmappedRequest('the body is not unambiguous XML');
}
