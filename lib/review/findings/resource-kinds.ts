/** Kinds of finding about who a resource is open to, whether a policy opens it or a grant does. */
import type { FindingKind } from './finding';

export const open: FindingKind = {
  id: 'resource-public',
  title: 'A resource is open to everybody',
  severities: ['critical'],
  why: 'A policy that allows * without a condition that names somebody lets in the whole world, some of it unsigned.',
  hint: 'Name the principals, or demand a fixed value of `aws:PrincipalOrgID`, `aws:SourceArn` or `aws:SourceVpce`.',
};

export const foreign: FindingKind = {
  id: 'resource-cross-account',
  title: 'A resource is open to another account',
  severities: ['high', 'medium'],
  why: 'Whoever administers the other account decides who of it uses the resource.',
  hint: 'Name one role of the other account, and only the actions that it needs.',
};
