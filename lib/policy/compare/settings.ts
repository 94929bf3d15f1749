/**
 * Builds the environment in which a request is tested: the caller, and further policies that must exist for any request
 * of this kind. The environment is the same for both sides of the comparison.
 */

import { parseArn } from '../arn';
import type { PolicyDocument, Statement } from '../document';
import type { Policies, PolicyDocuments } from '../evaluate/policies';
import { parsePolicy } from '../evaluate/policy';
import { type Context, EvaluationInput, type Principal, type Request, sessionArn } from '../evaluate/request';
import { foldAscii } from '../glob';
import type { GrantSource } from './grants';
import { EXAMPLE_ACCOUNT, OTHER_ACCOUNT } from './resource-hints';

/** Policies that are assumed to exist in addition to the compared policies. */
export interface Setting {
  readonly documents: PolicyDocuments;
  readonly policies: Partial<Policies>;
}

/** A request that is complete except for the compared policies. */
export interface Trial {
  readonly request: Request;
  readonly setting: Setting;
}

export interface CandidateRequest {
  readonly action: string;
  /** `undefined` if the policies do not name resources. */
  readonly resource: string | undefined;
  readonly context: Context;
}

/** Test requests for a caller's own policies. */
export function callerTrials(asked: CandidateRequest, grant: GrantSource, inSession: boolean): readonly Trial[] {
  const { action, resource = '*' } = asked;
  const owner = parseArn(resource)?.account ?? '';
  const account = /^\d{12}$/.test(owner) ? owner : EXAMPLE_ACCOUNT;
  return principalsOf(asked.context, account, inSession).map((principal) => ({
    request: { action, resource, principal, context: withoutDerived(asked.context) },
    setting: besideCaller(action, resource, grant === 'own' ? account : nameOf(principal, grant === 'role')),
  }));
}

/** The name with which a resource policy grants access to the principal itself, or to the role of a session. */
function nameOf(principal: Principal, role: boolean): string {
  if (principal.kind === 'session') {
    return role ? principal.roleArn : sessionArn(principal.roleArn, principal.sessionName);
  }
  return principal.kind === 'user' ? principal.arn : EXAMPLE_ACCOUNT;
}

/** Test requests for a resource policy, one for each caller. */
export function resourceTrials(
  asked: CandidateRequest,
  callers: readonly Principal[],
  trust: boolean,
): readonly Trial[] {
  return callers.flatMap((principal) => {
    const account = accountOf(principal);
    const context = withoutDerived(asked.context);
    const at = (owner: string) => ({
      action: asked.action,
      principal,
      context,
      resource: asked.resource ?? (trust ? `arn:aws:iam::${owner}:role/example` : '*'),
      ...(trust || /^\d{12}$/.test(parseArn(asked.resource ?? '')?.account ?? '') ? {} : { resourceAccount: owner }),
    });
    const home = account ?? EXAMPLE_ACCOUNT;
    const alone: Trial = { request: at(home), setting: NOTHING_BESIDE };
    if (account === undefined || principal.kind === 'root') return [alone];
    const abroad = account === EXAMPLE_ACCOUNT ? OTHER_ACCOUNT : EXAMPLE_ACCOUNT;
    return [alone, { request: at(home), setting: ALLOWED_BY_OWN }, { request: at(abroad), setting: ALLOWED_BY_OWN }];
  });
}

const NOTHING_BESIDE: Setting = { documents: {}, policies: { identity: [] } };

const EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

const ALLOWED_BY_OWN: Setting = {
  documents: { identity: [EVERYTHING] },
  policies: { identity: [parsePolicy(EVERYTHING, 'identity')] },
};

/**
 * The resource policy, if it is needed. For roles and KMS keys, the policy is always needed. For other resources, it is
 * needed if it grants access to the caller by name.
 */
function besideCaller(action: string, resource: string, name: string): Setting {
  const named = foldAscii(action);
  const assumes = /^sts:(assumerole|tagsession|setsourceidentity)/.test(named);
  const key = named.startsWith('kms:') && /:key\//.test(resource);
  if (!assumes && !key && /^\d{12}$/.test(name)) return { documents: {}, policies: {} };
  const statement = { Effect: 'Allow', Principal: { AWS: name }, Action: assumes ? 'sts:*' : '*' } as const;
  const document = (one: Statement): PolicyDocument => ({ Version: '2012-10-17', Statement: [one] });
  if (assumes) {
    const trust = document(statement);
    return { documents: { trust }, policies: { resource: parsePolicy(trust, 'trust') } };
  }
  const own = document({ ...statement, Resource: '*' });
  return { documents: { resource: own }, policies: { resource: parsePolicy(own, 'resource') } };
}

/**
 * Principals to try: first the principal that matches the context keys of the case, then a role session, then a user.
 */
function principalsOf(context: Context, account: string, inSession: boolean): readonly Principal[] {
  const said = (key: string) => {
    const name = Object.keys(context).find((written) => foldAscii(written) === key);
    const value = name === undefined ? undefined : context[name];
    return typeof value === 'string' ? value : undefined;
  };
  const arn = said('aws:principalarn');
  const user = said('aws:username');
  const principals: Principal[] = [];
  if (arn !== undefined && /:role\//.test(arn))
    principals.push({ kind: 'session', roleArn: arn, sessionName: 'example' });
  if (arn !== undefined && /:user\//.test(arn)) principals.push({ kind: 'user', arn });
  if (user !== undefined) principals.push({ kind: 'user', arn: `arn:aws:iam::${account}:user/${user}` });
  const home = said('aws:principalaccount') ?? account;
  principals.push({ kind: 'session', roleArn: `arn:aws:iam::${home}:role/example`, sessionName: 'example' });
  principals.push({ kind: 'user', arn: `arn:aws:iam::${home}:user/example` });
  const possible = principals.filter(canExist);
  return inSession ? possible.filter(({ kind }) => kind === 'session') : possible;
}

/**
 * Whether a user or role with this ARN can exist in AWS. The result can be false, because a condition can require a
 * value that is not a valid ARN of a user or role.
 */
function canExist(principal: Principal): boolean {
  if (principal.kind === 'session') return ROLE.test(principal.roleArn);
  return principal.kind !== 'user' || USER.test(principal.arn);
}

const ROLE = /^arn:[a-z-]+:iam::\d{12}:role\/[^*\s]+$/;
const USER = /^arn:[a-z-]+:iam::\d{12}:user\/[^*\s]+$/;

/** The context keys, in lower case, that `evaluate` derives from the principal. */
export function factsOf(principal: Principal): ReadonlyMap<string, string> {
  const asked = new EvaluationInput({ action: 'sts:AssumeRole', resource: '*', principal, context: {} }, false);
  const facts = new Map<string, string>();
  for (const key of DERIVED) {
    const value = key === 'aws:resourceaccount' ? undefined : asked.value(key);
    if (value !== undefined) facts.set(key, value);
  }
  return facts;
}

/** The context keys, in lower case, that `evaluate` derives from the principal and the resource. */
export const DERIVED: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principaltype',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:username',
  'aws:resourceaccount',
]);

function withoutDerived(context: Context): Context {
  return Object.fromEntries(Object.entries(context).filter(([key]) => !DERIVED.has(foldAscii(key))));
}

function accountOf(principal: Principal): string | undefined {
  switch (principal.kind) {
    case 'user':
    case 'federated-user':
      return parseArn(principal.arn)?.account;
    case 'session':
      return parseArn(principal.roleArn)?.account;
    case 'root':
      return principal.account;
    default:
      return undefined;
  }
}
