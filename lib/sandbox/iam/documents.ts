/** Reads the policy documents that IAM's operations receive. */
import {
  checkSize,
  type DocumentKind,
  many,
  type PolicyDocument,
  PolicyError,
  parseArn,
  parsePolicy,
} from '@leasehold/policy';
import type { Account } from '../account/model';
import { AwsError } from '../wire/aws-error';
import { noSuchEntity, required } from './lookup';

/**
 * Reads a document that IAM would accept.
 * @throws {AwsError} `MalformedPolicyDocument`, `LimitExceeded`
 */
export function readDocument(
  text: string | undefined,
  kind: 'identity' | 'trust',
  quota: DocumentKind,
): PolicyDocument {
  const given = required(text, 'policyDocument');
  try {
    parsePolicy(given, kind);
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    throw new AwsError(400, 'MalformedPolicyDocument', cause.message, { cause });
  }
  const { over, limit } = checkSize(quota, given);
  if (over) throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for PolicySize: ${limit}`);
  return JSON.parse(given);
}

/**
 * Checks that all users and roles of this account in a trust policy exist. IAM performs this check when a trust policy
 * is saved.
 * @throws {AwsError} `MalformedPolicyDocument`
 */
export function demandPrincipals(trust: PolicyDocument, account: Account): void {
  const named = many(trust.Statement).flatMap(({ Principal: principal }) =>
    principal === undefined || principal === '*' ? [] : many(principal.AWS),
  );
  const known = new Set([...account.users.values(), ...account.roles.values()].map(({ arn }) => arn));
  const missing = named.find((arn) => {
    const { account: owner, resource = '' } = parseArn(arn) ?? {};
    return owner === account.id && /^(user|role)\//.test(resource) && !known.has(arn);
  });
  if (missing !== undefined) {
    throw new AwsError(400, 'MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${missing}"`);
  }
}

/** The permissions boundary that a call's parameters specify. */
export function readBoundary(arn: string | undefined, account: Account): string | undefined {
  if (arn === undefined) return undefined;
  if (account.policy(arn) === undefined) {
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  }
  return arn;
}
