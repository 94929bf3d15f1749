/** Finds policies that allow everything: AWS-managed policies, and policies whose document is in the plan. */

import { type Check, type FindingKind, finding, nameOf } from './finding';
import { fullAccess } from './full-access';

const kind: FindingKind = {
  id: 'full-access',
  title: 'An identity is given full access',
  severities: ['critical', 'high'],
  why: 'Full access is more than any task needs. Only a permissions boundary, if the identity has one, still limits what it can do.',
  hint: 'Write a policy that lists the actions and resources of the task.',
};

export const managedPolicies: Check = {
  kinds: [kind],
  *find(context) {
    for (const diff of context.diffs) {
      for (const { policy, severity, written } of fullAccess(diff, context)) {
        yield finding(kind, {
          place: policy.place,
          identity: diff.key,
          severity,
          message: written
            ? `A policy of the ${nameOf(diff)} allows every action on every resource.`
            : `The ${nameOf(diff)} gets the policy ${policy.arn}.`,
        });
      }
    }
  },
};
