/** Parses text into trees of YAML nodes, within limits. */
import { append } from '@leasehold/contract/any-length';
import { Composer, type Document, Lexer, Parser } from 'yaml';
import type { Complaint } from './complaints';
import { MAX_DOCUMENTS, MAX_NESTING, MAX_TOKENS } from './limits';
import type { Source } from './source';

/** A document as the `yaml` package composes it. */
export type Tree = Document.Parsed;

/** The result of composing a file. */
export interface Composed {
  readonly trees: readonly Tree[];
  /** The exceeded limit that stopped the parser, and the position at which the limit was exceeded. */
  readonly stopped?: Complaint & { readonly offset: number };
}

/**
 * The documents of a file. Faults in the YAML are in the documents; nothing is thrown.
 *
 * Lexes, parses and composes incrementally, so that a limit stops the work early: the composer recurses through nested
 * collections, and thousands of them would end the process instead of throwing.
 */
export function compose(source: Source): Composed {
  const { text } = source;
  const parser = new Parser();
  // Disabled because `plain.ts` detects duplicate keys. The composer would compare every key with every other key.
  const composer = new Composer({
    version: '1.2',
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    stringKeys: false,
  });
  const trees: Tree[] = [];
  const limit = Error.stackTraceLimit;
  // The composer creates an Error for each fault, and 100,000 stack traces take seconds. Everything here is
  // synchronous.
  Error.stackTraceLimit = 0;
  try {
    let tokens = 0;
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) append(trees, composer.next(token));
      tokens += 1;
      const stopped = overLimit(tokens, parser.stack.length, trees.length);
      if (stopped !== undefined) return { trees, stopped: { ...stopped, offset: parser.offset } };
    }
    for (const token of parser.end()) append(trees, composer.next(token));
    append(trees, composer.end(true, text.length));
    return { trees };
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function overLimit(tokens: number, depth: number, documents: number): Complaint | undefined {
  if (depth > MAX_NESTING) {
    return {
      id: 'nesting-limit',
      message: `More than ${MAX_NESTING} lists and mappings are nested here; the rest of the file was not read.`,
      hint: 'Look for a bracket that is not closed, or for lines that are indented too far by mistake.',
    };
  }
  if (tokens > MAX_TOKENS || documents > MAX_DOCUMENTS) {
    const what = tokens > MAX_TOKENS ? `${MAX_TOKENS} words and marks` : `${MAX_DOCUMENTS} documents`;
    return {
      id: tokens > MAX_TOKENS ? 'token-limit' : 'document-limit',
      message: `This file has more than ${what}; the rest of the file was not read.`,
      hint: 'Split it into several files.',
    };
  }
  return undefined;
}
