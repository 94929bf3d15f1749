/**
 * Reads XML so that no other parser can interpret it differently: only elements and text are accepted. The parser is
 * saxes, which rejects XML that is not well-formed. Source: https://www.w3.org/TR/xml/
 */
import { SaxesParser } from 'saxes';

/** An element. */
export interface XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** The element's text as written, if the element does not contain other elements. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

/**
 * The root element.
 * @param refusal The error for XML that is not well-formed, and for comments, CDATA, processing instructions, a
 * document type, another version or encoding, attributes other than a namespace, text next to elements, and carriage
 * returns, which parsers change.
 */
export function readXml(source: string, refusal: () => Error): XmlElement {
  const parser = new SaxesParser();
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  const refuse = () => {
    throw refusal();
  };
  for (const event of ['error', 'doctype', 'comment', 'cdata', 'processinginstruction'] as const) {
    parser.on(event, refuse);
  }
  parser.on('xmldecl', ({ version, encoding = 'utf-8' }) => {
    if (version !== '1.0' || encoding.toLowerCase() !== 'utf-8') refuse();
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (Object.keys(attributes).some((attribute) => !/^xmlns(:|$)/.test(attribute))) refuse();
    stack.push({ name, children: [], text: '' });
  });
  parser.on('text', (text) => {
    const top = stack.at(-1);
    if (text.includes('\r') || (top === undefined && text.trim() !== '')) refuse();
    if (top !== undefined) top.text += text;
  });
  parser.on('closetag', () => {
    const { name, children, text } = stack.pop() ?? refuse();
    if (children.length > 0 && text.trim() !== '') refuse();
    const element = { name, children, text: children.length > 0 ? '' : text };
    const outer = stack.at(-1);
    if (outer === undefined) root = element;
    else outer.children.push(element);
  });
  if (source.includes('\r')) refuse();
  parser.write(source).close();
  return root ?? refuse();
}
