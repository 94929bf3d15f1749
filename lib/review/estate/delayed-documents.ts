/**
 * Documents of `aws_iam_policy_document` that Terraform reads only on apply, because something in them, or something that
 * they depend on, is not known yet. Their statements stand in the plan, but for what is unknown: that is found through the
 * configuration, or the document stays unread.
 */
import {
  many,
  type PolicyDocument,
  PolicyError,
  type PolicyKind,
  parsePolicy,
  type Statement,
} from '@leasehold/policy';
import type { Read } from '../model';
import { listOf, own } from '../plan/plan';
import type { Ground } from './ground';
import type { Scoped } from './held';
import { arnPatternsOf, NAMED_TYPES } from './new-arns';
import { AFTER_APPLY, type Value } from './value';

const DOCUMENT = 'aws_iam_policy_document';

/** The document in an attribute; where it is known only after apply, the data source behind it. */
export function readDocument(
  ground: Ground,
  held: Scoped,
  attribute: string,
  value: Value,
  kind: PolicyKind,
): Read<PolicyDocument> | undefined {
  const read = ground.documents.read(valueIn(value, attribute), kind);
  if (read?.kind !== 'unknown' || read.why !== AFTER_APPLY) return read;
  const { targets, exact } = ground.references.follow(held, attribute, [DOCUMENT]);
  const [source] = targets;
  if (!exact || source === undefined) return read;
  // Where the data source is read already, something else makes the document unknown.
  const json = source.after?.at('json').text();
  if (json?.kind !== 'unknown' || json.why !== AFTER_APPLY) return read;
  const assumed = new Set<string>();
  const document = delayed({ ground, source, assumed });
  if (document === undefined || !isValid(document, kind)) return read;
  const assumes = [...assumed].sort().join(', ');
  return { kind: 'known', value: document, ...(assumes === '' ? {} : { assumes }) };
}

/** The value at a path such as `details[0].policy`. */
function valueIn(value: Value, path: string): Value {
  return path
    .split(/[.[\]]+/)
    .filter((step) => step !== '')
    .reduce((inner, step) => inner.at(/^\d+$/.test(step) ? Number(step) : step), value);
}

/** What else a document is made from, in this order; what comes later may replace statements. */
const MADE_FROM = ['source_policy_documents', 'source_json', 'override_policy_documents', 'override_json'];

function delayed(of: Of): PolicyDocument | undefined {
  const { source } = of;
  const { after } = source;
  if (after === undefined || MADE_FROM.some((attribute) => !isEmpty(after.at(attribute)))) return undefined;
  const blocks = after.at('statement').elements();
  const written = listOf(own(source.configuration?.expressions, 'statement'));
  if (blocks.kind === 'unknown' || blocks.value.length === 0) return undefined;
  const version = after.at('version').text();
  const statements = blocks.value.map((block, index) =>
    // Blocks that are made by a loop have no expressions of their own.
    toStatement(of, block, written.length === blocks.value.length ? written[index] : undefined),
  );
  if (statements.some((statement) => statement === undefined)) return undefined;
  return {
    Version: version.kind === 'known' && version.value === '2008-10-17' ? version.value : '2012-10-17',
    Statement: statements.filter((statement) => statement !== undefined),
  };
}

interface Of {
  readonly ground: Ground;
  readonly source: Scoped;
  /** Addresses of the resources that something unknown was taken for. */
  readonly assumed: Set<string>;
}

