/** The ids of AWS accounts. */
import { parseArn } from '@leasehold/policy';

/** Whether a text is the id of an account. */
export function isAccountId(text: string): boolean;
export function isAccountId(text: string | undefined): text is string;
export function isAccountId(text: string | undefined): boolean {
  return text !== undefined && /^\d{12}$/.test(text);
}

/** The account in an ARN. `undefined` for any other text, and for an ARN without an account. */
export function accountIn(arn: string | undefined): string | undefined {
  const account = arn === undefined ? undefined : parseArn(arn)?.account;
  return isAccountId(account) ? account : undefined;
}

/** The account that a text names, either as an account id or in an ARN. */
export function accountNamed(text: string): string | undefined {
  return isAccountId(text) ? text : accountIn(text);
}
