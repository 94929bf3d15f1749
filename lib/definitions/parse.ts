/** Parses YAML 1.2 text into plain data, with the source positions of the values. */
import { visit, type YAMLError } from 'yaml';
import type { Complaint, Complaints } from './complaints';
import { compose, type Tree } from './compose';
import { Places } from './places';
import { toPlain } from './plain';
import type { Source } from './source';

/** A parsed YAML document. */
export interface RawDocument {
  /** The document as plain data. See {@link toPlain} for the possible values. */
  readonly value: unknown;
  /** Whether the document was read without errors. */
  readonly sound: boolean;
  readonly places: Places;
}

/** The content of one file. */
export interface ParsedFile {
  readonly documents: readonly RawDocument[];
  /** Whether part of the file could not be read, so that a definition may be missing. */
  readonly broken: boolean;
}

/**
 * Reads every document of a file, except empty documents. For a document that is not valid YAML, only the first syntax
 * error is reported, because later errors are usually consequences of the first error. The other documents of the file
 * are still read.
 */
export function parse(source: Source, complaints: Complaints): ParsedFile {
  const documents: RawDocument[] = [];
  const composed = compose(source);
  let again: readonly Tree[] | undefined;
  const treeAgain = (index: number): Tree | undefined => {
    again ??= compose(source).trees;
    return again[index];
  };
  let broken = false;
  if (composed.stopped !== undefined) {
    const { offset, ...complaint } = composed.stopped;
    complaints.add(source.range(offset, offset + 1), complaint);
    broken = true;
  }
  composed.trees.forEach((tree, index) => {
    const fault = firstFault(tree);
    if (fault !== undefined) {
      const [start, end] = stretchOf(fault, tree);
      complaints.add(source.range(start, Math.max(end, start + 1)), explain(fault));
      broken = true;
      return;
    }
    if (tree.contents === null || (tree.contents.range[0] === tree.contents.range[1] && !tree.contents.tag)) return;
    documents.push({ ...toPlain(tree, source, complaints), places: new Places(source, () => treeAgain(index)) });
  });
  return { documents, broken };
}

function firstFault(tree: Tree): YAMLError | undefined {
  // `plain.ts` reports all tags, including unknown ones.
  const faults = [...tree.errors, ...tree.warnings].filter((fault) => fault.code !== 'TAG_RESOLVE_FAILED');
  return faults.reduce<YAMLError | undefined>(
    (first, fault) => (first === undefined || fault.pos[0] < first.pos[0] ? fault : first),
    undefined,
  );
}

const UNCLOSED_QUOTE = /^Missing closing (['"])quote/;

/**
 * The range of a syntax error. An unclosed quote is detected only at the end of the text, so the range is the opening
 * quote.
 */
function stretchOf(fault: YAMLError, tree: Tree): readonly [start: number, end: number] {
  let start: number | undefined;
  if (UNCLOSED_QUOTE.test(fault.message)) {
    visit(tree, {
      Scalar(_, node) {
        if (node.type?.startsWith('QUOTE') === true && node.range) start = node.range[0];
      },
    });
  }
  return start === undefined ? fault.pos : [start, start + 1];
}

function explain(fault: YAMLError): Complaint {
  const hint = HINTS[fault.code] ?? 'Correct the YAML syntax here. The mistake may be in the line above.';
  const said = fault.message.split('\n', 1)[0] ?? '';
  if (fault.code === 'TAB_AS_INDENT') {
    return { id: 'yaml-syntax', message: 'There is a tab where YAML permits only spaces.', hint };
  }
  const quote = UNCLOSED_QUOTE.exec(said)?.[1];
  if (quote !== undefined) {
    return {
      id: 'yaml-syntax',
      message: `The quote \`${quote}\` is not closed.`,
      hint: 'Close it where the text ends.',
    };
  }
  const bracket = /end with a ([\]}])/.exec(said)?.[1];
  if (bracket !== undefined) {
    return {
      id: 'yaml-syntax',
      message: 'A bracket is not closed before this line.',
      hint: `Close it with \`${bracket}\`.`,
    };
  }
  return { id: 'yaml-syntax', message: `This is not valid YAML: ${said}.`, hint };
}

const HINTS: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Indent the keys of one mapping by the same number of spaces.',
  BAD_SCALAR_START: 'Put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Put a value that contains `: ` in quotes, or indent the next key like this one.',
  BAD_DQ_ESCAPE: 'Write the value in single quotes, in which a backslash has no special meaning.',
  MISSING_CHAR: 'Write what is missing: a closing quote or bracket, a comma, or a space after `:` or `-`.',
  MULTILINE_IMPLICIT_KEY: 'Write `key: value` on one line; if this is a text of several lines, put it in quotes.',
  UNEXPECTED_TOKEN:
    'If a value begins with a special character, put it in quotes. Otherwise remove the extra text here.',
  BAD_DIRECTIVE: 'Remove the line that begins with `%`.',
  KEY_OVER_1024_CHARS: 'Look for a `:` that ends a very long line.',
};
