/**
 * A broker where people also sign in: `lead` and `root` with an account, `oncall` without, and employees without a
 * document.
 */
import { type Operation, peopleRoute, ROUTES } from '@leasehold/contract/routes';
import type { ApiEvent } from '../../../lib/broker/http/event';
import { TokenInvalid } from '../../../lib/broker/port-errors';
import type { SignedIn, SignInVerifier } from '../../../lib/broker/ports';
import type { Environment, People } from '../../../lib/definitions/model';
import { World } from '../memory';
import { type Answer, aBank, aBroker, aBrokerOver, aPerson, type CallOptions, eventOf, rules } from './support';

export const ISSUER = 'https://login.example.com';

/** Accounts by token. */
export const ACCOUNTS: Readonly<Record<string, Omit<SignedIn, 'issuer'>>> = {
  alice: { sub: '00a', name: 'alice@example.com', groups: ['staff'] },
  'alice-with-every-group': { sub: '00a', name: 'alice@example.com', groups: ['leads', 'security', 'staff'] },
  lead: { sub: '00l', name: 'lead@example.com', groups: ['leads', 'staff'] },
  'lead-only-staff': { sub: '00l', name: 'lead@example.com', groups: ['staff'] },
  root: { sub: '00r', name: 'root@example.com', groups: ['security'] },
  kim: { sub: '00k', name: 'kim', groups: ['ops', 'staff', 'other'] },
  'kim-without-ops': { sub: '00k', name: 'kim', groups: ['staff'] },
  'kim-who-left': { sub: '00k', name: 'kim', groups: [] },
  'another-kim': { sub: '00x', name: 'kim', groups: ['ops', 'staff'] },
  leader: { sub: '00e', name: 'leader', groups: ['leads', 'staff', 'security'] },
  'like-oncall': { sub: '00o', name: 'OnCall', groups: ['leads', 'staff', 'ops'] },
  'like-agent': { sub: '00g', name: 'agent', groups: ['staff'] },
  'like-alice': { sub: '00b', name: 'alice', groups: ['staff'] },
  'like-lead': { sub: '00c', name: 'LEAD@example.com', groups: ['leads', 'staff'] },
};

export const PEOPLE: People = {
  signIn: {
    type: 'oidc',
    issuer: ISSUER,
    clientId: 'console',
    audience: 'leasehold',
    scope: 'openid',
    nameClaim: 'login',
    groupsClaim: 'groups',
    algorithm: 'RS256',
    jwksUri: `${ISSUER}/keys`,
    accessSeconds: 3600,
    mfa: { by: 'issuer', because: 'A test.' },
  },
  groups: { requester: ['staff'], approver: ['leads'], administrator: ['security'] },
  approveWith: 'mfa',
};

/** The bank, with people. `ops-read` is for the group `ops` and asks one human. */
export function aBankWithPeople(overrides: Partial<Environment> = {}, people: Partial<People> = {}): Environment {
  return aBank({
    broker: aBroker({ people: { ...PEOPLE, ...people } }),
    principals: [
      aPerson('alice', { groups: ['ops'], signIn: 'alice@example.com' }),
      aPerson('lead', { groups: ['ops'], signIn: 'lead@example.com' }),
      aPerson('oncall', { signIn: false }),
      aPerson('root', { administrator: true, signIn: 'root@example.com' }),
    ],
    ...overrides,
  });
}

/** `ops-read` without a human. */
export function withoutHumans(bank: Environment): Environment {
  const free = rules({ eligible: { agents: [], groups: ['ops'] } });
  return { ...bank, roles: bank.roles.map((role) => (role.name === 'ops-read' ? { ...role, broker: free } : role)) };
}

export const SIGN_IN: SignInVerifier = {
  issuer: ISSUER,
  nameClaim: 'login',
  verify: async (token) => {
    const account = ACCOUNTS[token];
    if (account === undefined) throw new TokenInvalid('signature');
    return { issuer: ISSUER, ...account };
  },
};

export interface SignedInOptions extends Omit<CallOptions, 'as'> {
  readonly token: string;
  readonly as: string;
}

/** An event as API Gateway sends it after its JWT authorizer. */
export function signedInEvent(
  operation: Operation,
  { token, as, path = {}, headers = {}, ...rest }: SignedInOptions,
): ApiEvent {
  const { method, path: route } = peopleRoute(ROUTES[operation]);
  const event = eventOf(operation, {
    ...rest,
    path: { ...path, as },
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  const claims = { iss: ISSUER, sub: ACCOUNTS[token]?.sub ?? '' };
  return { ...event, routeKey: `${method} ${route}`, requestContext: { authorizer: { jwt: { claims } } } };
}

/** The broker, with calls through both doors. */
export function aBrokerWithPeople(environment = aBankWithPeople(), world = new World()) {
  const broker = aBrokerOver(environment, { signIn: SIGN_IN }, world);
  const send = async (event: ApiEvent): Promise<Answer> => {
    const { statusCode, body, headers } = await broker.handler(event);
    return { status: statusCode, body: JSON.parse(body), headers };
  };
  return {
    ...broker,
    send,
    signedIn: (operation: Operation, options: SignedInOptions) => send(signedInEvent(operation, options)),
  };
}
