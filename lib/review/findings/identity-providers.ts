/** Trusts that let in bearers of tokens, or AWS services, without saying whose. */
import { many, type Statement } from '@leasehold/policy';
import type { IdentityDiff } from '../diff/identity-diff';
import { entriesOf, type Named } from '../diff/principals';
import { canonical, statementsOf, versionOf } from '../diff/same';
import type { ReviewFinding, Severity } from '../review';
import { type Check, type FindingKind, finding, nameOf, placeOf } from './finding';

const oidc: FindingKind = {
  id: 'oidc-trust-loose',
  title: 'A role takes tokens of an identity provider without saying whose',
  severities: ['high', 'critical'],
  why: 'A public provider such as GitHub issues tokens to everybody; only audience and subject tell yours from theirs.',
  mend: 'Demand `StringEquals` on `:aud` and on `:sub`, with the organisation and repository, or the service account, named.',
};

const deputy: FindingKind = {
  id: 'confused-deputy',
  title: 'A service is let in without saying on whose behalf',
  severities: ['medium', 'low', 'high'],
  why: 'The service also works for other accounts, and can be made to use the permission for them.',
  mend: 'Demand `aws:SourceArn` or `aws:SourceAccount` of the service.',
};

export const identityProviders: Check = {
  kinds: [oidc, deputy],
  *find({ diffs }) {
    for (const diff of diffs) {
      for (const { named, statement } of freshEntries(diff)) {
        if (named.kind === 'Federated') yield* token(diff, named, statement);
        if (named.kind === 'Service') yield* service(diff, named, statement);
      }
    }
  },
};

/** Reports of services that a resource's policy lets in. */
export const confusedDeputy = deputy;

/** Keys that say on whose behalf a service asks, in lower case. */
const SOURCES = /^aws:(sourcearn|sourceaccount|sourceorgid|sourceorgpaths|sourceowner|principalorgid)$/;

/** Whether a condition says on whose behalf, or for whom, a service asks. */
export function namesSource(statement: Statement): boolean {
  return demandedKeys(statement).some(([key, values]) => SOURCES.test(key) && values.every((value) => value !== '*'));
}

/** Keys that positive conditions hold to values, in lower case, with the values. */
export function demandedKeys({ Condition }: Statement): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    POSITIVE.test(operator)
      ? Object.entries(keys).map(([key, values]) => [key.toLowerCase(), many(values).map(String)] as const)
      : [],
  );
}

/** No `IfExists` and no `ForAllValues`, which a call without the key passes. */
const POSITIVE = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress|Bool)$/i;

/** What the trust lets in by statements that stood there in no form before. */
function freshEntries({ before, after, trust }: IdentityDiff): ReturnType<typeof entriesOf> {
  const [earlier, later] = [before?.trust?.document, after?.trust?.document];
  if (later?.kind !== 'known') return [];
  if (earlier?.kind !== 'known') return entriesOf(later.value);
  if (trust === undefined || (!trust.wider && trust.added.length === 0)) return [];
  const version = versionOf(later.value);
  const known = new Set(statementsOf(earlier.value).map((statement) => canonical(statement, versionOf(earlier.value))));
  return entriesOf(later.value).filter(({ statement }) => !known.has(canonical(statement, version)));
}

function* token(diff: IdentityDiff, { value }: Named, statement: Statement): Iterable<ReviewFinding> {
  const at = { place: placeOf(diff, 'assume_role_policy'), identity: diff.key };
  const issuer = /:oidc-provider\/(.+)$/.exec(value)?.[1] ?? value;
  const saml = value.includes(':saml-provider/');
  const keys = demandedKeys(statement);
  const of = (claim: string) => keys.filter(([key]) => key === `${issuer.toLowerCase()}:${claim}`);
  const audience = saml ? keys.filter(([key]) => key === 'saml:aud') : [...of('aud'), ...of('app_id')];
  if (audience.length === 0) {
    yield finding(oidc, {
      ...at,
      severity: 'high',
      message: `The ${nameOf(diff)} takes tokens of ${issuer} for any audience.`,
    });
  }
  // Pools of Cognito and of SAML tell their users apart by the audience.
  if (saml || issuer === 'cognito-identity.amazonaws.com') return;
  const subjects = SUBJECTS.flatMap((claim) => of(claim)).map(([, values]) => values);
  if (subjects.length === 0) {
    yield finding(oidc, {
      ...at,
      severity: 'critical',
      message: `The ${nameOf(diff)} takes tokens of ${issuer} whoever they were issued to.`,
    });
    return;
  }
  const loose = subjects.every((values) => values.some(isLoose)) ? subjects.flat().find(isLoose) : undefined;
  if (loose === undefined) return;
  yield finding(oidc, {
    ...at,
    severity: /^[*?]/.test(loose) || /^repo:[*?]/.test(loose) ? 'critical' : 'high',
    message: `The ${nameOf(diff)} takes tokens of ${issuer} whose subject is like ${loose}.`,
  });
}

/** Claims that say to whom a token was issued. */
const SUBJECTS = ['sub', 'repository', 'repository_id', 'job_workflow_ref'];

/** Whether a subject names no owner, or an owner and nothing of theirs. */
function isLoose(subject: string): boolean {
  if (/^([a-z_]+:)?[*?]/.test(subject)) return true;
  const project = /^project_path:([^:]*)/.exec(subject);
  if (project !== null) return /[*?]/.test(project[1] ?? '');
  const repository = /^repo:([^/]*)\/([^:]*)/.exec(subject);
  if (repository !== null) {
    return [repository[1], repository[2]].some(
      (part) => part === undefined || /^[*?]|^$/.test(part) || /[*?]/.test(part),
    );
  }
  if (/^repo:/.test(subject)) return /[*?]/.test(subject);
  const account = /^system:serviceaccount:([^:]*):(.*)$/.exec(subject);
  if (account !== null) return [account[1], account[2]].some((part) => part === undefined || /^[*?]/.test(part));
  return false;
}

/** Compute that runs in the account of whoever handed it the role, so that nobody else's can use it. */
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

function* service(diff: IdentityDiff, { value }: Named, statement: Statement): Iterable<ReviewFinding> {
  if (namesSource(statement)) return;
  const name = value.replace(/\.amazonaws\.com(\.cn)?$/, '');
  if (AT_HOME.has(name)) return;
  const severity: Severity = name === 'rolesanywhere' ? 'high' : 'low';
  yield finding(deputy, {
    place: placeOf(diff, 'assume_role_policy'),
    identity: diff.key,
    severity,
    message: `The ${nameOf(diff)} lets ${value} in on anybody's behalf${severity === 'high' ? ': any certificate of any trust anchor opens it' : ''}.`,
  });
}
