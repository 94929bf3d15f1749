/**
 * Checks an identity's limits other than policies: its boundary, its session duration, and whether Terraform manages
 * its policies exclusively.
 */
import { many, type PolicyDocument } from '@leasehold/policy';
import { widens } from '../diff/demands';
import { sameStatements, statementsOf } from '../diff/equal-values';
import type { IdentityDiff } from '../diff/identity-diff';
import { duration } from '../diff/other-changes';
import type { PlacedPolicy } from '../model';
import type { ReviewFinding } from '../review';
import { newRoles, withoutAsking } from './asking';
import { type Check, type FindingKind, finding, nameOf, placeOf, type ReviewContext } from './finding';

const removed: FindingKind = {
  id: 'boundary-removed',
  title: 'An identity loses its permissions boundary',
  severities: ['critical'],
  why: 'The boundary limits the identity when somebody attaches a wide policy by mistake.',
  hint: 'Restore `permissions_boundary`.',
};

const weakened: FindingKind = {
  id: 'boundary-weakened',
  title: 'A permissions boundary permits more',
  severities: ['high'],
  why: 'An identity with this boundary can now be granted permissions that the boundary denied before, or the review cannot rule this out.',
  hint: 'Revert the change to the boundary, or grant the needed permissions to a single identity.',
};

const session: FindingKind = {
  id: 'session-longer',
  title: 'Sessions of a role may last longer',
  severities: ['medium', 'high'],
  why: 'Leaked credentials can be used as long as the session lasts.',
  hint: 'Restore `max_session_duration`; leases last at most an hour.',
};

const exclusivity: FindingKind = {
  id: 'exclusivity-removed',
  title: 'Policies of an identity are no longer exclusive',
  severities: ['medium'],
  why: 'Without the exclusive resource, Terraform no longer detects a policy that somebody adds by hand: no plan shows this policy, and no apply removes it.',
  hint: 'Keep the Terraform resource that manages the policies of the identity exclusively.',
};

export const limits: Check = {
  kinds: [removed, weakened, session, exclusivity],
  *find(context) {
    const told = new Set<string>();
    for (const diff of context.diffs) {
      yield* boundary(diff, context, told);
      yield* sessions(diff, context);
      yield* exclusive(diff);
    }
  },
};

function* boundary(diff: IdentityDiff, context: ReviewContext, told: Set<string>): Iterable<ReviewFinding> {
  const { before, after } = diff;
  if (before?.boundary === undefined || after === undefined) return;
  if (after.boundary === undefined) {
    yield finding(removed, {
      place: placeOf(diff, 'permissions_boundary'),
      identity: diff.key,
      message: `The ${nameOf(diff)} no longer has the boundary ${labelOf(before.boundary)}.`,
    });
    return;
  }
  // Many identities share a boundary, so it is reported once.
  const [earlier, later] = [before.boundary, after.boundary];
  const key = JSON.stringify([earlier.place, later.place, labelOf(earlier), labelOf(later)]);
  const shared = earlier.arn !== undefined && earlier.arn === later.arn;
  if (shared && told.has(key)) return;
  const answer = boundaryWidens(earlier, later, context);
  if (answer === undefined) return;
  told.add(key);
  const whom = shared
    ? `which bounds the ${nameOf(diff)}`
    : `which replaces ${labelOf(earlier)} on the ${nameOf(diff)}`;
  yield finding(weakened, {
    place: later.place,
    identity: diff.key,
    message: `The boundary ${labelOf(later)}, ${whom}, ${answer}.`,
  });
}

/** Describes how a boundary became wider. `undefined` if it did not become wider, except for requests for new roles. */
function boundaryWidens(earlier: PlacedPolicy, later: PlacedPolicy, context: ReviewContext): string | undefined {
  const { catalogue, steps } = context;
  if (earlier.document.kind === 'unknown' && later.document.kind === 'unknown') {
    return earlier.arn !== undefined && earlier.arn === later.arn ? undefined : 'cannot be read';
  }
  if (later.document.kind === 'unknown') return `cannot be read (${later.document.why})`;
  if (earlier.document.kind === 'unknown') return 'cannot be compared, because the earlier boundary cannot be read';
  if (sameStatements(earlier.document.value, later.document.value)) return undefined;
  const [from, to] = [asking(earlier.document.value, context), asking(later.document.value, context)];
  return widens([from], [to], { catalogue, steps }) ? 'permits more than before' : undefined;
}

function asking(document: PolicyDocument, context: ReviewContext): PolicyDocument {
  const text = statementsOf(document).flatMap(({ Resource, NotResource }) => [...many(Resource), ...many(NotResource)]);
  return withoutAsking(
    document,
    newRoles(context).filter((arn) => text.includes(arn)),
  );
}

function labelOf({ arn, name, place }: PlacedPolicy): string {
  return arn ?? name ?? place.address;
}

function* sessions(diff: IdentityDiff, { leasehold }: ReviewContext): Iterable<ReviewFinding> {
  const [earlier, later] = [diff.before?.maxSession, diff.after?.maxSession];
  if (earlier === undefined || later === undefined) return;
  const at = { place: placeOf(diff, 'max_session_duration'), identity: diff.key };
  if (later.kind === 'unknown') {
    if (earlier.kind === 'unknown') return;
    yield finding(session, {
      ...at,
      severity: 'high',
      message: `The session duration of the ${nameOf(diff)} cannot be read: ${later.why}.`,
    });
    return;
  }
  if (earlier.kind === 'known' && later.value <= earlier.value) return;
  const from = earlier.kind === 'known' ? duration(earlier.value) : 'an unknown time';
  yield finding(session, {
    ...at,
    severity: leasehold || later.value > 4 * 3600 ? 'high' : 'medium',
    message: `Sessions of the ${nameOf(diff)} may now last up to ${duration(later.value)} instead of ${from}.`,
  });
}

function* exclusive(diff: IdentityDiff): Iterable<ReviewFinding> {
  const { before, after } = diff;
  if (before === undefined || after === undefined) return;
  for (const kind of ['inline', 'attached'] as const) {
    if (!before.exclusive[kind] || after.exclusive[kind]) continue;
    yield finding(exclusivity, {
      place: placeOf(diff),
      identity: diff.key,
      message: `Terraform no longer removes ${kind} policies that somebody adds to the ${nameOf(diff)} by hand.`,
    });
  }
}
