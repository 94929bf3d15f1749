/**
 * Explains a verdict, as data and as sentences: lists every statement, with the part of the statement that did not
 * match.
 */
import { listInWords } from '@leasehold/contract/text';
import type { ActionTest } from './action';
import type { ConditionTest } from './condition';
import type { Lack, Verdict } from './evaluate';
import { type PolicyRef, refTo, type StatementRef, sourcesFor } from './policies';
import type { PrincipalTest } from './principal';
import { EvaluationInput, type Principal } from './request';
import { type ResourceTest, resourceAnswer } from './resource';
import { mismatch, type Part, type PreparedStatement } from './statement';

/** The part of a statement that did not match, with the values that were compared. */
export interface Mismatch {
  /**
   * The policy element that did not match, for example `NotAction`. For conditions, `operator` and `key` give the
   * details.
   */
  readonly element: 'Action' | 'NotAction' | 'Resource' | 'NotResource' | 'Principal' | 'NotPrincipal' | 'Condition';
  readonly operator?: string;
  readonly key?: string;
  /** The policy's values, as written. */
  readonly wanted: readonly string[];
  /** The request's value or values; absent if the request does not contain the context key. */
  readonly got?: string | readonly string[];
  /** Variables in `wanted` without a value in the request. */
  readonly unresolved?: readonly string[];
  /** The request's values for the variables in `wanted`. */
  readonly resolved?: Readonly<Record<string, string | readonly string[]>>;
  /** True if AWS does not document whether the values match. In that case, the result counts against the request. */
  readonly unsure?: true;
}

/** The result of matching one statement against the request. */
export interface StatementNote {
  readonly statement: StatementRef;
  readonly effect: 'Allow' | 'Deny';
  readonly matched: boolean;
  readonly mismatch?: Mismatch;
  readonly sentence: string;
}

export interface Explanation {
  /** The verdict and its reason in one sentence. */
  readonly sentence: string;
  /** All statements of the policies that AWS evaluates for this caller, in AWS's order. */
  readonly statements: readonly StatementNote[];
}

/** Explains a verdict. An explanation takes as long as several evaluations, so `evaluate` does not include it. */
export function explain(verdict: Verdict): Explanation {
  const asked = new EvaluationInput(verdict.request, verdict.policies.boundary !== undefined);
  const statements = sourcesFor(verdict.policies, asked).flatMap(({ ref, policy }) =>
    policy.statements.map((statement) => noteOf(ref, statement, asked)),
  );
  return { sentence: sentenceOf(verdict), statements };
}

/**
 * A policy's name for messages, such as `identity policy 1` or `service control policy 2 of level 1`. Numbers start at
 * 1.
 */
export function nameOf({ kind, index, level }: PolicyRef): string {
  const alone = kind === 'boundary' || kind === 'resource' || kind === 'trust' || kind === 'endpoint';
  const place = alone ? '' : ` ${index + 1}`;
  return `${POLICY_NAMES[kind]}${place}${level === undefined ? '' : ` of level ${level + 1}`}`;
}

const POLICY_NAMES: Readonly<Record<PolicyRef['kind'], string>> = {
  identity: 'identity policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  'scope-down': 'scope-down policy',
  resource: 'resource policy',
  trust: 'trust policy',
  scp: 'service control policy',
  rcp: 'resource control policy',
  endpoint: 'VPC endpoint policy',
};

function sentenceOf(verdict: Verdict): string {
  const { outcome, by, delegatedBy, rule, lacking, request } = verdict;
  const asks = `${request.action} on ${request.resource} by ${whoOf(request.principal)} is ${outcome}`;
  if (rule !== undefined) return `${asks}: ${rule.text}`;
  if (by !== undefined) {
    const grounds = [by, ...(delegatedBy === undefined ? [] : [delegatedBy])].map(statementName).join(' and ');
    return `${asks} by ${grounds}.`;
  }
  return `${asks}: no statement allows it in ${listOf(lacking.map(lackName))}.`;
}

function lackName({ kind, level }: Lack): string {
  const plural = kind === 'identity' ? 'identity policies' : kind === 'session' ? 'session policies' : undefined;
  if (plural !== undefined) return `the ${plural}`;
  if (kind === 'scp') return `the service control policies of level ${(level ?? 0) + 1}`;
  return kind === 'scope-down' ? 'every scope-down policy' : `the ${POLICY_NAMES[kind]}`;
}

function statementName(ref: StatementRef): string {
  return `statement ${ref.sid ? `"${ref.sid}"` : ref.statement + 1} of ${nameOf(ref)}`;
}

