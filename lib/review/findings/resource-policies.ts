/** Checks the policies of buckets, queues, topics, keys, functions, secrets, tables, repositories and APIs. */
import { many, type PolicyDocument, parseArn, type Statement } from '@leasehold/policy';
import { callerDemands, demandsInWords, whoInWords } from '../callers/callers-in-words';
import { isForAnybody, isForUnknownOwner, isOpened, namingNobody, whoCalls } from '../callers/entry';
import { widens } from '../diff/demands';
import { canonical, statementsOf, versionOf } from '../diff/equal-values';
import { deniedInWords, freedResources, goneDenies } from '../diff/lost-denies';
import { newcomerInWords, newcomers } from '../diff/newcomers';
import { accountOf, type Entry, entriesOf, inWords, isAccount, onlyFor } from '../diff/principals';
import { bucketArns } from '../estate/own-buckets';
import type { Place, ResourcePolicy } from '../model';
import type { ReviewFinding } from '../review';
import { outsideInWords } from './account-in-words';
import { type Change, type Check, type FindingKind, finding, listOf, type ReviewContext } from './finding';
import { allowsEverything } from './full-access';
import { confusedDeputy } from './identity-providers';
import { foreign, open } from './resource-kinds';

const session: FindingKind = {
  id: 'session-arn',
  title: 'A resource policy names a session',
  severities: ['high'],
  why: 'The session policy and the boundary do not limit permissions that are granted to the ARN of a session, so the lease cannot restrict these permissions.',
  hint: 'Name the role, `arn:…:role/…`, instead of `arn:…:assumed-role/…`.',
};

const wider: FindingKind = {
  id: 'resource-policy-widened',
  title: 'The policy of a resource permits more',
  severities: ['medium', 'high'],
  why: 'Within one account, a resource policy can grant access to a caller that has no identity policy.',
  hint: 'Make sure that the access is needed. Otherwise remove the permission.',
};

export const resourcePolicies: Check = {
  kinds: [open, foreign, session, wider],
  *find(context) {
    for (const change of context.resourcePolicies) yield* judge(change, context);
  },
};

function* judge({ before, after }: Change<ResourcePolicy>, all: ReviewContext): Iterable<ReviewFinding> {
  const context = after === undefined ? all : withReferencedBuckets(after, all);
  const earlier = before?.policy.document;
  const later = after?.policy.document;
  if (later?.kind === 'unknown') return;
  if (after === undefined || later === undefined) {
    if (before !== undefined) yield* dropped(before);
    return;
  }
  const old = earlier?.kind === 'known' ? earlier.value : undefined;
  if (
    old !== undefined &&
    !widens({ resource: old }, { resource: later.value }, { catalogue: context.catalogue, steps: context.steps })
  )
    return;
  const fresh = freshEntries(old, later.value, context);
  // The policy of an endpoint only limits who can use the endpoint and grants nothing by itself. `*` is its usual
  // principal.
  const said = isEndpoint(after) ? [] : [...entries(after, later.value, fresh, context)];
  yield* said;
  if (old === undefined) {
    yield* first({ before, after }, later.value, fresh, said.length > 0, context);
    return;
  }
  const gone = lostDenies(old, later.value, context);
  // A removed deny statement is always reported, regardless of other findings about the policy.
  if (gone.length > 0) {
    yield finding(wider, {
      place: after.policy.place,
      severity: 'high',
      message: `The policy of ${labelOf(after)} no longer denies ${deniedInWords(gone, freedResources([old], [later.value]))}.`,
    });
  }
  if (said.length > 0 || (gone.length > 0 && fresh.length === 0)) return;
  if (isEndpoint(after) && allowsEverything(later.value) && !allowsEverything(old)) {
    yield finding(wider, {
      place: after.policy.place,
      severity: 'high',
      message: `The policy of ${labelOf(after)} allows everything, so the endpoint permits every request.`,
    });
    return;
  }
  yield finding(wider, {
    place: after.policy.place,
    message: `The policy of ${labelOf(after)} lets ${listOf(words(fresh), 3)} do more than before.${letIn(old, later.value, context)}`,
  });
}

/**
 * The context in which the buckets that Terraform creates before the policy, and that the policy names, also count as
 * the plan's own.
 */
