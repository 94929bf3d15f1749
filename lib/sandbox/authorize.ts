/**
 * The authorization decision: the policy engine evaluates identity, boundary, session and scope-down policies
 * together, for all permissions that a call needs.
 */
import { defined } from '@leasehold/contract/defined';
import {
  type Context,
  evaluate,
  explain,
  type Policy,
  type PolicyDocuments,
  prepare,
  type Verdict,
} from '@leasehold/policy';
import { type Binding, bindingOf, type Caller, principalOf } from './credentials/caller';
import type { Need } from './service-mapping';

/** One decision, in the form in which it is logged. */
export interface Decision {
  readonly outcome: Verdict['outcome'];
  readonly action: string;
  readonly resource: string;
  /** The statement that determined the decision, if such a statement exists. */
  readonly statement?: { readonly policy: string; readonly index: number; readonly sid?: string };
  /** The reason, in one sentence. */
  readonly because: string;
}

/**
 * The decisions about all permissions that a call needs. If the call is denied, the list ends with the decision about
 * the first permission that is missing.
 */
export interface Authorization {
  /** The verdict that denies the call. Absent if the call is allowed. */
  readonly refused?: Verdict;
  readonly decisions: readonly Decision[];
}

/**
 * Decides whether a caller has all permissions that a call needs. Throws `PolicyError` for an invalid permission; in
 * this case, the calling code must refuse the request.
 */
export function authorize(
  caller: Caller,
  needs: readonly [Need, ...Need[]],
  context: Context,
  resourcePolicy?: Policy,
): Authorization {
  const binding = bindingOf(caller);
  const decisions: Decision[] = [];
  for (const need of needs) {
    const resource = resourcePolicy ?? standardPolicy(need, caller);
    const verdict = evaluate(
      {
        action: need.action,
        resource: need.resource,
        principal: principalOf(caller),
        context: { ...need.context, ...context },
      },
      resource === undefined ? binding.policies : { ...binding.policies, resource },
    );
    decisions.push(decisionOf(verdict, binding));
    if (verdict.outcome !== 'allowed') return { refused: verdict, decisions };
  }
  return { decisions };
}

/**
 * The default policy of a KMS key: the identity policies in the key's account determine access. The sandbox does not
 * support other resource policies. Source:
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function standardPolicy({ action, resource }: Need, { account }: Caller): Policy | undefined {
  if (!action.startsWith('kms:') || !resource.includes(`:${account.id}:key/`)) return undefined;
  const known = keyPolicies.get(account.id) ?? prepare(keyPolicy(account.arn('root'))).resource;
  if (known) keyPolicies.set(account.id, known);
  return known;
}

const keyPolicies = new Map<string, Policy>();

function keyPolicy(root: string): PolicyDocuments {
  const statement = { Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' };
  return { resource: { Version: '2012-10-17', Statement: [statement] } };
}

/**
 * Converts a verdict for the log. For a denial, the log contains the complete explanation; for an allowed call, it
 * contains only the statement's name.
 */
export function decisionOf(verdict: Verdict, binding: Pick<Binding, 'names'>): Decision {
  const { outcome, by, request, rule } = verdict;
  const policy = by === undefined ? undefined : policyName(by, binding);
  return {
    outcome,
    action: request.action,
    resource: request.resource,
    ...(by === undefined || policy === undefined
      ? {}
      : { statement: { policy, index: by.statement, ...defined({ sid: by.sid }) } }),
    because:
      outcome === 'allowed' && by !== undefined
        ? `${by.sid === undefined ? `Statement ${by.statement + 1}` : by.sid} of ${policy} allows it.`
        : (rule?.text ?? explain(verdict).sentence),
  };
}

function policyName({ kind, index }: NonNullable<Verdict['by']>, { names }: Pick<Binding, 'names'>): string {
  if (kind === 'identity') return names[index] ?? 'an identity-based policy';
  const alone = kind === 'boundary' || kind === 'trust' || kind === 'resource';
  return `${POLICY_NAMES[kind]}${alone ? '' : ` ${index + 1}`}`;
}

const POLICY_NAMES: Readonly<Record<NonNullable<Verdict['by']>['kind'], string>> = {
  identity: 'identity policy',
  boundary: 'the permissions boundary',
  session: 'session policy',
  'scope-down': 'scope-down policy',
  resource: 'the resource policy',
  trust: 'the trust policy',
  scp: 'service control policy',
  rcp: 'resource control policy',
  endpoint: 'VPC endpoint policy',
};
