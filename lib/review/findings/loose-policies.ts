/** Checks managed policies that the plan changes but does not attach to any identity. */
import type { PolicyDocument } from '@leasehold/policy';
import { widens } from '../diff/demands';
import type { Estate, Watched } from '../model';
import { isUnread, valueAt } from './attributes';
import { type Change, type Check, type FindingKind, finding, type ReviewContext } from './finding';

const kind: FindingKind = {
  id: 'unattached-policy-widened',
  title: 'A policy that others may be using permits more',
  severities: ['high'],
  why: 'The policy may have been attached by another configuration, or by hand. The identities that have the policy can do more, and the plan does not show these identities.',
  hint: 'Use `aws iam list-entities-for-policy` to find out which identities have the policy, and review the change for each of them.',
};

export const loosePolicies: Check = {
  kinds: [kind],
  *find(context) {
    const changed = context.watched.filter(({ before, after }) => isPolicy(before) && isPolicy(after));
    if (changed.length === 0) return;
    const [earlier, later] = [holdersOf(context.access.before), holdersOf(context.access.after)];
    for (const change of changed) {
      const { before, after } = change;
      if (before === undefined || after === undefined) continue;
      const { address } = after.place;
      const shown = earlier.has(address) || later.has(address);
      // IAM counts all attachments. If the count is higher than in the plan, other identities have the policy too.
      const others = Number(valueAt(before.values, 'attachment_count') ?? 0) - (earlier.get(address) ?? 0);
      if ((shown && !(others > 0)) || !permitsMore(change, context)) continue;
      const whom = shown
        ? `which ${others} more ${others === 1 ? 'identity has' : 'identities have'} than the plan shows`
        : 'which the plan attaches to nobody';
      yield finding(kind, {
        place: { address: after.place.address, attribute: 'policy' },
        message: `The policy ${after.place.address}, ${whom}, permits more than before.`,
      });
    }
  },
};

function isPolicy(watched: Watched | undefined): boolean {
  return watched?.type === 'aws_iam_policy';
}

/** The number of identities with the policy, by the policy's address. A boundary does not count as an attachment. */
function holdersOf({ identities }: Estate): ReadonlyMap<string, number> {
  const holders = new Map<string, number>();
  for (const { policies, boundary } of identities.values()) {
    if (boundary !== undefined) holders.set(boundary.place.address, holders.get(boundary.place.address) ?? 0);
    for (const address of new Set(policies.map(({ place }) => place.address))) {
      holders.set(address, (holders.get(address) ?? 0) + 1);
    }
  }
  return holders;
}

function permitsMore({ before, after }: Change<Watched>, { catalogue, steps }: ReviewContext): boolean {
  const [was, is] = [valueAt(before?.values, 'policy'), valueAt(after?.values, 'policy')];
  if (was === is) return false;
  const [earlier, later] = [documentOf(was), documentOf(is)];
  if (earlier === undefined || later === undefined) return true;
  return widens([earlier], [later], { catalogue, steps });
}

function documentOf(text: unknown): PolicyDocument | undefined {
  if (isUnread(text) || typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text) as PolicyDocument;
  } catch {
    return undefined;
  }
}
