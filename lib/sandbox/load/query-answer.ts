/** Answers of AWS's query protocol. */
import { SandboxError } from '../errors';
import { readXml, type XmlElement } from '../wire/read-xml';

/** The root element of a backing server's answer. @throws {SandboxError} for what is no XML of elements and text */
export function readAnswer(source: string): XmlElement {
  return readXml(source, broken);
}

/** The element of a name inside another; an empty one when there is none. */
export function child(element: XmlElement, name: string): XmlElement {
  return element.children.find((inner) => inner.name === name) ?? { name, children: [], text: '' };
}

/** The members of a list. */
export function children(element: XmlElement): readonly XmlElement[] {
  return element.children.filter(({ name }) => name === 'member');
}

/** The text of an inner element without white space around it; empty when there is none. */
export function textOf(element: XmlElement, name: string): string {
  return child(element, name).text.trim();
}

function broken(): SandboxError {
  return new SandboxError("The backing server's answer is no XML", 'Give the address of a moto server.');
}
