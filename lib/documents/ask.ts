/** Policies that permit requesting roles and calling the broker. An agent's identity has no other permissions. */
import type { Environment } from '@leasehold/definitions';
import type { PolicyDocument, Statement } from '@leasehold/policy';
import { checkSize } from '@leasehold/policy';
import { iamArn, rolePath } from './names';

/** The STS actions that an identity needs to assume a role with its own call. */
export const ASK_ACTIONS: readonly string[] = ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'];
/** Action that permits a call to a route of the broker's API. */
export const INVOKE_ACTION = 'execute-api:Invoke';

/**
 * Policies that allow only requests for the given roles, packed into as few documents as the size quota of a managed
 * policy permits. Empty if there are no roles.
 */
export function askDocuments(roles: readonly string[]): readonly PolicyDocument[] {
  return packed(roles, (some) => [{ Sid: 'Ask', Effect: 'Allow', Action: ASK_ACTIONS, Resource: some }]);
}

/** Policies that permit only calls to the given routes. Empty if there are no routes. */
export function invokeDocuments(routes: readonly string[]): readonly PolicyDocument[] {
  return packed(routes, (some) => [{ Sid: 'Call', Effect: 'Allow', Action: INVOKE_ACTION, Resource: some }]);
}

/** Packs statements about a list of resources into as few documents as the size quota of a managed policy permits. */
export function packed(
  resources: readonly string[],
  statements: (resources: readonly string[]) => readonly Statement[],
): readonly PolicyDocument[] {
  const documents: PolicyDocument[] = [];
  const document = (some: readonly string[]): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: statements(some),
  });
  let full: string[] = [];
  for (const resource of resources) {
    if (full.length > 0 && checkSize('managed-policy', document([...full, resource])).over) {
      documents.push(document(full));
      full = [];
    }
    full.push(resource);
  }
  if (full.length > 0) documents.push(document(full));
  return documents;
}

/**
 * The boundary of an identity that can request these roles and call these routes of the broker. The boundary needs
 * explicit deny statements: a trust policy that names the identity grants access by itself, even without an allow in
 * the identity's policies or boundary.
 *
 * The second deny statement lists the roles. A boundary is a single document, which has room for about 70 roles. For
 * more roles, the statement denies everything outside the roles' IAM path instead. The identity's policies list the
 * roles in both cases. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function askBoundary(
  roles: readonly string[],
  environment: Environment,
  routes: readonly string[] = [],
): PolicyDocument {
  if (roles.length === 0 && routes.length === 0) {
    return {
      Version: '2012-10-17',
      Statement: [{ Sid: 'NothingAtAll', Effect: 'Deny', Action: '*', Resource: '*' }],
    };
  }
  return listedOrByPath(roles, environment, (some) => boundaryDocument(some, routes));
}

/** A boundary that lists the roles, or contains their IAM path if the list is too long. */
export function listedOrByPath(
  roles: readonly string[],
  environment: Environment,
  boundary: (roles: readonly string[]) => PolicyDocument,
): PolicyDocument {
  const listed = boundary(roles);
  return checkSize('permissions-boundary', listed).over
    ? boundary([iamArn(environment, `role${rolePath(environment)}*`)])
    : listed;
}

function boundaryDocument(roles: readonly string[], routes: readonly string[]): PolicyDocument {
  const actions = [...(roles.length > 0 ? ASK_ACTIONS : []), ...(routes.length > 0 ? [INVOKE_ACTION] : [])];
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Ask', Effect: 'Allow', Action: actions, Resource: '*' },
      { Sid: 'NothingButAsk', Effect: 'Deny', NotAction: actions, Resource: '*' },
      ...only('OnlyTheseRoles', ASK_ACTIONS, roles),
      ...only('OnlyTheseRoutes', INVOKE_ACTION, routes),
    ],
  };
}

function only(Sid: string, Action: string | readonly string[], NotResource: readonly string[]): readonly Statement[] {
  return NotResource.length > 0 ? [{ Sid, Effect: 'Deny', Action, NotResource }] : [];
}
