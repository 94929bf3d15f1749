/**
 * Reports policies and groups that identities outside the plan lose because of exclusive resources.
 */
import type { Taking } from '../model';
import { type Check, type FindingKind, finding } from './finding';

const kind: FindingKind = {
  id: 'exclusive-takes',
  title: 'An exclusive resource removes something from every identity that it does not list',
  severities: ['high', 'low'],
  why: 'The policy may contain denies, and no plan shows from which identities the policy is detached.',
  hint: 'Attach the policy to each identity with a separate resource, or first find out which other identities have the policy.',
};

export const exclusiveTakes: Check = {
  kinds: [kind],
  *find({ access }) {
    for (const taking of access.takings ?? []) {
      yield finding(kind, {
        place: taking.place,
        severity: taking.denies ? 'high' : 'low',
        message: `${WAYS[taking.way](taking)}${taking.denies ? ', and what is taken may deny' : ''}.`,
      });
    }
  },
};

const WAYS: Readonly<Record<Taking['way'], (taking: Taking) => string>> = {
  created: ({ place, what, from }) => `${place.address} is new and takes ${what} from ${from}, but for what it lists`,
  shrunk: ({ place, what, from }) =>
    `${place.address} lists less and takes ${what} from ${from} that it no longer lists`,
  removed: ({ place, what, from }) => `${place.address} is removed and takes ${what} from ${from} that has it`,
};
