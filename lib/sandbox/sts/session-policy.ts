/** Validates session policies and scope-down policies before a session is created with them. */
import { PolicyError, parsePolicy } from '@leasehold/policy';
import type { Account } from '../account/model';
import { AwsError } from '../wire/aws-error';

/** Throws `MalformedPolicyDocument` unless the text is a policy that IAM would accept for a session. */
export function checkSessionPolicy(text: string | undefined): void {
  if (text === undefined) return;
  try {
    parsePolicy(text, 'session');
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    throw new AwsError(400, 'MalformedPolicyDocument', cause.message, { cause });
  }
}

/** Throws unless every ARN is the ARN of a managed policy in the account. */
export function checkPolicyArns(arns: readonly string[] | undefined, account: Account): void {
  const unknown = arns?.find((arn) => account.policy(arn) === undefined);
  if (unknown === undefined) return;
  throw new AwsError(400, 'MalformedPolicyDocument', `The policy ${unknown} does not exist in the role's account.`);
}
