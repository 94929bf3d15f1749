/** Describes, for messages, what the plan shows about an account that is not one of the plan's own accounts. */
import type { ReviewContext } from './finding';

type Accounts = Pick<ReviewContext, 'accounts' | 'claimed'>;

/**
 * The account, and the reason why it is not one of the plan's own accounts. For example: "of account 444455556666,
 * which is none of this plan's".
 */
export function accountInWords(account: string, { accounts, claimed }: Accounts): string {
  const why = claimed.has(account)
    ? 'which only a provider of this plan shows to be yours, and no existing resource'
    : accounts.size === 0
      ? 'of which nothing in the plan says that it is yours'
      : "which is none of this plan's";
  return `of account ${account}, ${why}`;
}

/** The account without its number. For example: "an account that is none of this plan". */
export function outsideInWords(account: string, { accounts, claimed }: Accounts): string {
  if (claimed.has(account)) return 'an account that only a provider of this plan shows to be yours';
  return accounts.size === 0
    ? 'an account of which nothing in the plan says that it is yours'
    : 'an account that is none of this plan';
}
