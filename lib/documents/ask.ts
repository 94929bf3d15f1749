/** Asking for roles: the only power of an agent's identity, and the broker's power over the roles that it opens. */
import type { Environment } from '../definitions/model';
import type { PolicyDocument } from '../policy/document';
import { checkSize } from '../policy/quotas';
import { iamArn, rolePath } from './names';

/** The whole of what an asker's identity is for. */
export const ASK_ACTIONS: readonly string[] = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];

/**
 * Policies that allow asking for these roles and no other, packed into as few documents as the quota of a managed
 * policy permits. None for no roles.
 */
export function askDocuments(roles: readonly string[]): readonly PolicyDocument[] {
  const documents: PolicyDocument[] = [];
  let packed: string[] = [];
  for (const role of roles) {
    if (packed.length > 0 && checkSize('managed-policy', askDocument([...packed, role])).over) {
      documents.push(askDocument(packed));
      packed = [];
    }
    packed.push(role);
  }
  if (packed.length > 0) documents.push(askDocument(packed));
  return documents;
}

/**
 * The boundary of an identity that can ask for these roles. The explicit denies are the point: a trust policy anywhere
 * in the account that names the identity is itself a grant, past its own policies and past an implicit deny.
 *
 * The second deny lists the roles. Where some 70 of them no longer fit into the one document that a boundary may be, it
 * denies everything outside the roles' own IAM path instead; the policies keep the explicit list either way.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function askBoundary(roles: readonly string[], environment: Environment): PolicyDocument {
  if (roles.length === 0) {
    return {
      Version: '2012-10-17',
      Statement: [{ Sid: 'NothingAtAll', Effect: 'Deny', Action: '*', Resource: '*' }],
    };
  }
  const listed = boundaryDocument(roles);
  return checkSize('permissions-boundary', listed).over
    ? boundaryDocument([iamArn(environment, `role${rolePath(environment)}*`)])
    : listed;
}

function askDocument(roles: readonly string[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Ask', Effect: 'Allow', Action: ASK_ACTIONS, Resource: roles }],
  };
}

function boundaryDocument(roles: readonly string[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Ask', Effect: 'Allow', Action: ASK_ACTIONS, Resource: '*' },
      { Sid: 'NothingButAsk', Effect: 'Deny', NotAction: ASK_ACTIONS, Resource: '*' },
      { Sid: 'OnlyTheseRoles', Effect: 'Deny', Action: ASK_ACTIONS, NotResource: roles },
    ],
  };
}
