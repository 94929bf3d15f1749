/**
 * Callers that a new condition value permits: for example, a pull request in addition to a branch, or another account.
 */
import { type CompareOptions, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { type Demand, demandInWords, demandsOf, widens } from './demands';
import { statementsOf } from './equal-values';

/**
 * Condition values that permit new calls, because `after` accepts them and `before` did not. Each entry has one value.
 */
export function newcomers(
  kind: 'trust' | 'resource',
  before: PolicyDocument,
  after: PolicyDocument,
  options: CompareOptions,
): readonly Demand[] {
  const side = (document: PolicyDocument) => (kind === 'trust' ? { trust: document } : { resource: document });
  const known = new Set(singles(before).map(textOf));
  const fresh = singles(after).filter((demand) => !known.has(textOf(demand)));
  return fresh.slice(0, MOST).filter((demand) => widens(side(before), side(only(kind, after, demand)), options));
}

/** A new caller in words, for example `token.actions.githubusercontent.com:sub = repo:acme/app:pull_request`. */
export function newcomerInWords({ operator, key, values }: Demand): string {
  return demandInWords({ operator: '', key, values })
    .trim()
    .replace(/ = /, /Like$/.test(operator) ? ' like ' : ' = ');
}

/** Maximum number of condition values to try. Each value requires a comparison. */
const MOST = 24;

/** Maps each operator that requires one of its values to the operator that excludes the same values. */
const REFUSING: Readonly<Record<string, string>> = {
  StringEquals: 'StringNotEquals',
  StringEqualsIgnoreCase: 'StringNotEqualsIgnoreCase',
  StringLike: 'StringNotLike',
  ArnEquals: 'ArnNotEquals',
  ArnLike: 'ArnNotLike',
  IpAddress: 'NotIpAddress',
};

/** The conditions of a document that accept several values, split into conditions with a single value. */
function singles(document: PolicyDocument): readonly Demand[] {
  return demandsOf(document).flatMap(({ operator, key, values }) =>
    REFUSING[bare(operator)] === undefined ? [] : many(values).map((value) => ({ operator, key, values: [value] })),
  );
}

/** The document, limited to callers whose requests have the value. */
function only(kind: 'trust' | 'resource', document: PolicyDocument, { operator, key, values }: Demand): PolicyDocument {
  const set = operator.includes(':') ? 'ForAllValues:' : '';
  const deny: Statement = {
    Effect: 'Deny',
    Principal: '*',
    ...(kind === 'trust' ? { Action: 'sts:*' } : { Action: '*', Resource: '*' }),
    Condition: { [`${set}${REFUSING[bare(operator)]}`]: { [key]: values } },
  };
  return { ...document, Statement: [...statementsOf(document), deny] };
}

function bare(operator: string): string {
  return operator.replace(/^.*:/, '').replace(/IfExists$/, '');
}

function textOf({ key, values }: Demand): string {
  return JSON.stringify([key.toLowerCase(), many(values).map(String)]);
}