function withReferencedBuckets({ policy }: ResourcePolicy, context: ReviewContext): ReviewContext {
  const { access, accounts, ownResources } = context;
  const { document, place } = policy;
  if (access.bucketsBefore === undefined || document.kind === 'unknown') return context;
  const named = new Set([...JSON.stringify(document.value).matchAll(BUCKET_ARN)].map(([, name = '']) => name));
  const created = [...named].flatMap((name) => access.bucketsBefore?.(place.address, name) ?? []);
  const buckets = created.filter(({ account }) => account === undefined || accounts.has(account));
  if (buckets.length === 0) return context;
  const arns = new Set(buckets.flatMap(({ name }) => bucketArns(name)));
  return { ...context, ownResources: { has: (arn) => arns.has(arn) || ownResources.has(arn) } };
}

const BUCKET_ARN = /arn:[a-z-]+:s3:::([a-z0-9.-]+)/g;

/** Findings about a policy if the plan shows no readable policy before. The policy is compared with an empty one. */
function* first(
  { before, after }: { readonly before: ResourcePolicy | undefined; readonly after: ResourcePolicy },
  document: PolicyDocument,
  fresh: readonly Entry[],
  said: boolean,
  context: ReviewContext,
): Iterable<ReviewFinding> {
  const { place } = after.policy;
  if (before !== undefined) {
    yield finding(wider, {
      place,
      severity: 'high',
      message: `The policy of ${labelOf(after)} replaces a policy that cannot be read. Any denies in the replaced policy are lost.`,
    });
    return;
  }
  // A new resource had no policy before, so nobody lost or gained access to it.
  if (said || after.together || isEndpoint(after)) return;
  const open = fresh.filter((entry) => {
    const callers = whoCalls(entry, document, context.accounts, context);
    return callers.kind !== 'nobody' && (entry.named.kind !== 'Service' || callers.kind === 'strangers');
  });
  if (open.length === 0) return;
  const what = listOf(
    [...new Set(open.flatMap(({ statement: { Action, NotAction } }) => many(Action ?? NotAction)))],
    3,
  );
  yield finding(wider, {
    place,
    message: `The policy of ${labelOf(after)}, the first that the plan shows of it, lets ${listOf(words(open), 3)} do ${what}${after.type === 'aws_lambda_permission' ? '' : '; it replaces the one that may be there'}.`,
  });
}

/** Findings about statements that have no equivalent before the plan. */
function* entries(
  policy: ResourcePolicy,
  document: PolicyDocument,
  fresh: readonly Entry[],
  context: ReviewContext,
): Iterable<ReviewFinding> {
  const { place } = policy.policy;
  const home = homeOf(policy, context);
  const told = new Set<string>();
  for (const entry of fresh) {
    const { named, statement } = entry;
    if (told.has(named.key)) continue;
    const what = `${listOf(many(statement.Action ?? statement.NotAction), 3)} on ${labelOf(policy)}`;
    const callers = whoCalls(entry, document, home === undefined ? context.accounts : new Set([home]), context);
    const account = accountOf(named);
    if (callers.kind === 'nobody') continue;
    if (named.kind === 'Everyone' && callers.kind === 'strangers') {
      yield finding(open, { place, message: `Everybody could now do ${what}${namingNobody(statement)}.` });
    } else if (/:assumed-role\//.test(named.value)) {
      yield finding(session, {
        place,
        message: `The policy of ${labelOf(policy)} names the session ${named.value} as a principal.`,
      });
    } else if (account !== undefined && account !== home) {
      // The resource's account is unknown, but the principal's account belongs to the plan's owner.
      if (home === undefined && context.accounts.has(account)) continue;
      const who = isAccount(named) ? 'Everybody' : capital(inWords(named));
      yield ofAccount(place, `${who} of`, account, what, context);
    } else if (named.kind === 'CanonicalUser') {
      yield finding(foreign, { place, message: `${capital(inWords(named))} could now do ${what}.` });
    } else if (callers.kind === 'named' && callers.accounts.length > 0) {
      const who = named.kind === 'Service' ? `The service ${named.value}, on behalf of` : 'Everybody of';
      for (const other of callers.accounts) yield ofAccount(place, who, other, what, context);
    } else if (isForUnknownOwner(entry, callers)) {
      yield finding(confusedDeputy, {
        place,
        message: `The service ${named.value} could now do ${what} with ${demandsInWords(callerDemands(statement))}, but the plan does not show whether this value belongs to your own accounts.`,
      });
    } else if (isForAnybody(entry, callers, document, context)) {
      const who = named.kind === 'Service' ? `The service ${named.value}` : capital(whoInWords(named, [statement]));
      yield finding(confusedDeputy, {
        place,
        severity: 'medium',
        message: `${who} could now do ${what} on anybody's behalf.`,
      });
    } else {
      continue;
    }
    told.add(named.key);
  }
}

