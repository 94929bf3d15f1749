/**
 * The order in which AWS decides: UG/reference_policies_evaluation-logic_policy-eval-denyallow.html ("first page" below), and
 * UG/reference_policies_evaluation-logic-cross-account.html. UG is https://docs.aws.amazon.com/IAM/latest/UserGuide, OG
 * https://docs.aws.amazon.com/organizations/latest/userguide
 */
import type { Outcome, PolicyDocument, PolicyDocuments, PolicyKind, Request } from '@leasehold/policy';
import { callerOf, contextOf, resourceAccountOf } from './caller';
import { type Finding, type Naming, readPolicy } from './statements';

/** What AWS answers, as far as its pages say. Throws `Refused` for a document that it does not take. */
export function decide(request: Request, documents: PolicyDocuments): Outcome {
  const { principal, action, resource } = request;
  const caller = callerOf(principal);
  const resourceAccount = resourceAccountOf(request);
  const principalName = 'name' in principal ? principal.name : 'provider' in principal ? principal.provider : undefined;
  const context = contextOf(request, resourceAccount);
  const bounded = documents.boundary !== undefined;
  const asked = { action, resource, principalKind: principal.kind, principalName, caller, context, bounded };
  const read = (kind: PolicyKind, list: readonly unknown[] = []) =>
    list.filter((one) => one !== undefined).map((one) => readPolicy(one as PolicyDocument, kind, asked));

  const identity = read('identity', documents.identity);
  const boundary = read('boundary', [documents.boundary]);
  const session = read('session', documents.session);
  const scopeDown = read('session', documents.scopeDown);
  const endpoint = read('endpoint', [documents.endpoint]);
  const ofResource = [...read('resource', [documents.resource]), ...read('trust', [documents.trust])];
  // SCPs bind "IAM users and roles, including the root user" of member accounts: OG/orgs_manage_policies_scps.html
  const allScps = (documents.scps ?? []).map((level) => read('scp', level));
  const scps = ['user', 'session', 'federated-user', 'root'].includes(principal.kind) ? allScps : [];
  // RCPs bind whoever asks for the resource; RCPFullAWSAccess is always attached: OG/orgs_manage_policies_rcps.html
  const rcps = read('rcp', documents.rcps?.flat());

  // "If the code finds even one explicit deny that applies, it returns a final decision of Deny": first page.
  const binding = [
    ...identity,
    ...boundary,
    ...session,
    ...scopeDown,
    ...endpoint,
    ...ofResource,
    ...rcps,
    ...scps.flat(),
  ];
  if (binding.some(({ denies }) => denies)) return 'explicitly denied';

  const allow = ({ allows }: Finding) => allows.length > 0;
  // Every level of SCPs has to allow: OG/orgs_manage_policies_scps_evaluation.html. So have an endpoint's policy
  // (https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html) and each scope-down policy
  // (UG/id_credentials_temp_control-access_getscopedcredentials.html).
  const limits = scps.every((level) => level.some(allow)) && endpoint.every(allow) && scopeDown.every(allow);
  // Session policies permit together what each of them permits. A federated user without any has only what a resource's
  // policy gives it: UG/access_policies.html#policies_session, STS API_GetFederationToken
  const inSession = session.length === 0 ? principal.kind !== 'federated-user' : session.some(allow);
  const inBounds = boundary.every(allow) && inSession;
  // Denied unless allowed, "with the exception of the root user, which has full access": first page.
  const byIdentity = principal.kind === 'root' || (identity.some(allow) && inBounds);
  const named = (...as: Naming[]) => ofResource.some(({ allows }) => allows.some((naming) => as.includes(naming)));

  const granted = () => {
    // Services, anonymous callers and bearers of tokens have no policies of their own.
    if (caller.account === undefined) return named('self', 'everybody');
    // "Allowed only if both account policy evaluations allow the request": cross-account page.
    if (caller.account !== resourceAccount) return byIdentity && named('self', 'everybody', 'origin', 'account');
    // Implicit denials do not limit what is granted to a user or session itself (first page, table), or to "*" (UG/
    // reference_policies_elements_principal.html#principal-anonymous); they do limit what is granted to a role.
    if (named('self', 'everybody') || (named('origin') && inBounds)) return true;
    return byIdentity && (named('account') || !RESOURCE_POLICY_NEEDED.test(`${action} on ${resource}`));
  };
  return limits && granted() ? 'allowed' : 'implicitly denied';
}

/** "IAM role trust policies and KMS key policies are exceptions to this logic": first page. */
const RESOURCE_POLICY_NEEDED = /^(sts:AssumeRole|kms:.* on arn:[^:]*:kms:[^:]*:[^:]*:key\/)/iu;
