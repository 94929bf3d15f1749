/**
 * Finds privilege escalation paths that an identity gained: actions in a curated list, and iam:PassRole combined with
 * an action that starts a resource with a role.
 */
import { append } from '@leasehold/contract/any-length';
import { escalation } from '@leasehold/policy';
import { brokersOf } from '../brokers/brokers-of-plan';
import { Allowance, allowanceOf } from '../diff/allowance';
import type { IdentityDiff } from '../diff/identity-diff';
import type { ReviewFinding, Severity } from '../review';
import { ASKING } from './asking';
import { isOnBoundedPolicies } from './bounded-policies';
import { someBroad } from './breadth';
import { isDeclared, servicesOf } from './declared';
import { type Check, type FindingKind, finding, listOf, nameOf, placeOf, type ReviewContext } from './finding';
import { isGivenEverything } from './full-access';
import { atTheLeast, severityOfPower } from './power-of';
import { ESCALATING, type Gained, gainedUnbounded, held, listed, mayEscalate, resourcesOf } from './powers';
import { areServiceLinked, isOnOneself, isRefusedChange, isSelfService } from './self-service';
import { newReaders, readerInWords, readersOfOwnTags } from './self-tagging';
import { type TakenOver, takenOver } from './taken-over';

const kind: FindingKind = {
  id: 'privilege-escalation',
  title: 'An identity can gain more permissions than its policies grant',
  severities: ['critical', 'high', 'medium'],
  why: 'An identity that may use these actions can give itself permissions that nobody granted.',
  hint: 'Remove the actions, or limit them to named resources that have no more permissions than the identity itself.',
};

export const escalationPaths: Check = {
  kinds: [kind],
  *find(context) {
    for (const diff of context.diffs) {
      const { after } = diff.pair;
      if (after === undefined || !mayEscalate(after) || isGivenEverything(diff, context)) continue;
      const enabling = resourcesOf(allowanceOf(after).grants('iam:EnableMFADevice'));
      // In Leasehold, an MFA code is the consent of a person, so nobody may enroll their own MFA device.
      const revocation = revocationPoliciesOf(diff, context);
      const harmless = (gain: Gained) =>
        isRefusedChange(gain) ||
        isOnBoundedPolicies(gain, revocation, context) ||
        (isSelfService(gain, enabling) && !(context.leasehold && /MFADevice/i.test(gain.action)));
      const gained = listed(gainedUnbounded(diff, context), ESCALATING).filter(
        (gain) => !ASKING.has(gain.action.toLowerCase()) && !harmless(gain) && !isDeclared(gain, diff, context),
      );
      if (gained.length > 0) yield* judge(diff, gained, context);
    }
    for (const { identity, reader } of newReaders(context)) {
      yield finding(kind, {
        place: reader.policy.place,
        identity: identity.key,
        severity: 'high',
        message: `The ${identity.kind} ${identity.name} can change its own tags, and thereby its own permissions, because of ${readerInWords(reader)}.`,
      });
    }
  },
};

/**
 * The policies that revoke the leases of the brokers whose role the identity is. Anyone else who may write such a policy
 * can undo revocations. This is reported, and so is every other policy that a broker may write.
 */
function revocationPoliciesOf({ identity: { arn } }: IdentityDiff, { access }: ReviewContext): ReadonlySet<string> {
  if (arn.kind === 'unknown') return new Set();
  const brokers = brokersOf(access).filter(({ role }) => role === arn.value);
  return new Set(brokers.map(({ revocationPolicy }) => revocationPolicy));
}

function* judge(diff: IdentityDiff, gained: readonly Gained[], context: ReviewContext): Iterable<ReviewFinding> {
  const { after } = diff.pair;
  if (after === undefined) return;
  const bounded = allowanceOf(after);
  const free = new Allowance({ documents: after.documents, boundary: undefined });
  const effective = (gain: Gained) => bounded.grants(gain.action).length > 0;
  for (const path of pathsOf(diff, gained, free, context)) {
    const real = path.actions.filter(effective);
    const holds = path.needed.every((action) => bounded.grants(action).length > 0);
    const works = real.length > 0 && holds;
    const actions = works ? real : path.actions;
    const severity = works ? path.severity : lower(path.severity);
    yield finding(kind, {
      place: placeOf(diff),
      identity: diff.key,
      severity,
      message: `The ${nameOf(diff)} could ${path.words}: ${listOf(actions.map(sentence))}${path.more ?? ''}${works ? '' : '; only its boundary holds it back'}.`,
    });
  }
}

interface Path {
  readonly words: string;
  readonly actions: readonly Gained[];
  /** Further actions that the escalation requires. */
  readonly needed: readonly string[];
  readonly severity: Severity;
  /** Further facts in the plan, worded as the end of a sentence. */
  readonly more?: string;
}