function whoOf(principal: Principal): string {
  switch (principal.kind) {
    case 'user':
    case 'federated-user':
      return principal.arn;
    case 'session':
      return `session ${principal.sessionName} of ${principal.roleArn}`;
    case 'root':
      return `the root user of ${principal.account}`;
    case 'service':
      return principal.name;
    case 'web-identity':
    case 'saml':
      return `a bearer of a token of ${principal.provider}`;
    case 'anonymous':
      return 'an anonymous caller';
  }
}

function noteOf(ref: PolicyRef, statement: PreparedStatement, asked: EvaluationInput): StatementNote {
  const place = refTo(ref, statement);
  const part = mismatch(statement, asked);
  const { effect } = statement;
  const name = `${capitalized(statementName(place))} (${effect})`;
  if (part === undefined) return { statement: place, effect, matched: true, sentence: `${name} matches.` };
  const why = describe(part, asked);
  return {
    statement: place,
    effect,
    matched: false,
    mismatch: why,
    sentence: `${name} does not match: ${inWords(why)}.`,
  };
}

function describe(part: Part, asked: EvaluationInput): Mismatch {
  switch (part.part) {
    case 'action':
      return describeAction(part, asked);
    case 'resource':
      return describeResource(part, asked);
    case 'principal':
      return describePrincipal(part, asked);
    case 'condition':
      return describeCondition(part, asked);
  }
}

function describeAction(test: ActionTest, asked: EvaluationInput): Mismatch {
  return { element: test.negated ? 'NotAction' : 'Action', wanted: test.patterns, got: asked.request.action };
}

function describeResource(test: ResourceTest, asked: EvaluationInput): Mismatch {
  const wanted = test.patterns.map(({ text }) => text);
  return {
    element: test.negated ? 'NotResource' : 'Resource',
    wanted,
    got: asked.resource,
    ...variablesIn(wanted, asked),
    ...(resourceAnswer(test, asked.resource, asked) === 'unsure' ? { unsure: true } : {}),
  };
}

function describePrincipal(test: PrincipalTest, asked: EvaluationInput): Mismatch {
  return { element: test.negated ? 'NotPrincipal' : 'Principal', wanted: test.listed, got: whoOf(asked.principal) };
}

function describeCondition(test: ConditionTest, asked: EvaluationInput): Mismatch {
  const got = asked.values(test.key);
  return {
    element: 'Condition',
    operator: test.operator,
    key: test.key,
    wanted: test.values,
    ...(got === undefined ? {} : { got }),
    ...variablesIn(test.values, asked),
    ...(test.answer(asked) === 'unsure' ? { unsure: true } : {}),
  };
}

function variablesIn(texts: readonly string[], asked: EvaluationInput): Pick<Mismatch, 'resolved' | 'unresolved'> {
  const names = texts.flatMap((text) => [...text.matchAll(VARIABLE)].map(([, name = '']) => name));
  const resolved: [string, string | readonly string[]][] = [];
  const missing: string[] = [];
  for (const name of new Set(names)) {
    const [key = ''] = name.split(',');
    const values = asked.values(key);
    if (values !== undefined) resolved.push([key, values]);
    else if (key === name) missing.push(key);
  }
  return {
    ...(missing.length === 0 ? {} : { unresolved: missing }),
    ...(resolved.length === 0 ? {} : { resolved: Object.fromEntries(resolved) }),
  };
}

/** A variable, with its default if it has one. */
const VARIABLE = /\$\{([^{}*?$]+)\}/g;

function inWords({ element, operator, key, wanted, got, unresolved, resolved, unsure }: Mismatch): string {
  const list = listOf(wanted.map(quoted));
  const has = got === undefined ? 'is not in the request' : `is ${inQuotes(got)}`;
  const core =
    element === 'Condition'
      ? `${key} ${has}, and ${operator} requires ${list}`
      : `${element} is ${list}, and the request has ${typeof got === 'string' ? quoted(got) : ''}`;
  const values = Object.entries(resolved ?? {}).map(([name, value]) => `${name} is ${inQuotes(value)}`);
  const variables = values.length === 0 ? '' : `; ${listOf(values)}`;
  const missing = unresolved === undefined ? '' : `; the request has no value for ${listOf(unresolved)}`;
  return `${core}${variables}${missing}${unsure === true ? '; AWS does not document whether that matches' : ''}`;
}

function inQuotes(values: string | readonly string[]): string {
  return typeof values === 'string' ? quoted(values) : listOf(values.map(quoted));
}

function quoted(text: string): string {
  return `"${text}"`;
}

const MOST = 4;

/** Formats a list. If the list is long, only the first items are shown. */
function listOf(items: readonly string[]): string {
  return listInWords(items, { last: items.length > MOST ? 'or' : 'and', most: MOST }) || 'nothing';
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
