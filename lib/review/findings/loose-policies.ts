/** Managed policies that the plan changes and attaches to nobody that it shows. */
import type { PolicyDocument } from '@leasehold/policy';
import { widens } from '../diff/demands';
import type { Estate, Watched } from '../model';
import { isUnread, valueAt } from './attributes';
import { type Change, type Check, type FindingKind, finding, type ReviewContext } from './finding';

const kind: FindingKind = {
  id: 'unattached-policy-widened',
  title: 'A policy that others may be using permits more',
  severities: ['high'],
  why: 'Another configuration, or somebody by hand, may have attached it: whoever has it can do more without a word of it in the plan.',
  mend: 'Find out who has the policy with `aws iam list-entities-for-policy`, and review the change for each of them.',
};

export const loosePolicies: Check = {
  kinds: [kind],
  *find(context) {
    const changed = context.watched.filter(({ before, after }) => isPolicy(before) && isPolicy(after));
    if (changed.length === 0) return;
    const shown = new Set([...placesOf(context.access.before), ...placesOf(context.access.after)]);
    for (const change of changed) {
      const { after } = change;
      if (after === undefined || shown.has(after.place.address) || !permitsMore(change, context)) continue;
      yield finding(kind, {
        place: { address: after.place.address, attribute: 'policy' },
        message: `The policy ${after.place.address}, which the plan attaches to nobody, permits more than before.`,
      });
    }
  },
};

function isPolicy(watched: Watched | undefined): boolean {
  return watched?.type === 'aws_iam_policy';
}

function placesOf({ identities }: Estate): readonly string[] {
  return [...identities.values()].flatMap(({ policies, boundary }) =>
    [...policies, ...(boundary === undefined ? [] : [boundary])].map(({ place }) => place.address),
  );
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
