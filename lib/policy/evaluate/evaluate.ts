/**
 * AWS's evaluation logic. An explicit deny takes precedence. Then every kind of policy that limits permissions must
 * allow the request. Then a policy must grant it.
 * Sources:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
import { refuseRequest } from './error';
import {
  boundByScps,
  type Policies,
  type PolicyRef,
  refTo,
  type Source,
  type StatementRef,
  sourcesFor,
} from './policies';
import { type Naming, namingOf } from './principal';
import { EvaluationInput, type Request } from './request';
import { freeBy, needsIdentityPolicy, needsResourcePolicy, refusedBy, type ServiceRule } from './service-rules';
import { mismatch, type PreparedStatement } from './statement';

export type Outcome = 'allowed' | 'explicitly denied' | 'implicitly denied';

/**
 * A required policy that does not exist, or that did not allow the request. `level` is set for service control
 * policies.
 */
export interface Lack {
  readonly kind: PolicyRef['kind'];
  readonly level?: number;
}

/** The decision, with the statements or rules on which it is based. `explain` returns the details. */
export interface Verdict {
  readonly outcome: Outcome;
  /**
   * The statement that denied or allowed the request; `undefined` if no statement allowed it, or if a rule of the
   * service decided the request.
   */
  readonly by: StatementRef | undefined;
  /**
   * The resource policy's statement, if it was required in addition to `by`. In that case, `by` is a statement of an
   * identity policy.
   */
  readonly delegatedBy: StatementRef | undefined;
  /** For an implicit denial, the policies that had to allow the request but did not. */
  readonly lacking: readonly Lack[];
  /** The service's own rule that decided. */
  readonly rule: ServiceRule | undefined;
  readonly request: Request;
  readonly policies: Policies;
}

/**
 * Whether AWS would allow the request under these policies. The function is pure: the same input gives the same result.
 * It throws only `PolicyError` with source `request`, for an invalid request.
 *
 * `allowed` means that the policies allow the request. A service may have further checks that no policy expresses: see
 * docs/policy-engine.md.
 */
export function evaluate(request: Request, policies: Policies): Verdict {
  const asked = new EvaluationInput(request, policies.boundary !== undefined);
  refuseMisplaced(asked, policies);
  const { outcome, by, delegatedBy, lacking, rule } = decide(asked, policies);
  return { outcome, by, delegatedBy, lacking, rule, request, policies };
}

type Decision = Pick<Verdict, 'outcome' | 'by' | 'delegatedBy' | 'lacking' | 'rule'>;

function decide(asked: EvaluationInput, policies: Policies): Decision {
  const sources = sourcesFor(policies, asked);
  const free = freeBy(asked);
  const binding = free === undefined ? sources : sources.filter(({ ref }) => ref.kind === 'endpoint');
  const denied = firstDeny(binding, asked);
  if (denied !== undefined) return decision('explicitly denied', NOTHING, denied);
  const refused = free === undefined ? refusedBy(asked) : undefined;
  if (refused !== undefined) return decision('implicitly denied', NOTHING, undefined, undefined, refused);
  const endpoint = allowedByEndpoint(binding, asked) ? NOTHING : [{ kind: 'endpoint' } as const];
  if (free !== undefined) return endpoint.length > 0 ? lacks(endpoint) : allowedBy(free);
  const grant = granted(asked, policies, sources);
  const lacking = [...endpoint, ...lackingScps(policies, asked), ...lackingScopes(policies, asked)];
  if (lacking.length === 0) return grant;
  return lacks([...lacking, ...grant.lacking]);
}

const NOTHING: readonly Lack[] = [];

function firstDeny(sources: readonly Source[], asked: EvaluationInput): StatementRef | undefined {
  for (const { ref, policy } of sources) {
    for (const statement of policy.denies) if (mismatch(statement, asked) === undefined) return refTo(ref, statement);
  }
  return undefined;
}

/** The first statement that allows the request, in the policies of one kind. */
function firstAllow(
  sources: readonly Source[],
  kind: PolicyRef['kind'],
  asked: EvaluationInput,
): StatementRef | undefined {
  for (const { ref, policy } of sources) {
    if (ref.kind !== kind) continue;
    for (const statement of policy.allows) if (mismatch(statement, asked) === undefined) return refTo(ref, statement);
  }
  return undefined;
}

function allows(
  policies: readonly { readonly allows: readonly PreparedStatement[] }[],
  asked: EvaluationInput,
): boolean {
  return policies.some((policy) => policy.allows.some((statement) => mismatch(statement, asked) === undefined));
}

/**
 * Whether the endpoint's policy, if there is one, allows the request. With a gateway endpoint, which S3 and DynamoDB
 * have, an account in `Principal` means only its root user. A policy does not tell which kind of endpoint it belongs
 * to.
 * Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
 */
function allowedByEndpoint(sources: readonly Source[], asked: EvaluationInput): boolean {
  const source = sources.find(({ ref }) => ref.kind === 'endpoint');
  if (source === undefined) return true;
  const gateway = /^(s3|dynamodb):/.test(asked.action);
  return source.policy.allows.some((statement) => {
    if (mismatch(statement, asked) !== undefined) return false;
    return !gateway || statement.principal === undefined || namingOf(statement.principal, asked) !== 'account';
  });
}

