import { type FoldedLease, type LeaseState, UnshownGrant } from '@leasehold/broker/core';

/**
 * Refuses grants with AWS-managed policies, whose texts the console does not contain, so that such a grant cannot be
 * shown whole. The hint names only what is possible: the command line shows the texts, but cannot sign with a passkey.
 * @returns the words for the policies, of which there are none
 * @throws {UnshownGrant}
 */
export function noManagedPolicies(
  { id, proposal }: Pick<FoldedLease, 'id' | 'proposal'>,
  state: LeaseState,
): readonly [] {
  const [first] = proposal?.grant.managedPolicies ?? [];
  if (first === undefined) return [];
  throw new UnshownGrant(
    `it has the policy ${first.arn}, which AWS manages and whose text the console does not contain.`,
    hintFor(id, state, proposal?.signed === true),
  );
}

function hintFor(id: string, state: LeaseState, needsPasskey: boolean): string {
  if (state !== 'pending') return `Read its record on the command line: \`leasehold audit ${id}\`.`;
  return needsPasskey
    ? 'Nobody can approve this lease: the approval needs a passkey, which the command line cannot use. Deny the request, and ask the maintainers of the role to write its permissions as statements.'
    : `Read it and approve it on the command line, \`leasehold approve ${id}\`, or deny it.`;
}
