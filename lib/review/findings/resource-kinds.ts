/** Kinds of findings about who can access a resource, through a policy or a grant. */
import type { FindingKind } from './finding';

export const open: FindingKind = {
  id: 'resource-public',
  title: 'A resource is open to everybody',
  severities: ['critical'],
  why: 'A policy that allows * without a condition on the caller permits everybody, in some cases even callers that do not sign their requests.',
  hint: 'Name the principals, or require a fixed value of `aws:PrincipalOrgID`, `aws:SourceArn` or `aws:SourceVpce`.',
};

export const foreign: FindingKind = {
  id: 'resource-cross-account',
  title: 'A resource is open to another account',
  severities: ['high', 'medium'],
  why: 'The administrators of the other account decide which identities of that account use the resource.',
  hint: 'Name one role of the other account, and only the actions that this role needs.',
};
