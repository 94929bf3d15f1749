/** The rules that the definitions set for leases that the broker issues. */
import type { Binding, Environment, ReviewerMode, Role } from '@leasehold/definitions';
import { isForPeopleOnly } from '@leasehold/documents';
import type { Requester, Subject } from './identity';

/** A role in one environment for which the broker issues leases. */
export interface BrokeredRole {
  readonly role: Role;
  readonly environment: Environment;
  /** Number of people who must approve. */
  readonly humans: number;
  /** Seconds in which people can approve. */
  readonly window: number;
  readonly reviewer: ReviewerMode;
  readonly eligible: { readonly agents: readonly string[]; readonly groups: readonly string[] };
  /** Maps a parameter to the identity attribute to which it is bound. */
  readonly bindings: Readonly<Record<string, Binding>>;
}

/** The roles for which the broker of an environment issues leases. */
export function brokeredRoles(environment: Environment): readonly BrokeredRole[] {
  return environment.roles.flatMap((role) => {
    const { broker: rules, parameters } = role;
    if (rules === undefined) return [];
    const { humans, windowSeconds: window, reviewer, eligible } = rules;
    const bound = parameters.flatMap(({ name, from }) => (from === undefined ? [] : [[name, from] as const]));
    return [{ role, environment, humans, window, reviewer, eligible, bindings: Object.fromEntries(bound) }];
  });
}

/**
 * Whether a requester may request a role at all. The role's lists contain names of agents and groups of people. By
 * default, nobody may request a role. No agent may request a role with AWS-managed policies, regardless of the lists.
 */
export function isEligible({ role, eligible }: BrokeredRole, requester: Requester): boolean {
  if (requester.kind === 'agent') return !isForPeopleOnly(role) && eligible.agents.includes(requester.name);
  return requester.groups.some((group) => eligible.groups.includes(group));
}

/**
 * Whether a role is offered to requesters who have not named it. Roles for single calls are not: `leasehold proxy`
 * requests a lease of such a role by its name, for a call that an agent has already made.
 */
export function isOffered({ role }: Pick<BrokeredRole, 'role'>): boolean {
  return role.callOf === undefined;
}

/**
 * Whether the time is outside the broker's hours, in which the broker accepts requests and issues leases.
 */
export function isOutsideHours({ broker }: Environment, now: number): boolean {
  if (broker?.hours === undefined) return false;
  const hour = Math.floor(now / 3600) % 24;
  const { from, to } = broker.hours;
  return from < to ? hour < from || hour >= to : hour < from && hour >= to;
}

/** The value of a binding. `undefined` if the identity does not have the attribute. */
export function boundValue(binding: Binding, requester: Requester, subject: Subject | undefined): string | undefined {
  if (binding === 'requester.name') return requester.name;
  if (binding === 'subject.sub') return subject?.sub;
  const claims = subject?.claims ?? {};
  const claim = binding.slice('subject.claims.'.length);
  return Object.hasOwn(claims, claim) ? claims[claim] : undefined;
}
