/** Compares values of a plan, and gives equivalent statements one canonical text. */
import { many, type PolicyDocument, type Statement } from '@leasehold/policy';

/**
 * Whether two JSON values are equal, regardless of key order. If both values are the same object, the contents need not
 * be compared.
 */
export function sameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) && one.length === other.length && one.every((value, index) => sameValue(value, other[index]))
    );
  }
  if (Array.isArray(other)) return false;
  const [mine, theirs] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const keys = Object.keys(mine);
  return (
    keys.length === Object.keys(theirs).length &&
    keys.every((key) => Object.hasOwn(theirs, key) && sameValue(mine[key], theirs[key]))
  );
}

/** The statements of a document. */
export function statementsOf(document: PolicyDocument): readonly Statement[] {
  return many(document.Statement);
}

/**
 * One canonical text for all equivalent notations of a statement. Ignores the order of keys and values, the case of
 * action names and condition keys, the `Sid`, and whether a single value is written as a list.
 */
export function canonical(statement: Statement, version: string): string {
  const known = memory.get(statement)?.get(version);
  if (known !== undefined) return known;
  const text = JSON.stringify([
    version,
    statement.Effect,
    ...(['Principal', 'NotPrincipal'] as const).map((element) => principals(statement[element])),
    ...(['Action', 'NotAction'] as const).map((element) => sorted(statement[element], (name) => name.toLowerCase())),
    ...(['Resource', 'NotResource'] as const).map((element) => sorted(statement[element], (text) => text)),
    conditions(statement.Condition),
  ]);
  const texts = memory.get(statement) ?? new Map<string, string>();
  texts.set(version, text);
  memory.set(statement, texts);
  return text;
}

/** The policy version, which determines whether policy variables in the document are expanded. */
export function versionOf(document: PolicyDocument): string {
  return document.Version ?? '2008-10-17';
}

/** Whether two documents have the same statements, in any order and notation. */
export function sameStatements(one: PolicyDocument, other: PolicyDocument): boolean {
  const texts = (document: PolicyDocument) =>
    new Set(statementsOf(document).map((statement) => canonical(statement, versionOf(document))));
  const [mine, theirs] = [texts(one), texts(other)];
  return mine.size === theirs.size && [...mine].every((text) => theirs.has(text));
}

const memory = new WeakMap<Statement, Map<string, string>>();

function sorted(values: unknown, fold: (text: string) => string): unknown {
  return values === undefined ? null : [...new Set(many(values as string).map((value) => fold(String(value))))].sort();
}

function principals(block: Statement['Principal']): unknown {
  if (block === undefined || typeof block === 'string') return block ?? null;
  return Object.entries(block)
    .map(([kind, values]) => [kind, sorted(values, (text) => text)] as const)
    .sort(byFirst);
}

function conditions(block: Statement['Condition']): unknown {
  if (block === undefined) return null;
  return Object.entries(block)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => [`${operator} ${key.toLowerCase()}`, sorted(values, (text) => text)]),
    )
    .sort(byFirst);
}

function byFirst(one: readonly unknown[], other: readonly unknown[]): number {
  return String(one[0]) < String(other[0]) ? -1 : 1;
}
