/** Whether an approver would approve for themselves, through whichever door they request and approve. */
import type { Environment } from '@leasehold/definitions';
import { isOwnLease, type RequestIdentity } from './identity';
import type { SignInVerifier } from './ports';

/** Where people sign in, and the claim by which the definitions name their accounts. */
export type AccountNames = Pick<SignInVerifier, 'issuer' | 'nameClaim'>;

/**
 * Whether the approver of this name is the requester, or the end user of the lease by name or by the account that the
 * definitions give them.
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
