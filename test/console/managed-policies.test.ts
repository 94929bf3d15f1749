/** What the console advises for a grant with an AWS-managed policy, whose text it does not contain. */
import { noManagedPolicies } from '../../console/app/lease/managed-policies';
import type { EventBody } from '../../lib/broker/lease/event';
import type { LeaseState } from '../../lib/broker/lease/table';
import { UnshownGrant } from '../../lib/broker/words/grant';
import { aGrant, leaseOf, proposed, REQUESTED } from '../broker/support';

const ARN = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const MANAGED = aGrant({ managedPolicies: [{ arn: ARN, sha256: 'a'.repeat(64) }] });

function leaseWith(grant: typeof MANAGED, signed: boolean) {
  const body = proposed(1, grant) as Extract<EventBody, { type: 'proposed' }>;
  return leaseOf(REQUESTED, signed ? { ...body, signed: true } : body);
}

it.each<readonly [state: LeaseState, needsPasskey: boolean, names: string, notNames: string]>([
  ['pending', false, '`leasehold approve lh-', 'passkey'],
  // The command line cannot use a passkey, so it cannot approve either.
  ['pending', true, 'Nobody can approve this lease', 'leasehold approve'],
  ['issued', true, '`leasehold audit lh-', 'approve'],
  ['denied', false, '`leasehold audit lh-', 'approve'],
])('a %s lease, whose approval needs a passkey: %s', (state, needsPasskey, names, notNames) => {
  const thrown = (() => {
    try {
      return noManagedPolicies(leaseWith(MANAGED, needsPasskey), state);
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toBeInstanceOf(UnshownGrant);
  const { message, hint } = thrown as UnshownGrant;
  expect(message).toContain(ARN);
  expect(hint).toContain(names);
  expect(hint).not.toContain(notNames);
});

it('a grant without such a policy is shown', () => {
  expect(noManagedPolicies(leaseWith(aGrant(), true), 'pending')).toEqual([]);
  expect(noManagedPolicies(leaseOf(REQUESTED), 'requested')).toEqual([]);
});
