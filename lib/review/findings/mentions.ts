/**
 * Describes the resources to which a policy refers, for a policy that is known only after apply. The plan shows nothing
 * else about such a policy.
 */
import type { Identity, PlacedPolicy } from '../model';
import { listOf, type ReviewContext } from './finding';
import { type Power, powerOfAddresses, powerOfNamed, strongest, weightOf } from './power-of';

/** A hint on how to make a policy readable if it refers to resources that the plan creates. */
export const MENTIONS_HINT =
  'Write the ARNs from values that are known at plan time, such as the account and the name, or use a data source `aws_iam_policy_document`, whose statements the plan shows. Or apply what the policy refers to first, and review the plan of the rest.';

/** A clause such as `; it refers to aws_iam_role.admin (may do everything)`; the most powerful roles come first. */
export function mentionsOf({ document }: PlacedPolicy, context: ReviewContext): string {
  const mentions = document.kind === 'unknown' ? (document.mentions ?? []) : [];
  if (mentions.length === 0) return '';
  const told = mentions.map((address) => describe(address, context));
  const sorted = told.toSorted((one, other) => other.weight - one.weight);
  return `; it refers to ${listOf(
    sorted.map(({ words }) => words),
    3,
  )}`;
}

interface Mention {
  readonly words: string;
  readonly weight: number;
}

function describe(address: string, context: ReviewContext): Mention {
  const power = powerAt(address, context);
  if (power !== undefined) return { words: `${address} (${plain(power)})`, weight: weightOf(power) };
  const running = (context.access.newRunningRoles ?? []).filter(({ place }) => isAt(place.address, address));
  const powers = running.flatMap(({ to, names }) => {
    const named = to === undefined ? undefined : powerOfNamed(to, context);
    return named?.identity === undefined ? names.flatMap((role) => powerAt(role, context) ?? []) : [named];
  });
  const most = strongest(powers);
  if (most === undefined) return { words: address, weight: 0 };
  return { words: `${address} (runs with ${most.label ?? 'a role'}: ${plain(most)})`, weight: weightOf(most) };
}

/** A permission, worded as a clause, for example `may do everything`. */
function plain({ words }: Power): string {
  return words.replace(/^(which|and) /, '');
}

/**
 * The access level of the identities at an address. An identity that may change a user or a group can gain the
 * permissions of that user or group. However, policies also refer to users and groups for other reasons, so only
 * dangerous permissions count.
 */
function powerAt(address: string, context: ReviewContext): Power | undefined {
  const found = [...context.access.after.identities.values()].filter(
    ({ place }: Identity) => place !== undefined && isAt(place.address, address),
  );
  const [first] = found;
  if (first === undefined) return undefined;
  const power = powerOfAddresses(
    found.flatMap(({ place }) => place?.address ?? []),
    context,
  );
  return first.kind === 'role' || DANGEROUS.has(power.kind) ? power : undefined;
}

const DANGEROUS: ReadonlySet<Power['kind']> = new Set(['everything', 'escalates']);

/** Whether an address is the address of the resource or of one of its instances. */
function isAt(address: string, resource: string): boolean {
  return address === resource || address.startsWith(`${resource}[`);
}