function ofAccount(place: Place, who: string, account: string, what: string, { accounts, claimed }: ReviewContext) {
  const own = accounts.has(account);
  // If the plan does not show its own accounts, the account on whose behalf a service calls is most likely the plan's
  // own.
  const likely = accounts.size === 0 && !claimed.has(account) && who.startsWith('The service ');
  return finding(foreign, {
    place,
    severity: own || likely ? 'medium' : 'high',
    message: `${who} ${own ? 'another account' : outsideInWords(account, { accounts, claimed })}, ${account}, could now do ${what}.`,
  });
}

/**
 * Findings about a removed policy. Removing a policy also removes its deny statements, unless the protected resource is
 * removed too.
 */
function* dropped({ policy, together, ...rest }: ResourcePolicy): Iterable<ReviewFinding> {
  if (together) return;
  const { document, place } = policy;
  const label = labelOf({ ...rest, policy });
  const denies = document.kind === 'unknown' || statementsOf(document.value).some(({ Effect }) => Effect === 'Deny');
  if (isEndpoint(rest)) {
    yield finding(wider, {
      place,
      severity: 'high',
      message: `The policy of ${label} is removed, so the endpoint permits every request.`,
    });
  } else if (denies) {
    const what = document.kind === 'unknown' ? 'what it may have denied, which cannot be read' : 'what it denied';
    yield finding(wider, {
      place,
      severity: 'high',
      message: `The policy of ${label} is removed, including ${what}.`,
    });
  }
}

/**
 * Whether the policy belongs to an endpoint. An endpoint policy limits who can use the endpoint; without a policy
 * everyone can.
 */
function isEndpoint({ type }: Pick<ResourcePolicy, 'type'>): boolean {
  return type.startsWith('aws_vpc_endpoint');
}

/** Deny statements that were removed without a replacement. Both sides use the allow statements after the plan. */
function lostDenies(
  before: PolicyDocument,
  after: PolicyDocument,
  { catalogue, steps }: ReviewContext,
): readonly Statement[] {
  const gone = goneDenies([before], [after]);
  if (gone.length === 0) return [];
  const kept = { ...after, Statement: [...statementsOf(after), ...gone] };
  return widens({ resource: kept }, { resource: after }, { catalogue, steps }) ? gone : [];
}

function freshEntries(
  before: PolicyDocument | undefined,
  after: PolicyDocument,
  context: ReviewContext,
): readonly Entry[] {
  if (before === undefined) return entriesOf(after);
  const known = new Set(statementsOf(before).map((statement) => canonical(statement, versionOf(before))));
  const names = new Set(entriesOf(after).map(({ named }) => named.key));
  const wideners = [...names].filter((name) => {
    const alone = onlyFor(after, ({ key }) => key === name);
    return alone !== undefined && widens({ resource: before }, { resource: alone }, {});
  });
  return entriesOf(after).filter(
    (entry) =>
      wideners.includes(entry.named.key) &&
      (!known.has(canonical(entry.statement, versionOf(after))) || isOpened(entry, before, after, context)),
  );
}

function letIn(before: PolicyDocument, after: PolicyDocument, { catalogue, steps }: ReviewContext): string {
  const added = newcomers('resource', before, after, { catalogue, steps });
  return added.length === 0 ? '' : ` It newly lets in calls with ${listOf(added.map(newcomerInWords), 3)}.`;
}

function words(fresh: readonly Entry[]): readonly string[] {
  const names = [...new Set(fresh.map(({ named, statement }) => whoInWords(named, [statement])))];
  return names.length === 0 ? ['somebody'] : names;
}

/** The account in which the policy applies, if it is known and belongs to the plan's owner. */
function homeOf({ account, resource }: ResourcePolicy, { accounts }: ReviewContext): string | undefined {
  const named = resource.kind === 'known' ? parseArn(resource.value)?.account : undefined;
  const home = account.kind === 'known' ? account.value : named;
  return home !== undefined && accounts.has(home) ? home : undefined;
}

function labelOf({ resource, policy }: ResourcePolicy): string {
  return resource.kind === 'known' ? resource.value : addressOf(policy.place);
}

function addressOf({ address }: Place): string {
  return address;
}

function capital(text: string): string {
  return text.startsWith('arn:') ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
