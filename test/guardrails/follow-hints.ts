/**
 * Follows the hints of one run, all of them at once and literally, as somebody does who knows nothing else. Where a hint
 * leaves a reason, a date or what another role may do to the reader, the same words are put in everywhere.
 */
import type { Finding } from '@leasehold/definitions';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, parse as parseYaml } from 'yaml';

/** A document of the definitions, as plain data. */
export type Doc = Record<string, unknown>;

interface Statement {
  actions: string[];
  resources: string[];
  conditions?: Record<string, Record<string, unknown>>;
}

interface Role extends Doc {
  kind: 'Role';
  name: string;
  allow: Statement[];
  sensitive?: object[];
  waivers?: { guardrail: string }[];
  passes?: object[];
  assumes?: object[];
}

/** Texts by name of the file. */
export type Files = Readonly<Record<string, string>>;

type Path = readonly (string | number)[];

/** The documents of a file, after the hints of these findings. Throws for a hint that it cannot follow. */
export function followHints(files: Files, findings: readonly Finding[]): Record<string, Doc[]> {
  const read = new Map(Object.entries(files).map(([name, text]) => [name, new File(text)] as const));
  const project = [...read.values()].flatMap(({ docs }) => docs).find(({ kind }) => kind === 'Project');
  if (project === undefined) throw new Error('a project');
  // What stands at a place is found before anything moves; a template is replaced before the text around it is read.
  const steps = findings
    .filter(({ severity }) => severity === 'error')
    .map((finding) => step(finding, read.get(finding.at.file), project))
    .toSorted((a, b) => a.order - b.order);
  for (const { run } of steps) run();
  for (const { docs } of read.values()) for (const doc of docs) if (isRole(doc)) tidy(doc);
  return Object.fromEntries([...read].map(([name, { docs }]) => [name, docs]));
}

class File {
  readonly docs: Doc[];
  readonly #counter = new LineCounter();
  readonly #nodes: readonly (Node | null)[];

  constructor(text: string) {
    const documents = parseAllDocuments(text, { lineCounter: this.#counter });
    if (!Array.isArray(documents)) throw new Error('documents');
    this.#nodes = documents.map(({ contents }) => contents as Node | null);
    this.docs = documents.map((document) => normal(document.toJS() as Doc));
  }

  /** The document and the path of the innermost value around a place. */
  find({ line, column }: Finding['at']): { doc: Doc; path: Path } {
    const offset = (this.#counter.lineStarts[line - 1] ?? 0) + column - 1;
    for (const [index, node] of this.#nodes.entries()) {
      const [from = 0, to = 0] = node?.range ?? [];
      if (offset >= from && offset < to) return { doc: this.docs[index] ?? {}, path: pathTo(node, offset) };
    }
    throw new Error(`nothing at ${line}:${column}`);
  }
}

function pathTo(node: unknown, offset: number): Path {
  const within = (each: unknown) => {
    const [from = 0, to = 0] = (each as Node | null)?.range ?? [];
    return offset >= from && offset < to;
  };
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (within(value)) return [name, ...pathTo(value, offset)];
      if (within(key)) return [name];
    }
  }
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) if (within(item)) return [index, ...pathTo(item, offset)];
  }
  return [];
}

/** Single values as lists, so that a path always names an entry. */
function normal(doc: Doc): Doc {
  if (!isRole(doc)) return doc;
  for (const statement of doc.allow) {
    statement.actions = [statement.actions].flat();
    statement.resources = [statement.resources].flat();
  }
  return doc;
}

function isRole(doc: Doc): doc is Role {
  return doc.kind === 'Role';
}

interface Step {
  readonly order: number;
  readonly run: () => void;
}

