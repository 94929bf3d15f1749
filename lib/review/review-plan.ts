/**
 * Reviews a plan: determines what every identity could do before the plan and can do after the plan, and reports the
 * findings that a reviewer should know about.
 */

import type { PolicyDocument } from '@leasehold/policy';
import { accountEvidence } from './account-evidence';
import type { DeclaredRole } from './declared-roles';
import { catalogueOf } from './diff/catalogue-of';
import { changedEntries, changedIdentities } from './diff/changes';
import { comparedStatements } from './diff/compared-statements';
import { graphOf } from './diff/graph';
import { diffIdentity, type IdentityDiff } from './diff/identity-diff';
import { type Pair, pairOf } from './diff/side';
import { verdictOf, worstOf } from './diff/verdict';
import type { ReviewContext } from './findings/finding';
import { checks } from './findings/list';
import type { Estate, PlannedAccess } from './model';
import { type Review, type ReviewFinding, SEVERITIES } from './review';

export interface ReviewOptions {
  /**
   * The day of the review, for example `2026-11-22`. Waivers that end before this day have expired.
   * @default today, UTC
   */
  readonly today?: string;
  /**
   * Ids of accounts that belong to you, in addition to the accounts of existing resources. Each id has twelve digits.
   * If you specify accounts, an account for which the only evidence is a provider in the plan does not count as yours.
   * @default none
   */
  readonly accounts?: readonly string[];
  /**
   * Roles as the definitions declare them.
   * @default none
   */
  readonly declaredRoles?: readonly DeclaredRole[];
  /**
   * Maximum number of steps for one comparison. If more steps are needed, the comparison's result is `unknown`.
   * @default 200000
   */
  readonly steps?: number;
}

const STEPS = 200_000;
/** Maximum number of identities in the graphs. */
const MOST_DRAWN = 100;

/**
 * Reviews a plan. Parts that cannot be read or compared are reported, and count as widened. They do not cause an
 * exception.
 */
export async function reviewPlan(access: PlannedAccess, options: ReviewOptions = {}): Promise<Review> {
  const { today = new Date().toISOString().slice(0, 10), accounts = [], steps = STEPS } = options;
  const { before, after } = access;
  const pairs = changedIdentities(access).map(
    (changed) => [changed.key, pairOf(changed.before, changed.after, { before, after })] as const,
  );
  const catalogue = await catalogueOf(pairs.flatMap(([, pair]) => documentsOf(pair)));
  const diffs = pairs
    .map(([key, pair]) => diffIdentity(key, pair, { catalogue, steps }))
    .filter((diff) => diff !== undefined)
    .sort(byStateAndName);
  const context: ReviewContext = {
    access,
    diffs,
    resourcePolicies: changedEntries(before.resourcePolicies, after.resourcePolicies),
    watched: changedEntries(before.watched, after.watched),
    ...accountEvidence(access, accounts),
    ownResources: new Set(access.buckets),
    declaredRoles: options.declaredRoles ?? [],
    catalogue,
    steps,
    today,
    leasehold: access.manifests.before !== undefined || access.manifests.after !== undefined,
  };
  const findings = checks.flatMap((check) => [...check.find(context)]).sort(bySeverityAndPlace);
  const unknowns = [
    ...access.unread,
    ...diffs.flatMap(({ unknown }) => unknown.map(({ place, why }) => ({ place, why }))),
  ];
  const shown = diffs.filter(({ state }) => state !== 'same');
  const keys = shown.slice(0, MOST_DRAWN).map(({ key }) => key);
  return {
    verdict: verdictOf(shown, findings, unknowns, access.unclassified),
    worst: worstOf(findings),
    identities: shown.map(({ review }) => review),
    findings,
    statements: comparedStatements(
      [
        ...diffs.map((diff) => ({ before: diff.before?.trust, after: diff.after?.trust })),
        ...context.resourcePolicies.map((change) => ({ before: change.before?.policy, after: change.after?.policy })),
      ],
      findings,
    ),
    unknowns,
    graph: { before: graphOf(before, keys), after: graphOf(after, keys) },
    terraform: access.terraform,
    seen: { resources: access.resources, identities: after.identities.size, policies: policiesIn(after) },
  };
}

function documentsOf({ before, after }: Pair): readonly PolicyDocument[] {
  return [before, after].flatMap((side) => {
    const trust = side?.identity.trust?.document;
    return [
      ...(side?.documents ?? []),
      ...(side?.boundary === undefined ? [] : [side.boundary]),
      ...(trust?.kind === 'known' ? [trust.value] : []),
    ];
  });
}

/** All policies that were read, including boundaries and trust policies. */
function policiesIn({ identities, resourcePolicies }: Estate): number {
  let count = resourcePolicies.size;
  for (const { policies, boundary, trust } of identities.values()) {
    count += policies.length + (boundary === undefined ? 0 : 1) + (trust === undefined ? 0 : 1);
  }
  return count;
}

const STATES: readonly IdentityDiff['state'][] = ['changed', 'new', 'removed', 'same'];

function byStateAndName(one: IdentityDiff, other: IdentityDiff): number {
  return STATES.indexOf(one.state) - STATES.indexOf(other.state) || (one.key < other.key ? -1 : 1);
}

function bySeverityAndPlace(one: ReviewFinding, other: ReviewFinding): number {
  const severity = SEVERITIES.indexOf(other.severity) - SEVERITIES.indexOf(one.severity);
  if (severity !== 0) return severity;
  const text = ({ place, id, message }: ReviewFinding) =>
    [place.address, place.attribute ?? '', id, message].join('\n');
  return text(one) < text(other) ? -1 : text(one) > text(other) ? 1 : 0;
}
