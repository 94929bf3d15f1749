/** Finds read actions that return secrets or other sensitive data. */
import { sensitiveRead } from '@leasehold/policy';
import { allowanceOf } from '../diff/allowance';
import type { IdentityDiff } from '../diff/identity-diff';
import { isBroad, someBroad } from './breadth';
import { type Check, type FindingKind, finding, listOf, nameOf, placeOf } from './finding';
import { isGivenEverything } from './full-access';
import { type Gained, listed, SENSITIVE } from './powers';

const kind: FindingKind = {
  id: 'sensitive-read',
  title: 'An identity gains a sensitive read',
  severities: ['medium', 'high'],
  why: 'The action returns records, secrets or credentials, regardless of the access level that AWS assigns to the action.',
  hint: 'Name the one resource that must be read, or remove the action.',
};

/**
 * If the policy of a new identity names a sensitive read and its resources explicitly, the read is not reported,
 * because the author of the policy chose it. If a sensitive read is permitted only by a wildcard, it is reported,
 * because the author did not choose it explicitly.
 */
export const sensitive: Check = {
  kinds: [kind],
  *find(context) {
    for (const diff of context.diffs) {
      if (diff.after === undefined || isGivenEverything(diff, context)) continue;
      const scopable = ({ action }: Gained) => context.catalogue.action(action)?.scopable !== false;
      const gained = listed(diff.changes.gained, SENSITIVE).filter(
        (read) => diff.state !== 'new' || !namedOutright(diff, read, scopable(read)),
      );
      if (gained.length === 0) continue;
      const severe = gained.some((read) => {
        if (LOGINS.has(read.action.toLowerCase())) return false;
        return (scopable(read) && someBroad(read.resources)) || sensitiveRead(read.action)?.kind === 'credentials';
      });
      yield finding(kind, {
        place: placeOf(diff),
        identity: diff.key,
        severity: severe ? 'high' : 'medium',
        ...(gained.some(scopable)
          ? {}
          : { hint: 'Remove the action if the task works without it; AWS takes no resource but `*` for it.' }),
        message: `The ${nameOf(diff)} could now read sensitive data: ${listOf(gained.map(sentence))}.`,
      });
    }
  },
};

/** Actions that return tokens with which a caller can do only what the caller's other permissions allow. */
const LOGINS: ReadonlySet<string> = new Set(['ecr:getauthorizationtoken', 'ecr-public:getauthorizationtoken']);

function namedOutright({ pair }: IdentityDiff, { action, resources }: Gained, scopable: boolean): boolean {
  // If the action supports only `*` as resource, a policy cannot name a specific resource.
  if (pair.after === undefined || (scopable && resources.some(isBroad))) return false;
  const name = action.toLowerCase();
  return allowanceOf(pair.after)
    .grants(action)
    .every(({ statement }) => [statement.Action ?? []].flat().some((pattern) => pattern.toLowerCase() === name));
}

function sentence({ action, resources }: Gained): string {
  const why = sensitiveRead(action)?.why.replace(/\.$/, '');
  const where = resources.length === 0 ? '' : ` on ${listOf(resources, 2)}`;
  return `${action}${where}${why === undefined ? '' : ` (${why.charAt(0).toLowerCase()}${why.slice(1)})`}`;
}
