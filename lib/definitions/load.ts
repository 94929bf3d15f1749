/** Loads definitions from paths, or reports all of their errors. */
import { type ComplaintId, Complaints } from './complaints';
import { findFiles } from './files';
import { type Finding, hasErrors } from './finding';
import type { Definitions } from './model';
import { parse, type RawDocument } from './parse';
import { readSources, readTexts } from './read';
import { resolveDefinitions } from './resolve';
import type { ReplaceVariable } from './resolve-environment';
import { unreadPlace } from './source';

/** A definition file that is given as text instead of a path. */
export interface DefinitionText {
  /** The file's name in findings. */
  readonly name: string;
  readonly text: string;
}

/** How definitions are loaded. */
export interface LoadOptions {
  /**
   * Folder to which the paths, and the file names in findings, are relative.
   * @default the working directory
   */
  readonly cwd?: string;
  /**
   * Files to read in addition to the files in the paths.
   * @default none
   */
  readonly texts?: readonly DefinitionText[];
  /**
   * Replaces the value of an environment's variable, for a generator that keeps variables unresolved.
   * @default the written value
   */
  readonly variable?: ReplaceVariable;
}

/** The result of loading. */
export interface Loaded {
  /** The resolved definitions; undefined if any finding is an error. */
  readonly definitions?: Definitions;
  /**
   * The definitions with placeholders for values that could not be resolved, if there are no other errors. Used only to
   * find further errors; undefined if the definitions are valid.
   */
  readonly draft?: Definitions;
  /** All findings, sorted by file and then by position. */
  readonly findings: readonly Finding[];
  /** Number of files read. */
  readonly files: number;
  /**
   * All texts that were read, including texts given in the options. Positions in the definitions refer to these texts.
   */
  readonly texts: readonly DefinitionText[];
}

/**
 * Loads the definitions under some paths: files, and folders with all their `*.yaml` and `*.yml`, read recursively in
 * the order of their names. Never throws because of file contents or missing files.
 *
 * @example
 * const { definitions, findings } = loadDefinitions('roles');
 * if (definitions === undefined) process.stderr.write(renderFindings(findings, { color: false }));
 */
export function loadDefinitions(paths: string | readonly string[], options: LoadOptions = {}): Loaded {
  const complaints = new Complaints();
  const named = typeof paths === 'string' ? [paths] : paths;
  const files = findFiles(named, options.cwd ?? process.cwd(), complaints);
  const { texts = [] } = options;
  const sources = [...readSources(files, complaints), ...readTexts(texts, complaints)];
  const documents: RawDocument[] = [];
  let unread = sources.length < files.length + texts.length || !complaints.none;
  for (const source of sources) {
    const parsed = parse(source, complaints);
    for (const document of parsed.documents) documents.push(document);
    unread ||= parsed.broken;
  }
  if (documents.length === 0 && !unread) {
    complaints.add(unreadPlace(named[0] ?? '.'), {
      id: 'no-definitions',
      message: `No definitions were found in ${named.map((path) => `\`${path}\``).join(', ') || 'no paths at all'}.`,
      expected: '`*.yaml` or `*.yml` files with a project and its roles',
      hint: 'Name the folder that contains them.',
    });
  }
  const definitions = resolveDefinitions(documents, unread, complaints, options.variable);
  const findings = complaints.inOrder([...files, ...texts].map(({ name }) => name));
  return {
    ...readable(definitions, findings),
    findings,
    files: sources.length,
    texts: sources.map(({ file, text }) => ({ name: file, text })),
  };
}

function readable(
  definitions: Definitions | undefined,
  findings: readonly Finding[],
): Pick<Loaded, 'definitions' | 'draft'> {
  if (definitions === undefined) return {};
  if (!hasErrors(findings)) return { definitions };
  return findings.every(({ id, severity }) => severity !== 'error' || VALUE_FAULTS.has(id))
    ? { draft: definitions }
    : {};
}

/** Findings that concern a single value and do not affect the rest of the definitions. */
const VALUE_FAULTS: ReadonlySet<string> = new Set<ComplaintId>([
  'template-misplaced',
  'template-syntax',
  'unknown-external',
  'unknown-parameter',
  'unknown-variable',
]);
