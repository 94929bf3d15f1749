/**
 * Reads the Markdown of a model into a short list of harmless things: text, and how it is set. There is no HTML, no
 * image and no link in it. Whatever is not known is text, as the model wrote it. Invisible characters are escaped.
 */
import { escapeHidden } from '@leasehold/contract/text';
import { Lexer, type Token, type Tokens } from 'marked';

/** A part of a line. */
export type Inline =
  | { readonly kind: 'text' | 'code' | 'address'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly Inline[] };

/** A part of the text. */
export type Block =
  | { readonly kind: 'paragraph' | 'heading'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | undefined; readonly items: readonly (readonly Block[])[] }
  | {
      readonly kind: 'table';
      readonly header: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: 'rule' };

/** Longer texts are shown as they are, because reading Markdown takes time that grows faster than the text. */
const LONGEST_MARKDOWN = 20_000;
/** Deeper lists and quotes are shown as they are. */
const DEEPEST = 8;

export function markdownBlocks(text: string): readonly Block[] {
  if (text.length > LONGEST_MARKDOWN) return [asWritten(text)];
  let tokens: readonly Token[];
  try {
    tokens = new Lexer({ gfm: true }).lex(text);
  } catch {
    // Nested too deeply for the parser.
    return [asWritten(text)];
  }
  return tokens.flatMap((token) => blocksOf(token, 0));
}

function blocksOf(token: Token, depth: number): readonly Block[] {
  if (depth > DEEPEST) return [asWritten(token.raw)];
  // The union of tokens contains a generic member, so the type of a token does not follow from its name.
  switch (token.type) {
    case 'space':
      return [];
    case 'hr':
      return [{ kind: 'rule' }];
    case 'code':
      return [{ kind: 'code', text: visibleLines((token as Tokens.Code).text) }];
    case 'heading':
      return [{ kind: 'heading', children: inlinesOf(token, depth) }];
    case 'paragraph':
    case 'text':
      return [{ kind: 'paragraph', children: inlinesOf(token, depth) }];
    case 'blockquote':
      return [{ kind: 'quote', blocks: below(token as Tokens.Blockquote, depth) }];
    case 'list': {
      const { ordered, start, items } = token as Tokens.List;
      return [
        { kind: 'list', start: ordered ? Number(start) : undefined, items: items.map((item) => below(item, depth)) },
      ];
    }
    case 'table': {
      const { header, rows } = token as Tokens.Table;
      const cells = (row: readonly Tokens.TableCell[]) => row.map(({ tokens }) => manyInlines(tokens, depth));
      return [{ kind: 'table', header: cells(header), rows: rows.map(cells) }];
    }
    default:
      return [asWritten(token.raw)];
  }
}

function below({ tokens }: { readonly tokens: readonly Token[] }, depth: number): readonly Block[] {
  return tokens.flatMap((token) => blocksOf(token, depth + 1));
}

function inlinesOf(token: Token, depth: number): readonly Inline[] {
  const { tokens } = token as { readonly tokens?: readonly Token[] };
  return tokens === undefined ? textLines((token as Tokens.Text).text) : manyInlines(tokens, depth);
}

function manyInlines(tokens: readonly Token[], depth: number): readonly Inline[] {
  return tokens.flatMap((token) => inlineOf(token, depth + 1));
}

function inlineOf(token: Token, depth: number): readonly Inline[] {
  if (depth > 2 * DEEPEST) return textLines(token.raw);
  switch (token.type) {
    case 'text':
    case 'escape':
      return inlinesOf(token, depth);
    case 'strong':
      return [{ kind: 'strong', children: inlinesOf(token, depth) }];
    case 'em':
      return [{ kind: 'emphasis', children: inlinesOf(token, depth) }];
    case 'codespan':
      return [{ kind: 'code', text: escapeHidden((token as Tokens.Codespan).text) }];
    case 'br':
      return [{ kind: 'break' }];
    case 'link':
      return linkOf(token as Tokens.Link, depth);
    default:
      return textLines(token.raw);
  }
}

/** The label, and the address beside it. A reader sees where it would lead, and nothing can be clicked. */
function linkOf({ href, text, tokens }: Tokens.Link, depth: number): readonly Inline[] {
  const address: Inline = { kind: 'address', text: escapeHidden(href) };
  if (text === href) return [address];
  return [...manyInlines(tokens, depth), { kind: 'text', text: ' (' }, address, { kind: 'text', text: ')' }];
}

/** Text whose line breaks are kept, as people expect in a chat. */
function textLines(text: string): readonly Inline[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, at): Inline[] => [
      ...(at > 0 ? [{ kind: 'break' } as const] : []),
      ...(line === '' ? [] : [{ kind: 'text', text: escapeHidden(line) } as const]),
    ]);
}

function asWritten(text: string): Block {
  return { kind: 'paragraph', children: textLines(text.replace(/\n+$/, '')) };
}

/** Lines of code, in which spaces are layout. */
function visibleLines(text: string): string {
  return text.replaceAll('\t', '    ').split(/\r?\n/).map(escapeHidden).join('\n');
}
