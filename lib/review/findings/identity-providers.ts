/**
 * Finds trust policies that accept an identity provider's tokens without a condition on the token's owner, or permit
 * calls by AWS services without a condition on the owner of the calling resource.
 */
import { compileActionPattern, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { callerDemands, demandsInWords } from '../callers/callers-in-words';
import { conditionsOf } from '../callers/conditions';
import { isForUnknownOwner, onlyNamed, whoCalls } from '../callers/entry';
import { type Tokens, tokensOf } from '../callers/tokens';
import { canonical, statementsOf, versionOf } from '../diff/equal-values';
import type { IdentityDiff } from '../diff/identity-diff';
import { type Entry, entriesOf } from '../diff/principals';
import type { ReviewFinding } from '../review';
import { type Check, type FindingKind, finding, nameOf, placeOf, type ReviewContext } from './finding';

const oidc: FindingKind = {
  id: 'oidc-trust-loose',
  title: 'A role accepts tokens of an identity provider without a fixed audience or subject',
  severities: ['high', 'critical'],
  why: 'A public provider such as GitHub issues tokens to everybody. Only the audience and the subject distinguish your tokens from the tokens of others.',
  hint: 'Require `StringEquals` on `:aud` and on `:sub`, and write out the organisation and repository, or the service account.',
};

const deputy: FindingKind = {
  id: 'confused-deputy',
  title: 'A policy permits a service without stating on whose behalf the service may act',
  severities: ['medium', 'low', 'high'],
  why: 'The service also acts on behalf of other accounts, and any of these accounts can make the service use this permission for its own purposes.',
  hint: 'Require a fixed value of `aws:SourceArn` or `aws:SourceAccount` from the service.',
};

export const identityProviders: Check = {
  kinds: [oidc, deputy],
  *find(context) {
    for (const diff of context.diffs) {
      const later = diff.after?.trust?.document;
      if (later?.kind !== 'known') continue;
      for (const entry of freshEntries(diff)) {
        if (entry.named.kind === 'Federated') yield* token(diff, entry, later.value, context);
        if (entry.named.kind === 'Service') yield* service(diff, entry, later.value, context);
      }
    }
  },
};

/** Findings about services that a resource policy permits. */
export const confusedDeputy = deputy;

/** The principals that new statements of the trust policy permit. */
function freshEntries({ before, after, trust }: IdentityDiff): ReturnType<typeof entriesOf> {
  const [earlier, later] = [before?.trust?.document, after?.trust?.document];
  if (later?.kind !== 'known') return [];
  if (earlier?.kind !== 'known') return entriesOf(later.value);
  if (trust === undefined || (!trust.wider && trust.added.length === 0)) return [];
  const version = versionOf(later.value);
  const known = new Set(statementsOf(earlier.value).map((statement) => canonical(statement, versionOf(earlier.value))));
  return entriesOf(later.value).filter(({ statement }) => !known.has(canonical(statement, version)));
}

function* token(
  diff: IdentityDiff,
  entry: Entry,
  later: PolicyDocument,
  context: ReviewContext,
): Iterable<ReviewFinding> {
  const at = { place: placeOf(diff, 'assume_role_policy'), identity: diff.key };
  const { value } = entry.named;
  const issuer = /:oidc-provider\/(.+)$/.exec(value)?.[1] ?? value;
  const statement = onlyNamed(entry);
  const tokens = tokensOf(statement, later, issuer, { catalogue: context.catalogue, steps: context.steps });
  if (!tokens.any) return;
  const pools = POOLS.test(issuer);
  if (tokens.anyAudience) {
    yield finding(oidc, {
      ...at,
      severity: pools ? 'critical' : 'high',
      message: pools
        ? `The ${nameOf(diff)} accepts tokens that ${issuer} issues for any identity pool of any account.`
        : `The ${nameOf(diff)} accepts tokens from ${issuer} for any audience.`,
    });
  }
  if (pools) {
    if (!tokens.guests || tokens.subject !== 'strangers') return;
    const asked = reads(statement, `${issuer}:amr`);
    yield finding(oidc, {
      ...at,
      severity: asked ? 'critical' : 'high',
      message: asked
        ? `The ${nameOf(diff)} permits guests of the identity pool. Guests do not sign in, so anybody can be a guest.`
        : `The ${nameOf(diff)} does not ask whether the users of the identity pool signed in: \`${issuer}:amr\` is not demanded.`,
    });
    return;
  }
  // A SAML provider belongs to one company, and its audience is AWS's sign-in page.
  if (value.includes(':saml-provider/') || tokens.subject === 'one') return;
  if (!tokens.asks) {
    yield finding(oidc, {
      ...at,
      severity: isOwnIssuer(issuer) ? 'high' : 'critical',
      message: `The ${nameOf(diff)} accepts tokens that ${issuer} issues to anybody.`,
    });
    return;
  }
  const severity = tokens.subject === 'owner' || isOwnIssuer(issuer) ? 'high' : 'critical';
  yield finding(oidc, {
    ...at,
    severity,
    message: `The ${nameOf(diff)} accepts every token from ${issuer} that meets ${subjectsInWords(statement, issuer)}: ${whyLoose(statement, issuer, tokens)}.`,
  });
}

function whyLoose(statement: Statement, issuer: string, { subject }: Tokens): string {
  const claims = conditionsOf(statement).filter(({ key }) => key.startsWith(`${issuer.toLowerCase()}:`));
  const byWorkflow = claims.some(({ key, value }) => /:job_workflow_ref(:|$)/.test(`${key}:${value}`));
  if (byWorkflow) return 'who wrote a workflow is not who runs it';
  return subject === 'owner' ? 'it names an owner, and nothing of theirs' : 'it names nobody in particular';
}

/** Matches the issuer of Cognito identity pools, in each partition. */
const POOLS = /^cognito-identity(-us-gov)?\.amazonaws\.com(\.cn)?$/;

/**
 * Issuers that belong to one cluster, workspace, team, tenant or organization. The owner of a token from such an issuer
 * is not a stranger. Sources:
 * https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html,
 * https://circleci.com/docs/openid-connect-tokens/, https://docs.github.com/en/actions/reference/security/oidc,
 * https://vercel.com/docs/oidc/reference, https://fly.io/docs/security/openid-connect/,
 * https://learn.microsoft.com/en-us/entra/identity-platform/id-token-claims-reference
 */
const OWN_ISSUERS: readonly RegExp[] = [
  /^oidc\.eks\./,
  /^oidc\.circleci\.com\/org\//,
  /^api\.bitbucket\.org\/2\.0\/workspaces\//,
  /^token\.actions\.githubusercontent\.com\/./,
  /^oidc\.(vercel\.com|fly\.io)\/./,
  /^(login\.microsoftonline\.com|sts\.windows\.net)\/[0-9a-f-]{36}(\/|$)/,
];

function isOwnIssuer(issuer: string): boolean {
  return OWN_ISSUERS.some((own) => own.test(issuer));
}

function reads(statement: Statement, key: string): boolean {
  return conditionsOf(statement).some((written) => written.key === key);
}

/** The conditions on the owner of a token, in words. */
function subjectsInWords({ Condition }: Statement, issuer: string): string {
  const prefix = `${issuer.toLowerCase()}:`;
  const demands = Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) => {
      const claim = key.toLowerCase().startsWith(prefix) ? key.slice(prefix.length) : undefined;
      return claim === undefined || /^(aud|oaud|app_id)$/i.test(claim) ? [] : [{ operator, key, values }];
    }),
  );
  return demandsInWords(demands);
}

