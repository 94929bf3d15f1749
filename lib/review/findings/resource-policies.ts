/** Policies of buckets, queues, topics, keys, functions, secrets, tables, repositories and APIs. */
import { many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { widens } from '../diff/demands';
import { accountOf, type Entry, entriesOf, inWords, isAccount, onlyFor } from '../diff/principals';
import { canonical, statementsOf, versionOf } from '../diff/same';
import type { Place, ResourcePolicy } from '../model';
import type { ReviewFinding } from '../review';
import { valueAt } from './attributes';
import { type Change, type Check, type FindingKind, finding, listOf, type ReviewContext } from './finding';
import { confusedDeputy, demandedKeys, namesSource } from './identity-providers';
import { foreign, open } from './resource-kinds';

const session: FindingKind = {
  id: 'session-arn',
  title: 'A resource policy names a session',
  severities: ['high'],
  why: 'What is granted to the ARN of a session escapes its session policy and its boundary, so a lease no longer narrows it.',
  mend: 'Name the role, `arn:…:role/…`, instead of `arn:…:assumed-role/…`.',
};

const wider: FindingKind = {
  id: 'resource-policy-widened',
  title: 'The policy of a resource permits more',
  severities: ['medium', 'high'],
  why: 'What a resource policy grants needs no policy of the caller within one account.',
  mend: 'Make sure that the access is needed; else take it back.',
};

export const resourcePolicies: Check = {
  kinds: [open, foreign, session, wider],
  *find(context) {
    for (const change of context.resourcePolicies) yield* judge(change, context);
  },
};

function* judge({ before, after }: Change<ResourcePolicy>, context: ReviewContext): Iterable<ReviewFinding> {
  const earlier = before?.policy.document;
  const later = after?.policy.document;
  if (later?.kind === 'unknown') return;
  if (after === undefined || later === undefined) {
    if (before === undefined || earlier?.kind !== 'known') return;
    yield* dropped(before, earlier.value, context);
    return;
  }
  const old = earlier?.kind === 'known' ? earlier.value : undefined;
  if (
    old !== undefined &&
    !widens({ resource: old }, { resource: later.value }, { catalogue: context.catalogue, steps: context.steps })
  )
    return;
  const fresh = freshEntries(old, later.value);
  // The policy of an endpoint limits who comes through it; it lets nobody in by itself, and * is its usual principal.
  const said = after.type.startsWith('aws_vpc_endpoint') ? [] : [...entries(after, fresh, context)];
  yield* said;
  if (old === undefined || said.length > 0) return;
  const gone = goneDenies(old, later.value);
  yield finding(wider, {
    place: after.policy.place,
    severity: gone ? 'high' : 'medium',
    message: gone
      ? `The policy of ${labelOf(after)} no longer denies what it denied.`
      : `The policy of ${labelOf(after)} lets ${listOf(words(fresh), 3)} do more than before.`,
  });
}

/** What the statements say that stood there in no form before. */
function* entries(
  policy: ResourcePolicy,
  fresh: readonly Entry[],
  { accounts }: ReviewContext,
): Iterable<ReviewFinding> {
  const { place } = policy.policy;
  const told = new Set<string>();
  for (const { named, statement } of fresh) {
    if (told.has(named.key)) continue;
    const what = `${listOf(many(statement.Action ?? statement.NotAction), 3)} on ${labelOf(policy)}`;
    const account = accountOf(named);
    const home = policy.account.kind === 'known' ? policy.account.value : undefined;
    if (named.kind === 'Everyone' && !namesSomebody(statement)) {
      yield finding(open, { place, message: `Everybody could now do ${what}.` });
    } else if (/:assumed-role\//.test(named.value)) {
      yield finding(session, { place, message: `The policy of ${labelOf(policy)} names the session ${named.value}.` });
    } else if (account !== undefined && account !== home) {
      const own = accounts.has(account);
      // Nothing says where the resource is, and the account is one of the plan's.
      if (own && home === undefined) continue;
      yield finding(foreign, {
        place,
        severity: own ? 'medium' : 'high',
        message: `${isAccount(named) ? 'Everybody' : capital(inWords(named))} of ${own ? 'another account' : 'an account that is none of this plan'}, ${account}, could now do ${what}.`,
      });
    } else if (named.kind === 'CanonicalUser') {
      yield finding(foreign, { place, message: `${capital(inWords(named))} could now do ${what}.` });
    } else if (named.kind === 'Service' && !namesSource(statement) && !named.value.startsWith('logs.')) {
      yield finding(confusedDeputy, {
        place,
        severity: 'medium',
        message: `The service ${named.value} could now do ${what} on anybody's behalf.`,
      });
    } else {
      continue;
    }
    told.add(named.key);
  }
}

/** A policy that is gone takes its denies with it. */
function* dropped(before: ResourcePolicy, policy: PolicyDocument, context: ReviewContext): Iterable<ReviewFinding> {
  if (!statementsOf(policy).some(({ Effect }) => Effect === 'Deny')) return;
  // Whatever the policy protects may be gone with it.
  if (protectedIsGone(before, context)) return;
  yield finding(wider, {
    place: before.policy.place,
    severity: 'high',
    message: `The policy of ${labelOf(before)} is removed, and with it what it denied.`,
  });
}

/** Whether the plan removes what the policy protects. */
function protectedIsGone({ type, resource, policy }: ResourcePolicy, { watched }: ReviewContext): boolean {
  if (!type.endsWith('_policy')) return true;
  return watched.some(
    ({ before, after }) =>
      before !== undefined &&
      after === undefined &&
      before.place.address !== policy.place.address &&
      resource.kind === 'known' &&
      valueAt(before.values, 'arn') === resource.value,
  );
}

function freshEntries(before: PolicyDocument | undefined, after: PolicyDocument): readonly Entry[] {
  if (before === undefined) return entriesOf(after);
  const known = new Set(statementsOf(before).map((statement) => canonical(statement, versionOf(before))));
  const names = new Set(entriesOf(after).map(({ named }) => named.key));
  const wideners = [...names].filter((name) => {
    const alone = onlyFor(after, ({ key }) => key === name);
    return alone !== undefined && widens({ resource: before }, { resource: alone }, {});
  });
  return entriesOf(after).filter(
    ({ named, statement }) => wideners.includes(named.key) && !known.has(canonical(statement, versionOf(after))),
  );
}

function goneDenies(before: PolicyDocument, after: PolicyDocument): boolean {
  const denies = (document: PolicyDocument) =>
    statementsOf(document).flatMap((statement) =>
      statement.Effect === 'Deny' ? [canonical(statement, versionOf(document))] : [],
    );
  const kept = new Set(denies(after));
  return denies(before).some((text) => !kept.has(text));
}

/** Keys that narrow everybody down to somebody, in lower case. */
const NARROWING =
  /^(aws:(principalorgid|principalorgpaths|principalarn|principalaccount|sourcearn|sourceaccount|sourceowner|sourceorgid|sourcevpc|sourcevpce|sourceip|userid|vpcsourceip)|kms:calleraccount|lambda:functionurlauthtype|sns:endpoint|s3:dataaccesspointaccount)$/;

function namesSomebody(statement: Statement): boolean {
  return demandedKeys(statement).some(
    ([key, values]) =>
      NARROWING.test(key) && !values.some((value) => /^\*$|^arn:aws:\*|^0\.0\.0\.0\/0$|^::\/0$/.test(value)),
  );
}

function words(fresh: readonly Entry[]): readonly string[] {
  const names = [...new Set(fresh.map(({ named }) => inWords(named)))];
  return names.length === 0 ? ['somebody'] : names;
}

function labelOf({ resource, policy }: ResourcePolicy): string {
  return resource.kind === 'known' ? resource.value : addressOf(policy.place);
}

function addressOf({ address }: Place): string {
  return address;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
