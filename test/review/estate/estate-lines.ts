/** An estate in short lines, so that a table can say what a plan is read as. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { many, type PolicyDocument } from '@leasehold/policy';
import { plannedAccess } from '../../../lib/review/estate';
import type { Estate, Identity, PlacedPolicy, PlannedAccess, Read } from '../../../lib/review/model';
import { readPlan } from '../../../lib/review/plan';

const PLANS = join(__dirname, '..', '..', 'plans');

/** A recorded plan, read. */
export function recorded(name: string): PlannedAccess {
  return plannedAccess(readPlan(readFileSync(join(PLANS, name, 'plan.json'))));
}

/** The identities by key, each with what bears on it. */
export function told({ identities }: Estate): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...identities.values()].map((identity) => [identity.key, lines(identity)]));
}

/** The resource policies by key. */
export function toldPolicies({ resourcePolicies }: Estate): Readonly<Record<string, string>> {
  return Object.fromEntries([...resourcePolicies.values()].map(({ key, policy }) => [key, says(policy.document)]));
}

/** What is not read, as `address attribute: why`. */
export function toldUnread({ unread }: PlannedAccess): readonly string[] {
  return unread.map(({ place, why }) => `${[place.address, place.attribute].filter(Boolean).join(' ')}: ${why}`);
}

function lines({ policies, boundary, groups, exclusive }: Identity): readonly string[] {
  return [
    ...policies.map((policy) => `${nameOf(policy)}: ${says(policy.document)}`).sort(),
    ...(boundary === undefined ? [] : [`bounded by ${nameOf(boundary)}: ${says(boundary.document)}`]),
    ...groups.map((group) => `in ${group}`),
    ...(exclusive.inline ? ['inline policies are exclusive'] : []),
    ...(exclusive.attached ? ['attached policies are exclusive'] : []),
  ];
}

function nameOf({ name, arn, place }: PlacedPolicy): string {
  return name ?? arn ?? `${place.address}.${place.attribute}`;
}

function says(document: Read<PolicyDocument>): string {
  if (document.kind === 'unknown') return `? ${document.why}`;
  return many(document.value.Statement)
    .map(({ Effect, Action, Resource, Principal }) => {
      const who = Principal === undefined ? '' : ` by ${JSON.stringify(Principal)}`;
      const where = Resource === undefined ? '' : ` on ${many(Resource).join(' ')}`;
      return `${Effect} ${many(Action).join(' ')}${where}${who}`;
    })
    .join('; ');
}