/**
 * Compute services that run in the account that passed the role. Other accounts cannot use the role through these
 * services.
 */
const AT_HOME = new Set([
  'ec2',
  'lambda',
  'edgelambda',
  'pods.eks',
  'eks',
  'eks-fargate-pods',
  'ecs',
  'ecs-tasks',
  'rds',
  'ssm',
]);

function* service(
  diff: IdentityDiff,
  entry: Entry,
  later: PolicyDocument,
  context: ReviewContext,
): Iterable<ReviewFinding> {
  const { value } = entry.named;
  const name = value.replace(/\.amazonaws\.com(\.cn)?$/, '');
  if (AT_HOME.has(name)) return;
  const callers = whoCalls(entry, later, context.accounts, context);
  if (isForUnknownOwner(entry, callers)) {
    yield finding(deputy, {
      place: placeOf(diff, 'assume_role_policy'),
      identity: diff.key,
      message: `The ${nameOf(diff)} permits ${value} with ${demandsInWords(callerDemands(entry.statement))}, but the plan does not show whether this value belongs to your own accounts.`,
    });
    return;
  }
  if (callers.kind !== 'strangers') return;
  const people = bringsCallers(name, entry.statement);
  yield finding(deputy, {
    place: placeOf(diff, 'assume_role_policy'),
    identity: diff.key,
    severity: people === undefined ? 'low' : 'high',
    message: `The ${nameOf(diff)} permits ${value} to act on anybody's behalf${people === undefined ? '' : `: ${people}`}.`,
  });
}

/**
 * Describes the callers on whose behalf a service may open the role. `undefined` if the service acts only on its own
 * behalf.
 */
function bringsCallers(name: string, { Action, NotAction }: Statement): string | undefined {
  const known = CALLERS_OF[name];
  if (known !== undefined) return known;
  const passes =
    NotAction !== undefined || many(Action).some((action) => IDENTITY_PASSED.some(compileActionPattern(action)));
  return passes ? 'it may pass on who it calls for, so it calls for people' : undefined;
}

/** Services that open the role on behalf of their own callers, with a description of these callers. */
const CALLERS_OF: Readonly<Record<string, string>> = {
  rolesanywhere: 'any certificate of any trust anchor opens it',
  'credentials.iot': 'any device with a certificate and a role alias opens it',
  'account-access': 'people to whom an entitlement gives it open it',
  identitystore: 'people of a directory open it',
  sso: 'people of an identity center open it',
  transfer: 'users of a file transfer server use it',
};

/** The actions that a service needs to open a role on behalf of a caller. */
const IDENTITY_PASSED = ['sts:setcontext', 'sts:setsourceidentity'];