const quoted = (text = '') => [...text.matchAll(/`([^`]*)`/g)].map(([, inner = '']) => inner);

/** What the reader has to write. */
function filled(yaml: string): Record<string, unknown> {
  return parseYaml(
    yaml
      .replaceAll('because: …', 'because: The task needs it.')
      .replaceAll('until: …', 'until: 2027-05-31')
      .replaceAll('limits: …', 'limits: The permissions of this role on the data.')
      .replaceAll('description: …', 'description: "The value, for example a-1"')
      .replaceAll('pattern: …', 'pattern: "[a-z0-9-]{1,40}"')
      .replaceAll('may: …', 'may: [{ actions: logs:PutLogEvents, resources: "*" }]'),
  ) as Record<string, unknown>;
}

function step(finding: Finding, file: File | undefined, project: Doc): Step {
  if (file === undefined) throw new Error(`no file ${finding.at.file}`);
  const { id, hint, message, expected, at } = finding;
  const { doc, path } = file.find(at);
  if (!isRole(doc)) throw new Error(`${id} in a ${doc.kind}`);
  const [, index, part, entry] = path;
  const statement = path[0] === 'allow' ? doc.allow[Number(index)] : undefined;
  const written = () => {
    if (statement === undefined) throw new Error(`${id}: no statement`);
    return statement;
  };
  const text = part === 'actions' || part === 'resources' ? written()[part][Number(entry ?? 0)] : undefined;
  const pieces = quoted(hint);
  const merged = (key: string, piece: string | undefined, into: Doc = doc) => add(into, key, filled(piece ?? '')[key]);
  const step = (run: () => void, order = 1): Step => ({ run, order });
  if (hint.startsWith('Remove it, or state why') || hint.startsWith('Write under `sql:'))
    return step(() => merged(id === 'sql-limit' ? 'sql' : 'sensitive', pieces.at(id === 'sql-limit' ? 0 : -1)));
  if (hint.startsWith('Leave it to a pipeline; or')) return step(() => merged('waivers', pieces[0]));
  if (hint.startsWith('Write `companions:')) return step(() => merged('companions', pieces[0]));
  if (hint.startsWith('Declare `access:')) return step(() => Object.assign(doc, filled(pieces[0] ?? '')));
  if (hint.startsWith('Move it to a separate role')) {
    return step(() => {
      Object.assign(doc, filled(pieces[1] ?? ''));
      merged('mixedAccess', pieces[2], project);
    });
  }
  if (hint.startsWith('Remove it from `allow:`')) {
    return step(() => {
      remove(written().actions, text);
      for (const piece of pieces.slice(1)) {
        const [key = ''] = piece.split(':');
        merged(key, piece, key === 'external' ? project : doc);
      }
    });
  }
  if (hint.startsWith('Remove the action: this statement never allows it.'))
    return step(() => remove(written().actions, text));
  if (hint.startsWith('Give these actions a statement of their own')) {
    const [, ...actions] = quoted(message);
    return step(() => divide(doc, written(), actions, quoted(expected)), 3);
  }
  if (/^(Name|Write) the resources of the task/.test(hint)) {
    return step(() => {
      const place = written().resources.indexOf(text ?? '');
      written().resources.splice(place, 1, ...quoted(expected));
    }, 1.5);
  }
  if (/^Remove the action from this statement[.,]/.test(hint)) {
    const [key = '', action = ''] = quoted(message);
    return step(() => {
      const own = divide(doc, written(), [action], written().resources);
      for (const block of Object.values(own?.conditions ?? {})) delete block[key];
    });
  }
  if (hint === 'Name the values that the task needs.') {
    const [, , , operator = '', key = ''] = path.map(String);
    return step(() => {
      const block = written().conditions?.[operator];
      if (block !== undefined) block[key] = ['my-value'];
    });
  }
  if (id === 'own-bucket') {
    return step(() => {
      const { StringEquals: own = {} } = filled((pieces.at(-1) ?? '').replace(/^StringEquals: /, 'StringEquals: '));
      const conditions = written().conditions ?? {};
      written().conditions = { ...conditions, StringEquals: { ...conditions.StringEquals, ...(own as object) } };
    }, 2);
  }
  if (hint.startsWith('Add `"Null":')) {
    return step(() => {
      const conditions = (written().conditions ?? {}) as Record<string, Record<string, unknown>>;
      conditions.Null = { ...conditions.Null, ...(filled(pieces[0] ?? '').Null as object) };
    }, 2);
  }
  const inText = (change: (value: string) => string, order: number) =>
    step(() => Object.assign(doc, { allow: changed(doc.allow, path.slice(1), change) }), order);
  if (id === 'well-formed-resource') return inText((value) => value.replace(':*:', `:${pieces[0] ?? ''}:`), 2);
  if (id === 'resource-at-home') return inText((value) => value.replace(':*:', `:${pieces[0] ?? ''}:`), 1);
  if (id === 'template-syntax') {
    const [variable = ''] = quoted(message);
    return step(() => {
      const at = [...path.slice(1)];
      doc.allow = changed(doc.allow, at, (value) => value.replace(variable, pieces[0] ?? ''));
      if (pieces[1]?.startsWith('parameters:')) merged('parameters', pieces[1]);
    }, 0);
  }
  if (id === 'parameter-scope') return inText((value) => value.replace(pieces[0] ?? '', pieces[1] ?? ''), 2);
  throw new Error(`no way to follow: ${id}: ${hint}`);
}

/** Adds to a list or a mapping of a document. */
function add(doc: Doc, key: string, value: unknown): void {
  const before = doc[key];
  if (Array.isArray(value) && Array.isArray(before)) {
    const known = new Set(before.map((each) => JSON.stringify(each)));
    doc[key] = [...before, ...value.filter((each) => !known.has(JSON.stringify(each)))];
  } else if (before !== undefined && typeof before === 'object') doc[key] = { ...before, ...(value as object) };
  else doc[key] = value;
}

function remove(list: string[], text: string | undefined): void {
  const place = text === undefined ? -1 : list.indexOf(text);
  if (place >= 0) list.splice(place, 1);
}

/** Moves actions to a statement of their own, with these resources. */
function divide(
  role: Role,
  statement: Statement,
  actions: readonly string[],
  resources: readonly string[],
): Statement | undefined {
  const moved = statement.actions.filter((action) => actions.includes(action));
  if (moved.length === 0) return undefined;
  statement.actions = statement.actions.filter((action) => !moved.includes(action));
  const own: Statement = { ...structuredClone(statement), actions: moved, resources: [...resources] };
  role.allow.push(own);
  return own;
}

/** The statements, with one text in them changed in place. */
function changed(allow: Statement[], path: Path, change: (value: string) => string): Statement[] {
  const walk = (value: unknown, rest: Path): unknown => {
    const [step, ...more] = rest;
    if (typeof value === 'string') return change(value);
    if (Array.isArray(value)) {
      const place = step === undefined ? 0 : Number(step);
      value[place] = walk(value[place], more);
    } else if (value !== null && typeof value === 'object' && step !== undefined) {
      (value as Doc)[String(step)] = walk((value as Doc)[String(step)], more);
    }
    return value;
  };
  return walk(allow, path) as Statement[];
}

/** Removes what following left empty. */
function tidy(role: Role): void {
  role.allow = role.allow.filter(({ actions, resources }) => actions.length > 0 && resources.length > 0);
  for (const { conditions = {} } of role.allow) {
    for (const [operator, block] of Object.entries(conditions)) {
      if (Object.keys(block).length === 0) delete conditions[operator];
    }
  }
}