function pathsOf(
  diff: IdentityDiff,
  gained: readonly Gained[],
  free: Allowance,
  context: ReviewContext,
): readonly Path[] {
  const { after } = diff.pair;
  const of = (wanted: string) => gained.filter(({ action }) => escalation(action)?.kind === wanted);
  const paths: Path[] = [];
  const identity = of('identity');
  if (identity.length > 0) {
    const usual = identity.every(isMinorTag) ? 'medium' : broad(identity) ? 'critical' : 'high';
    const readers = after === undefined || !identity.some(isTag) ? [] : readersOfOwnTags(after, context);
    paths.push({
      words: 'change who may do what, or become somebody else',
      actions: identity,
      needed: [],
      // The effect of changing one's own tags depends on the policies that read these tags.
      ...(readers.length === 0
        ? { severity: usual }
        : {
            severity: atTheLeast(usual, 'high'),
            more: `; its own tags decide what it may do, because of ${listOf(readers.map(readerInWords), 2)}`,
          }),
    });
  }
  const hijack = of('hijack');
  if (hijack.length > 0) {
    const target = takenOver(diff.key, hijack, context);
    const usual = broad(hijack) ? 'high' : 'medium';
    paths.push({
      words: 'take over what already runs with a role',
      actions: hijack,
      needed: [],
      ...(target === undefined
        ? { severity: usual }
        : { severity: atTheLeast(usual, severityOfPower(target.power)), more: described(target) }),
    });
  }
  const pass = of('pass-role');
  const launch = of('launch');
  const launches = held(
    free,
    [...ESCALATING.values()].filter((action) => escalation(action)?.kind === 'launch'),
  );
  const passes = held(free, ['iam:PassRole']);
  if (pass.length > 0) {
    append(
      paths,
      passesByService(diff, pass, free).map(({ services, gained: passed }): Path => {
        const run = launches.find(
          ({ action }) => services.length === 0 || services.some((service) => isOf(action, service)),
        );
        const to = services.length === 0 ? 'a service' : listOf(services, 3);
        return {
          words: run === undefined ? `hand a role to ${to}` : `hand a role to ${to} and run it with ${run.action}`,
          actions: passed,
          needed: [],
          severity: broad(passed) ? 'critical' : 'high',
        };
      }),
    );
  } else if (launch.length > 0 && passes.length > 0 && !passes.every((each) => isDeclared(each, diff, context))) {
    paths.push({
      words: 'start something with a role that it may pass',
      actions: launch,
      needed: ['iam:PassRole'],
      severity: broad(passes) ? 'critical' : 'high',
    });
  }
  return paths;
}

interface Passed {
  /** The services to which the role may be passed. Empty if the policy does not name them. */
  readonly services: readonly string[];
  readonly gained: readonly Gained[];
}

/**
 * The passes that an identity gained, by the services that a statement names. Passes of one role to different services
 * are different powers.
 */
function passesByService(diff: IdentityDiff, pass: readonly Gained[], free: Allowance): readonly Passed[] {
  const { before } = diff.pair;
  const earlier = before && new Allowance({ documents: before.documents, boundary: undefined });
  const had = new Set(
    earlier?.grants(PASS).flatMap(({ statement, resources }) => {
      return resources.flatMap((resource) =>
        servicesOf(statement.Condition).map((service) => `${service} ${resource}`),
      );
    }),
  );
  const gained = new Set(pass.flatMap(({ resources }) => resources));
  const groups = new Map<string, { readonly services: readonly string[]; readonly resources: Set<string> }>();
  for (const { statement, resources } of free.grants(PASS)) {
    const named = servicesOf(statement.Condition);
    for (const resource of resources.filter((each) => gained.has(each))) {
      const services = named.filter((service) => !had.has(`${service} ${resource}`)).toSorted();
      if (named.length > 0 && services.length === 0) continue;
      const key = JSON.stringify(services);
      const group = groups.get(key) ?? { services, resources: new Set() };
      group.resources.add(resource);
      groups.set(key, group);
    }
  }
  const told = new Set([...groups.values()].flatMap(({ resources }) => [...resources]));
  // If the policies do not show why a pass is gained, it counts as a pass to any service.
  if (groups.size === 0 || [...gained].some((each) => !told.has(each))) return [{ services: [], gained: pass }];
  return [...groups.values()].map(({ services, resources }) => ({
    services,
    gained: [{ action: PASS, resources: [...resources].sort() }],
  }));
}

const PASS = 'iam:PassRole';

/** Whether an action belongs to a service: `ecs:RunTask` to `ecs-tasks.amazonaws.com`. */
function isOf(action: string, service: string): boolean {
  const [prefix = ''] = action.toLowerCase().split(':');
  const [name = ''] = service.toLowerCase().split('.');
  return name === prefix || name.startsWith(`${prefix}-`) || name.startsWith(`${prefix}tasks`);
}

function described({ address, power: { label, words } }: TakenOver): string {
  return `; ${address} runs with the role ${label === undefined ? '' : `${label}, `}${words}`;
}

function isTag({ action }: Gained): boolean {
  return /^iam:(Tag|Untag)(User|Role)$/i.test(action);
}

/** Whether the tags belong to the identity itself, or to roles that only an AWS service can use. */
function isMinorTag(gain: Gained): boolean {
  if (/^iam:(Tag|Untag)User$/i.test(gain.action)) return isOnOneself([gain]);
  return /^iam:(Tag|Untag)Role$/i.test(gain.action) && areServiceLinked(gain.resources);
}

function broad(actions: readonly Gained[]): boolean {
  return actions.some(({ resources }) => someBroad(resources));
}

function lower(severity: Severity): Severity {
  return severity === 'critical' ? 'high' : 'medium';
}

function sentence({ action, resources }: Gained): string {
  return resources.length === 0 ? action : `${action} on ${listOf(resources, 2)}`;
}
