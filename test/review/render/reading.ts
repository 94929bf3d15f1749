/** What a reader of Markdown makes of a comment: its structure, and the text that is not code. */
interface Node {
  readonly type: string;
  readonly literal: string | null;
  readonly destination: string | null;
  readonly level: number | null;
  readonly firstChild: Node | null;
  readonly next: Node | null;
}

// The reference implementation of CommonMark by its authors; it comes without types.
const { Parser } = require('commonmark') as { Parser: new () => { parse(text: string): Node } };

export interface Reading {
  /** The tree of structures; every run of text and code is one `text`. */
  readonly structure: readonly string[];
  /** HTML, as it stands. */
  readonly html: readonly string[];
  /** Where links and images lead. */
  readonly links: readonly string[];
  /** Text that is neither in a code span, nor in a code block, nor in a `<code>` element. */
  readonly bare: readonly string[];
  /** Code blocks. */
  readonly blocks: readonly string[];
}

export function read(markdown: string): Reading {
  const reading = {
    structure: [] as string[],
    html: [] as string[],
    links: [] as string[],
    bare: [] as string[],
    blocks: [] as string[],
  };
  let inCode = false;
  const add = (entry: string) => {
    if (entry !== TEXT || reading.structure.at(-1) !== TEXT) reading.structure.push(entry);
  };
  const visit = (node: Node) => {
    if (node.type === 'text') {
      if (!inCode) reading.bare.push(node.literal ?? '');
      add(TEXT);
    } else if (node.type === 'code') {
      add(TEXT);
      // A break between words: two texts with code between them are not one.
      reading.bare.push(' ');
    } else if (node.type === 'html_inline' && /^<\/?code>$|^<wbr>$/.test(node.literal ?? '')) {
      inCode = node.literal === '<code>' || (inCode && node.literal === '<wbr>');
      reading.html.push(node.literal ?? '');
      reading.bare.push(' ');
      add(TEXT);
    } else {
      const own = node.type === 'html_inline' || node.type === 'html_block' ? (node.literal ?? '') : '';
      if (own !== '') reading.html.push(own);
      if (node.type === 'link' || node.type === 'image') reading.links.push(node.destination ?? '');
      if (node.type === 'code_block') reading.blocks.push(node.literal ?? '');
      add(`<${node.type}${node.level ? ` ${node.level}` : ''}${own === '' ? '' : ` ${own}`}>`);
      for (let child = node.firstChild; child !== null; child = child.next) visit(child);
      add(`</${node.type}>`);
      if (!INLINE.has(node.type)) reading.bare.push('\n');
    }
  };
  visit(new Parser().parse(markdown));
  return reading;
}

const TEXT = 'text';
/** Nodes whose text is one with the text around them; every other one breaks the line. */
const INLINE: ReadonlySet<string> = new Set(['strong', 'emph', 'link', 'image']);
