/**
 * Determines whether an approver would approve their own lease. Recognizes the approver even if they signed in
 * differently for the request and for the approval.
 */
import type { Environment } from '@leasehold/definitions';
import { isOwnLease, type RequestIdentity } from './identity';
import type { SignInVerifier } from './ports';

/** The issuer with which people sign in, and the claim that contains the account names used in the definitions. */
export type AccountNames = Pick<SignInVerifier, 'issuer' | 'nameClaim'>;

/**
 * Whether the approver with this name is the requester or the end user of the lease. The end user is recognized by
 * name, or by the account that the definitions assign to the approver.
 */
export function isApproversOwn(
  name: string,
  { requester, subject }: RequestIdentity,
  { principals }: Pick<Environment, 'principals'>,
  signIn: AccountNames | undefined,
): boolean {
  if (isOwnLease({ name }, requester, subject)) return true;
  if (subject === undefined || signIn === undefined || subject.issuer !== signIn.issuer) return false;
  const wanted = name.toLowerCase();
  const person = principals.find((each) => each.kind === 'person' && each.name.toLowerCase() === wanted);
  const { nameClaim } = signIn;
  const claim = Object.hasOwn(subject.claims, nameClaim) ? subject.claims[nameClaim] : undefined;
  const account = nameClaim === 'sub' ? subject.sub : claim;
  return typeof person?.signIn === 'string' && person.signIn.toLowerCase() === account?.toLowerCase();
}
