/** One statement of a policy: checks its elements, and matches it against a request. */
import { type ActionTest, coversAction, readAction } from './action';
import { type ConditionTest, conditionHolds, readConditions } from './condition';
import { type FaultCode, refuse } from './error';
import type { PolicyKind } from './policy-kind';
import { deniesCaller, namingOf, type PrincipalTest, readPrincipal } from './principal';
import type { EvaluationInput } from './request';
import { coversResource, type ResourceTest, readResource } from './resource';
import { isRecord, toConditionBlock, toPrincipalBlock, toTexts } from './shape';
import type { Version } from './template';

/** A statement, prepared for matching. */
export interface PreparedStatement {
  /** Index in the document, starting at 0. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  /** `Principal` or `NotPrincipal`; absent if the policy applies to the principal to which it is attached. */
  readonly principal?: PrincipalTest;
  readonly action: ActionTest;
  /** `Resource` or `NotResource`; absent if the policy applies to the resource to which it is attached. */
  readonly resource?: ResourceTest;
  readonly conditions: readonly ConditionTest[];
}

/** The part of a statement that does not match the request. */
export type Part = ActionTest | ResourceTest | PrincipalTest | ConditionTest;

/** The first part of the statement that does not match the request; `undefined` if the statement matches. */
export function mismatch(statement: PreparedStatement, asked: EvaluationInput): Part | undefined {
  const { action, resource, principal, effect } = statement;
  if (!coversAction(action, asked.action)) return action;
  if (resource !== undefined && !coversResource(resource, effect, asked.resource, asked)) return resource;
  if (principal !== undefined) {
    const meant = effect === 'Deny' ? deniesCaller(principal, asked) : namingOf(principal, asked) !== 'none';
    if (!meant) return principal;
  }
  for (const condition of statement.conditions) if (!conditionHolds(condition, effect, asked)) return condition;
  return undefined;
}

/** The policy of a statement, and the statement's location in the policy. */
export interface StatementLocation {
  readonly kind: PolicyKind;
  readonly version: Version;
  readonly path: readonly (string | number)[];
}

/** Checks and prepares one statement. */
export function readStatement(value: unknown, index: number, place: StatementLocation): PreparedStatement {
  const { path, kind, version } = place;
  if (!isRecord(value)) refuse({ code: 'wrong-type', path, got: value, expected: 'an object', rule: GRAMMAR });
  for (const element of Object.keys(value)) {
    if (!ELEMENTS.includes(element)) {
      refuse({
        code: 'unknown-element',
        path: [...path, element],
        got: element,
        expected: `one of ${ELEMENTS.join(', ')}`,
        rule: GRAMMAR,
      });
    }
  }
  const effect = readEffect(value.Effect, place);
  const sid = readSid(value.Sid, place);
  const principal = readWho(value, effect, place);
  const action = readWhat(value, effect, place);
  const resource = readWhere(value, place);
  const conditions =
    value.Condition === undefined
      ? []
      : readConditions(toConditionBlock(value.Condition, [...path, 'Condition']), version, [...path, 'Condition']);
  if (kind === 'rcp') checkResourceControl(value, effect, place);
  return Object.freeze({
    index,
    ...(sid === undefined ? {} : { sid }),
    effect,
    ...(principal === undefined ? {} : { principal }),
    action,
    ...(resource === undefined ? {} : { resource }),
    conditions,
  });
}

type Elements = Readonly<Record<string, unknown>>;

const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
const GRAMMAR = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html';
const NOT_PRINCIPAL = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html';
const RCP_SYNTAX = 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html';

/** The kinds of policies that have `Principal` elements. */
const NAMES_PRINCIPALS: readonly PolicyKind[] = ['resource', 'trust', 'rcp', 'endpoint'];

function readEffect(value: unknown, { path }: StatementLocation): 'Allow' | 'Deny' {
  if (value === 'Allow' || value === 'Deny') return value;
  const rule = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html';
  if (value === undefined)
    return refuse({ code: 'missing-element', path, got: undefined, expected: 'an Effect', rule });
  return refuse({ code: 'bad-effect', path: [...path, 'Effect'], got: value, expected: '"Allow" or "Deny"', rule });
}

/** Reads a statement id. IAM accepts only letters and digits; other services accept more characters. */
function readSid(value: unknown, { path, kind }: StatementLocation): string | undefined {
  if (value === undefined) return undefined;
  const place = [...path, 'Sid'];
  if (typeof value !== 'string') return refuse({ code: 'wrong-type', path: place, got: value, expected: 'a text' });
  const anything = kind === 'resource' || kind === 'endpoint';
  if (anything || /^[A-Za-z0-9]*$/.test(value)) return value;
  const rule = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html';
  return refuse({ code: 'bad-sid', path: place, got: value, expected: 'letters A-Z, a-z and digits', rule });
}

