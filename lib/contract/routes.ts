/**
 * The broker's routes. The API's routes, the callers' policies, the handler, the client and the OpenAPI document are
 * derived from this table.
 */

/** Kinds of authenticated callers: an agent, or a person as requester, approver or administrator. */
export const CALLERS = ['agent', 'requester', 'approver', 'administrator'] as const;
export type CallerKind = (typeof CALLERS)[number];

/** One route. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path, with `{name}` for a path parameter. */
  readonly path: string;
  /** Permitted kinds of callers. IAM denies calls by all other callers. */
  readonly callers: readonly CallerKind[];
  /** One sentence. */
  readonly summary: string;
}

/** All routes by operation name. A GET request has no side effects. */
export const ROUTES = {
  request: {
    method: 'POST',
    path: '/leases',
    callers: ['agent', 'requester'],
    summary: 'Asks for a lease, by role or by intent.',
  },
  propose: {
    method: 'POST',
    path: '/proposals',
    callers: ['requester'],
    summary:
      'Proposes a lease for a task that is described in plain words, and does not create a lease. Only for people.',
  },
  leases: {
    method: 'GET',
    path: '/leases',
    callers: ['agent', 'requester', 'approver', 'administrator'],
    summary: 'Lists leases: all leases that wait for approvers, or the leases of one requester or role.',
  },
  status: {
    method: 'GET',
    path: '/leases/{lease}',
    callers: ['agent', 'requester', 'approver', 'administrator'],
    summary: 'Shows a lease; with `wait`, once it has changed or the time is over.',
  },
  events: {
    method: 'GET',
    path: '/leases/{lease}/events',
    callers: ['agent', 'requester', 'approver', 'administrator'],
    summary: 'Lists the events of a lease, each with the hash of the previous event.',
  },
  collect: {
    method: 'POST',
    path: '/leases/{lease}/collect',
    callers: ['agent', 'requester'],
    summary: 'Returns the credentials of an approved lease to its requester, once.',
  },
  console: {
    method: 'POST',
    path: '/leases/{lease}/console',
    callers: ['requester'],
    summary:
      'Returns a sign-in address for the AWS console, once, for an approved lease. Only people can call this route.',
  },
  approve: {
    method: 'POST',
    path: '/leases/{lease}/approve',
    callers: ['approver'],
    summary: 'Says yes to the grant with this hash.',
  },
  deny: {
    method: 'POST',
    path: '/leases/{lease}/deny',
    callers: ['approver'],
    summary: 'Says no, which ends the lease.',
  },
  revoke: {
    method: 'POST',
    path: '/leases/{lease}/revoke',
    callers: ['approver', 'administrator'],
    summary: 'Revokes a lease: AWS denies all further calls that use the lease.',
  },
  revokeMany: {
    method: 'POST',
    path: '/revocations',
    callers: ['approver', 'administrator'],
    summary:
      'Revokes every lease of one role, of all roles or of one requester. A revocation by role also blocks the roles until their leases have ended.',
  },
  revocations: {
    method: 'GET',
    path: '/revocations',
    callers: ['approver', 'administrator'],
    summary:
      'Lists the roles that are currently blocked, and the record of the revocations that covered more than one lease.',
  },
  roles: {
    method: 'GET',
    path: '/roles',
    callers: ['agent', 'requester', 'approver', 'administrator'],
    summary:
      'Lists the roles that the caller may request. For approvers and administrators, lists every role of the broker.',
  },
  principals: {
    method: 'GET',
    path: '/principals',
    callers: ['administrator'],
    summary: 'Lists the principals and their policies.',
  },
  principal: {
    method: 'GET',
    path: '/principals/{principal}',
    callers: ['administrator'],
    summary: 'Shows a principal and its policy.',
  },
  putPrincipal: {
    method: 'PUT',
    path: '/principals/{principal}',
    callers: ['administrator'],
    summary: 'Replaces the policy and groups of a principal.',
  },
  principalEvents: {
    method: 'GET',
    path: '/principals/{principal}/events',
    callers: ['administrator'],
    summary: 'Lists the events that changed a principal, each with the hash of the previous event.',
  },
  budgets: {
    method: 'GET',
    path: '/budgets',
    callers: ['administrator'],
    summary: 'Shows how much of its budgets each requester in the definitions has used.',
  },
  groups: {
    method: 'GET',
    path: '/groups',
    callers: ['administrator'],
    summary: 'Lists the groups, their members, and the roles for which each group is eligible.',
  },
  nonce: {
    method: 'POST',
    path: '/nonces',
    callers: ['approver', 'administrator'],
    summary: 'Creates a nonce for one signature with a passkey.',
  },
  keys: {
    method: 'GET',
    path: '/principals/{principal}/keys',
    callers: ['requester', 'approver', 'administrator'],
    summary: 'Lists the events of a person’s passkeys. These events are needed to verify the person’s signatures.',
  },
  issueCode: {
    method: 'POST',
    path: '/principals/{principal}/codes',
    callers: ['administrator'],
    summary: 'Records a one-time code. A person needs this code to register their first passkey.',
  },
  registerKey: {
    method: 'POST',
    path: '/principals/{principal}/keys',
    callers: ['approver', 'administrator'],
    summary: 'Registers a passkey of the caller.',
  },
  removeKey: {
    method: 'POST',
    path: '/principals/{principal}/keys/remove',
    callers: ['approver', 'administrator'],
    summary: 'Removes a passkey. The broker no longer accepts signatures made with this passkey.',
  },
} as const satisfies Readonly<Record<string, Route>>;

export type Operation = keyof typeof ROUTES;

/**
 * Prefix of every route for people who sign in with a token. `{as}` is the kind of caller. The rest of the path, the
 * body and the response are the same as for the route with IAM authorization.
 */
export const PEOPLE_PREFIX = '/people/{as}';

/** The route of an operation for people who sign in. */
export function peopleRoute({ method, path }: Route): Pick<Route, 'method' | 'path'> {
  return { method, path: `${PEOPLE_PREFIX}${path}` };
}

/** Every operation, in the order of the table. */
export const OPERATIONS = Object.keys(ROUTES) as readonly Operation[];
