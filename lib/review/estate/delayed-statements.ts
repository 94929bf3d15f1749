/**
 * Reads the statements of an `aws_iam_policy_document` data source that Terraform evaluates only during apply.
 * Unknown parts are resolved through the configuration, or omitted.
 */
import type { Statement } from '@leasehold/policy';
import { listOf, own } from '../plan/plan';
import { TELLING_ONLY } from '../telling-only';
import { arnPatternsOf, NAMED_TYPES } from './new-arns';
import type { PlanIndex } from './plan-index';
import type { ScopedInstance } from './resource-instances';
import type { Value } from './value';

/** A data source whose document is being built. */
export interface Of {
  readonly planIndex: PlanIndex;
  readonly source: ScopedInstance;
  /** Addresses of the resources to which unknown parts are assumed to refer. */
  readonly assumed: Set<string>;
  /** Parts that were omitted because the configuration does not determine them. */
  readonly lacking: Set<string>;
  /** The omitted parts of deny statements. Undefined if a deny statement could replace another statement. */
  readonly denying?: Set<string> | undefined;
  /** Nesting depth of this data source. */
  readonly depth?: number;
}

export interface OfBlock extends Of {
  /** Path of the statement, for example `statement[0]`. */
  readonly place: string;
}

const LISTS = [
  ['Action', 'actions'],
  ['NotAction', 'not_actions'],
  ['Resource', 'resources'],
  ['NotResource', 'not_resources'],
] as const;

/**
 * Converts a block to a statement. Returns `undefined` if the statement would allow or deny more without its unknown
 * parts. Individual unknown actions, resources and principals of an allow statement can be omitted.
 */
export function toStatement(of: OfBlock, block: Value, written: unknown): Statement | undefined {
  const effect = block.at('effect').text();
  // Resolving an unknown part of a deny statement must not make the statement deny more.
  const exact = effect.kind === 'known' && effect.value === 'Deny';
  const missing = (name: string): undefined => {
    const parts = exact && of.denying !== undefined ? of.denying : of.lacking;
    parts.add(name === '' ? of.place : `${of.place}.${name}`);
  };
  if (effect.kind === 'unknown') return missing('');
  const sid = block.at('sid').text();
  const statement: Record<string, unknown> = {
    ...(sid.kind === 'known' && sid.value !== undefined ? { Sid: sid.value } : {}),
    Effect: effect.value ?? 'Allow',
  };
  for (const [element, name] of LISTS) {
    const value = block.at(name);
    if (element.startsWith('Not') && isUnknown(value)) return missing(name);
    const all = values(of, value, own(written, name), exact) ?? everyResource(element, statement);
    const texts = all ?? (exact ? [] : knownIn(value));
    if (all === undefined) missing(name);
    if (all === undefined && texts.length === 0) return undefined;
    if (texts.length > 0) statement[element] = texts;
  }
  for (const [element, name] of [
    ['Principal', 'principals'],
    ['NotPrincipal', 'not_principals'],
  ] as const) {
    const loose = element === 'Principal' && !exact;
    const principals = principalsOf(of, block.at(name), own(written, name), loose ? () => missing(name) : undefined);
    if (principals === undefined) return missing(name);
    if (Object.keys(principals).length > 0) statement[element] = principals['*'] === undefined ? principals : '*';
  }
  // If the principal is omitted entirely, the statement applies to nobody.
  if (!isEmptyList(block.at('principals')) && statement.Principal === undefined) return undefined;
  const condition = conditionsOf(of, block.at('condition'), own(written, 'condition'));
  if (condition === undefined) return missing('condition');
  if (Object.keys(condition).length > 0) statement.Condition = condition;
  return statement as unknown as Statement;
}

/**
 * Replaces the unknown resources of an allow statement with every resource, if its actions only write log lines and
 * metrics. The result permits no less than the statement.
 */
function everyResource(element: string, { Effect, Action }: Record<string, unknown>): readonly string[] | undefined {
  const isAll = element === 'Resource' && Effect === 'Allow' && Array.isArray(Action);
  return isAll && Action.every((action) => TELLING_ONLY.has(action)) ? ['*'] : undefined;
}

/** The principals of the statement. Unknown principals are omitted if `leaveOut` records them. */
function principalsOf(
  of: Of,
  blocks: Value,
  written: unknown,
  leaveOut: (() => void) | undefined,
): Record<string, readonly string[]> | undefined {
  const read = blocks.elements();
  if (read.kind === 'unknown') return undefined;
  const found: Record<string, readonly string[]> = {};
  for (const [index, block] of read.value.entries()) {
    const type = block.at('type').text();
    const all = values(of, block.at('identifiers'), own(listOf(written)[index], 'identifiers'), true);
    if (type.kind === 'unknown' || type.value === undefined) return undefined;
    if (all === undefined) {
      if (leaveOut === undefined) return undefined;
      leaveOut();
    }
    const names = all ?? knownIn(block.at('identifiers'));
    if (names.length === 0) continue;
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

/** The texts of a list. Unknown texts are resolved through their expressions. `undefined` if that is impossible. */
function values(
  { planIndex, source, assumed }: Of,
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
  const { targets, exact: sole } = planIndex.references.followExpression(source, written, NAMED_TYPES);
  // Several names in one list cannot be distinguished, so all of these names apply.
  if (targets.length === 0 || (!sole && targets.length < 2) || (exact && (whole || missing !== targets.length)))
    return undefined;
  const found = targets.map((target) => arnPatternsOf(target, exact));
  if (found.some((patterns) => patterns === undefined)) return undefined;
  for (const { address } of targets) assumed.add(address);
  return [...new Set([...known, ...found.flatMap((patterns) => patterns ?? [])])];
}

/** The known texts of a list. */
function knownIn(list: Value): readonly string[] {
  const elements = list.elements();
  if (elements.kind === 'unknown') return [];
  return elements.value.flatMap((each) => {
    const text = each.text();
    return text.kind === 'known' && text.value !== undefined ? [unescaped(text.value)] : [];
  });
}

/** Terraform writes IAM variables as `&{…}` in these documents. */
function unescaped(text: string): string {
  return text.replaceAll('&{', '${');
}

function isUnknown(value: Value): boolean {
  return value.read().kind === 'unknown';
}

function isEmptyList(value: Value): boolean {
  const elements = value.elements();
  return elements.kind === 'known' && elements.value.length === 0;
}