/**
 * Reads an element or its negation (such as `Action` or `NotAction`); only one may be present. `undefined` if neither
 * is present.
 */
function oneOf(
  value: Elements,
  element: string,
  { path }: StatementLocation,
): { name: string; negated: boolean } | undefined {
  const negation = `Not${element}`;
  const [plain, negated] = [value[element] !== undefined, value[negation] !== undefined];
  if (plain && negated) {
    refuse({
      code: 'conflicting-elements',
      path,
      got: [element, negation],
      expected: `${element} or ${negation}, not both`,
      rule: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html',
    });
  }
  return plain ? { name: element, negated: false } : negated ? { name: negation, negated: true } : undefined;
}

function readWho(value: Elements, effect: 'Allow' | 'Deny', place: StatementLocation): PrincipalTest | undefined {
  const { kind, path } = place;
  const found = oneOf(value, 'Principal', place);
  if (found === undefined) {
    if (!NAMES_PRINCIPALS.includes(kind)) return undefined;
    return refuse({
      code: 'missing-element',
      path,
      got: undefined,
      expected: `a Principal in ${kind} policies`,
      rule: GRAMMAR,
    });
  }
  const at = [...path, found.name];
  const fail = (code: FaultCode, expected: string, rule: string) =>
    refuse({ code, path: at, got: value[found.name], expected, rule });
  if (!NAMES_PRINCIPALS.includes(kind)) fail('element-not-allowed', `no ${found.name} in ${kind} policies`, GRAMMAR);
  if (found.negated && (kind === 'trust' || kind === 'rcp')) {
    fail('element-not-allowed', `no NotPrincipal in ${kind} policies`, NOT_PRINCIPAL);
  }
  if (found.negated && effect === 'Allow')
    fail('conflicting-elements', 'NotPrincipal only with Effect Deny', NOT_PRINCIPAL);
  return readPrincipal(toPrincipalBlock(value[found.name], at), found.negated, at);
}

function readWhat(value: Elements, effect: 'Allow' | 'Deny', place: StatementLocation): ActionTest {
  const { kind, path } = place;
  const found = oneOf(value, 'Action', place);
  if (found === undefined) {
    return refuse({ code: 'missing-element', path, got: undefined, expected: 'an Action or NotAction', rule: GRAMMAR });
  }
  const at = [...path, found.name];
  const test = readAction(toTexts(value[found.name], at), found.negated, effect, at);
  const foreign = test.patterns.find((pattern) => !/^sts:/i.test(pattern));
  if (kind === 'trust' && foreign !== undefined) {
    refuse({
      code: 'bad-action',
      path: at,
      got: foreign,
      expected: 'only STS actions in trust policies',
      rule: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-custom.html',
    });
  }
  return test;
}

function readWhere(value: Elements, place: StatementLocation): ResourceTest | undefined {
  const { kind, path, version } = place;
  const found = oneOf(value, 'Resource', place);
  if (found === undefined) {
    // "If you do not include this element, then the resource to which the action applies is the resource to which the
    // policy is attached": https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html
    if (kind === 'resource' || kind === 'trust') return undefined;
    return refuse({
      code: 'missing-element',
      path,
      got: undefined,
      expected: `a Resource or NotResource in ${kind} policies`,
      rule: GRAMMAR,
    });
  }
  const at = [...path, found.name];
  if (kind === 'trust') {
    refuse({
      code: 'element-not-allowed',
      path: at,
      got: value[found.name],
      expected: `no ${found.name} in trust policies`,
      rule: GRAMMAR,
    });
  }
  const completes = kind === 'identity' || kind === 'boundary';
  return readResource(toTexts(value[found.name], at), found.negated, { version, completes }, at);
}

/**
 * Checks a resource control policy. It can only deny, and its principal must be everybody. AWS's own `RCPFullAWSAccess`
 * is the only exception.
 */
function checkResourceControl(value: Elements, effect: 'Allow' | 'Deny', { path }: StatementLocation): void {
  const fail = (code: FaultCode, element: string, expected: string) =>
    refuse({ code, path: [...path, element], got: value[element], expected, rule: RCP_SYNTAX });
  const { Principal, Action, Resource, NotAction, Condition } = value;
  if (Principal !== '*') fail('bad-principal', 'Principal', '"*" in resource control policies');
  if (effect === 'Allow') {
    const full = [Action, Resource].every(
      (element) => element === '*' || (Array.isArray(element) && element.join() === '*'),
    );
    if (!full || Condition !== undefined) fail('bad-effect', 'Effect', 'Deny; only RCPFullAWSAccess allows');
    return;
  }
  if (NotAction !== undefined) fail('element-not-allowed', 'NotAction', 'Action in resource control policies');
}