function toStatement(of: Of, block: Value, written: unknown): Statement | undefined {
  const effect = block.at('effect').text();
  if (effect.kind === 'unknown') return undefined;
  // What is not known of a deny cannot make it deny more than it does.
  const exact = effect.value === 'Deny';
  const list = (name: string) => values(of, block.at(name), own(written, name), exact);
  const parts = { Action: 'actions', NotAction: 'not_actions', Resource: 'resources', NotResource: 'not_resources' };
  const statement: Record<string, unknown> = { Effect: effect.value ?? 'Allow' };
  for (const [element, name] of Object.entries(parts)) {
    const texts = list(name);
    if (texts === undefined || (element.startsWith('Not') && isUnknown(block.at(name)))) return undefined;
    if (texts.length > 0) statement[element] = texts;
  }
  for (const [element, name] of [
    ['Principal', 'principals'],
    ['NotPrincipal', 'not_principals'],
  ] as const) {
    const principals = principalsOf(of, block.at(name), own(written, name));
    if (principals === undefined) return undefined;
    if (Object.keys(principals).length > 0) statement[element] = principals['*'] === undefined ? principals : '*';
  }
  const condition = conditionsOf(of, block.at('condition'), own(written, 'condition'));
  if (condition === undefined) return undefined;
  if (Object.keys(condition).length > 0) statement.Condition = condition;
  return statement as unknown as Statement;
}

function principalsOf(of: Of, blocks: Value, written: unknown): Record<string, readonly string[]> | undefined {
  const read = blocks.elements();
  if (read.kind === 'unknown') return undefined;
  const found: Record<string, readonly string[]> = {};
  for (const [index, block] of read.value.entries()) {
    const type = block.at('type').text();
    const names = values(of, block.at('identifiers'), own(listOf(written)[index], 'identifiers'), true);
    if (type.kind === 'unknown' || type.value === undefined || names === undefined) return undefined;
    found[type.value] = [...(found[type.value] ?? []), ...names];
  }
  return found;
}

function conditionsOf(
  of: Of,
  blocks: Value,
  written: unknown,
): Record<string, Record<string, readonly string[]>> | undefined {
  const read = blocks.elements();
  if (read.kind === 'unknown') return undefined;
  const found: Record<string, Record<string, readonly string[]>> = {};
  for (const [index, block] of read.value.entries()) {
    const [test, variable] = [block.at('test').text(), block.at('variable').text()];
    const texts = values(of, block.at('values'), own(listOf(written)[index], 'values'), true);
    if (test.kind === 'unknown' || variable.kind === 'unknown' || texts === undefined) return undefined;
    if (test.value === undefined || variable.value === undefined) return undefined;
    const keys = found[test.value] ?? {};
    found[test.value] = { ...keys, [variable.value]: [...(keys[variable.value] ?? []), ...texts] };
  }
  return found;
}

/** The texts of a list, what is unknown found through its expression; `undefined` where that cannot be. */
function values(
  { ground, source, assumed }: Of,
  list: Value,
  written: unknown,
  exact: boolean,
): readonly string[] | undefined {
  const elements = list.elements();
  const whole = elements.kind === 'unknown';
  const read = whole ? [] : elements.value.map((each) => each.text());
  const known = read.flatMap((each) =>
    each.kind === 'known' && each.value !== undefined ? [unescaped(each.value)] : [],
  );
  const missing = read.filter(({ kind }) => kind === 'unknown').length;
  if (!whole && missing === 0) return known;
  const { targets, exact: sole } = ground.references.followExpression(source, written, NAMED_TYPES);
  // Several names in one list cannot be told apart; all of them are meant.
  if (targets.length === 0 || (!sole && targets.length < 2) || (exact && (whole || missing !== targets.length)))
    return undefined;
  const found = targets.map((target) => arnPatternsOf(target, exact));
  if (found.some((patterns) => patterns === undefined)) return undefined;
  for (const { address } of targets) assumed.add(address);
  return [...new Set([...known, ...found.flatMap((patterns) => patterns ?? [])])];
}

/** Terraform writes variables of IAM as `&{…}` in these documents. */
function unescaped(text: string): string {
  return text.replaceAll('&{', '${');
}

function isUnknown(value: Value): boolean {
  return value.read().kind === 'unknown';
}

function isEmpty(value: Value): boolean {
  const read = value.read();
  return read.kind === 'known' && many(read.value ?? []).length === 0;
}

function isValid(document: PolicyDocument, kind: PolicyKind): boolean {
  try {
    parsePolicy(JSON.stringify(document), kind);
    return true;
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}