function lackingScps(policies: Policies, asked: EvaluationInput): Lack[] {
  if (policies.scps === undefined || !boundByScps(asked)) return [];
  return policies.scps.flatMap((level, depth) =>
    allows(level, asked) ? [] : [{ kind: 'scp' as const, level: depth }],
  );
}

/**
 * Every scope-down policy of the chain must allow the request, even if a resource policy grants access to the session
 * itself.
 */
function lackingScopes(policies: Policies, asked: EvaluationInput): Lack[] {
  return policies.scopeDown?.every((policy) => allows([policy], asked)) === false ? [{ kind: 'scope-down' }] : [];
}

/**
 * The decision that results from the identity and resource policies together, limited by the boundary and session
 * policies.
 */
function granted(asked: EvaluationInput, policies: Policies, sources: readonly Source[]): Decision {
  const own = asked.resourceAccount === asked.names.account;
  const byResource = resourceGrant(sources, asked);
  const resourceKind =
    policies.resource?.kind ?? (needsResourcePolicy(asked) && asked.action.startsWith('sts:') ? 'trust' : 'resource');
  const missingResource: Lack = { kind: resourceKind };
  if (asked.names.account === undefined) {
    return byResource.naming === 'self' ? allowed(byResource.by) : lacks([missingResource]);
  }
  if (own && byResource.naming === 'self' && !needsIdentityPolicy(asked)) return allowed(byResource.by);

  const limits = lackingLimits(policies, asked);
  if (own && byResource.naming === 'origin' && limits.length === 0 && !needsIdentityPolicy(asked)) {
    return allowed(byResource.by);
  }
  const byRoot = asked.principal.kind === 'root';
  const byIdentity = byRoot ? undefined : firstAllow(sources, 'identity', asked);
  const missingIdentity: Lack[] = byRoot || byIdentity !== undefined ? [] : [{ kind: 'identity' }];
  const needsBoth = !own || needsResourcePolicy(asked);
  const missing = needsBoth && byResource.naming === 'none' ? [missingResource] : [];
  const lacking = [...missing, ...missingIdentity, ...limits];
  if (lacking.length > 0) return lacks(lacking);
  if (byRoot) return needsBoth ? allowed(byResource.by) : allowedBy(ROOT_USER);
  return allowed(byIdentity, needsBoth ? byResource.by : undefined);
}

const ROOT_USER: ServiceRule = {
  id: 'root-user',
  text: 'The root user has full access to its own account.',
  source:
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html',
};

/** The allow statement in the resource's policy that refers to the caller most specifically. */
function resourceGrant(sources: readonly Source[], asked: EvaluationInput): { naming: Naming; by?: StatementRef } {
  let best: { naming: Naming; by?: StatementRef } = { naming: 'none' };
  for (const { ref, policy } of sources) {
    if (ref.kind !== 'resource' && ref.kind !== 'trust') continue;
    for (const statement of policy.allows) {
      if (statement.principal === undefined || mismatch(statement, asked) !== undefined) continue;
      const naming = namingOf(statement.principal, asked);
      if (CLOSENESS[naming] > CLOSENESS[best.naming]) best = { naming, by: refTo(ref, statement) };
    }
  }
  return best;
}

const CLOSENESS: Readonly<Record<Naming, number>> = { none: 0, account: 1, origin: 2, self: 3 };

/**
 * The boundary and session policies that do not allow the request. A federated user without a session policy has no
 * permissions.
 */
function lackingLimits(policies: Policies, asked: EvaluationInput): Lack[] {
  const lacking: Lack[] = [];
  if (policies.boundary !== undefined && !allows([policies.boundary], asked)) lacking.push({ kind: 'boundary' });
  const session = policies.session ?? [];
  const limited = session.length > 0 || asked.principal.kind === 'federated-user';
  if (limited && !allows(session, asked)) lacking.push({ kind: 'session' });
  return lacking;
}

function allowed(by: StatementRef | undefined, delegatedBy?: StatementRef): Decision {
  return decision('allowed', NOTHING, by, delegatedBy);
}

function allowedBy(rule: ServiceRule): Decision {
  return decision('allowed', NOTHING, undefined, undefined, rule);
}

function lacks(lacking: readonly Lack[]): Decision {
  return decision('implicitly denied', lacking);
}

/** All decisions have the same object shape, which makes them fast to create. */
function decision(
  outcome: Outcome,
  lacking: readonly Lack[],
  by?: StatementRef,
  delegatedBy?: StatementRef,
  rule?: ServiceRule,
): Decision {
  return { outcome, by, delegatedBy, lacking, rule };
}

/**
 * Rejects policies that the caller cannot have. If such policies were ignored, an error in the calling code would stay
 * hidden.
 */
function refuseMisplaced(asked: EvaluationInput, policies: Policies): void {
  const { kind } = asked.principal;
  const entity = kind === 'user' || kind === 'session' || kind === 'federated-user';
  const session = kind === 'session' || kind === 'federated-user';
  const misplaced = [
    ['identity', policies.identity.length > 0 && !entity],
    ['boundary', policies.boundary !== undefined && !entity],
    ['session', policies.session !== undefined && !session],
    ['scopeDown', policies.scopeDown !== undefined && !session],
  ] as const;
  for (const [key, wrong] of misplaced) {
    if (!wrong) continue;
    refuseRequest({
      code: 'policy-not-applicable',
      path: ['policies', key],
      got: kind,
      expected: `no ${key} policy for a principal of this kind`,
    });
  }
}
