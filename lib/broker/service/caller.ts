/** Identifies the caller. Uses only data that AWS verified. */
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import { agentArn, PERSON_KINDS, type PersonKind, personRoleName } from '@leasehold/documents';
import { parseArn } from '@leasehold/policy';
import type { Caller, Requester } from '../identity';
import { accountKey, hasGroup, isTaken, knownGroups, personKey } from './account';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

export type { Caller } from '../identity';

/**
 * The caller behind an ARN that API Gateway verified: a user, or a role session. The ARN of a session does not contain
 * the role's path. A role is therefore identified by account and name, which are unique together.
 * @returns undefined for a caller that the environment does not define. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function callerOf(userArn: string, environment: Environment): Caller | undefined {
  const arn = parseArn(userArn);
  if (arn === undefined || arn.partition !== environment.partition) return undefined;
  const { account, resource } = arn;
  if (arn.service === 'iam') return agentUser(userArn, environment, `${account} ${resource}`);
  const [, role, session] = /^assumed-role\/([^/]+)\/([^/]+)$/.exec(resource) ?? [];
  if (arn.service !== 'sts' || role === undefined || session === undefined) return undefined;
  if (account === environment.account) {
    const person = personOf(role, session, environment);
    if (person !== undefined) return { ...person, key: personKey(person.kind, session, environment) };
  }
  const agent = environment.agents.find((candidate) => {
    const own = parseArn(agentArn(candidate, environment));
    return own?.account === account && own.resource.startsWith('role/') && own.resource.split('/').at(-1) === role;
  });
  return agent && { kind: 'agent', name: agent.name, key: `${account} role/${role}` };
}

/** A caller in events and logs, for example `approver lead`. */
export function callerText({ kind, name }: Caller): string {
  return `${kind} ${name}`;
}

/** The caller as a requester of leases. */
export function requesterOf({ kind, name, key }: Caller, groups: readonly string[]): Requester {
  return { kind: kind === 'agent' ? 'agent' : 'person', name, key, groups: [...groups].sort() };
}

/**
 * The groups of a person. Groups that administrators stored override the groups in the definitions. A person without a
 * Principal document has the groups that the token lists. An agent has no groups.
 */
export function groupsOf(
  { kind, name, account }: Pick<Caller, 'kind' | 'name' | 'account'>,
  stored: { readonly groups: readonly string[] } | undefined,
  environment: Environment,
): readonly string[] {
  if (kind === 'agent') return [];
  const declared = environment.principals.find((known) => known.kind === 'person' && known.name === name);
  // Settings that were stored for a person whose document was removed do not apply to another person with that name.
  if (declared === undefined) return account === undefined ? [] : knownGroups(account, environment);
  return stored?.groups ?? declared.groups;
}

/**
 * The recorded requester of a lease as a current caller.
 * @param issuer Where people sign in now.
 * @returns undefined if the environment does not define the requester, or defines the requester with another key.
 */
export function knownRequester(
  requester: Requester,
  environment: Environment,
  issuer: string | undefined,
): Caller | undefined {
  const { kind, name, key } = requester;
  const caller = kind === 'agent' ? agentOf(name, environment) : personNamed(name, environment);
  if (caller !== undefined) return caller.key === key ? caller : undefined;
  return kind === 'person' && issuer !== undefined ? recordedAccount(requester, environment, issuer) : undefined;
}

/**
 * The key under which the leases of an agent or a person are listed.
 * @param hint What to do if the definitions name no such agent or person.
 * @throws {BrokerFault} `not-found`
 */
export function requesterKey(name: string, { environment }: Pick<Deps, 'environment'>, hint?: string): string {
  const caller = agentOf(name, environment) ?? personNamed(name, environment);
  if (caller !== undefined) return caller.key;
  const detail = `The definitions do not contain an agent or a person with the name ${JSON.stringify(name)}.`;
  throw new BrokerFault('not-found', detail, defined({ hint }));
}

/**
 * A requester without a Principal document, as recorded: with the groups in the token that was used for the request.
 */
function recordedAccount(
  { name, key, groups }: Requester,
  environment: Environment,
  issuer: string,
): Caller | undefined {
  const account = { issuer, sub: key.slice(issuer.length + 1), name, groups };
  if (accountKey(account) !== key || isTaken(name, environment)) return undefined;
  return hasGroup(groups, 'requester', environment) ? { kind: 'requester', name, key, account } : undefined;
}

function agentOf(name: string, environment: Environment): Caller | undefined {
  const agent = environment.agents.find((candidate) => candidate.name === name);
  const arn = agent && parseArn(agentArn(agent, environment));
  if (arn === undefined) return undefined;
  const { account, resource } = arn;
  const own = resource.startsWith('role/') ? `role/${resource.split('/').at(-1)}` : resource;
  return { kind: 'agent', name, key: `${account} ${own}` };
}

function personNamed(name: string, environment: Environment): Caller | undefined {
  const person = personOf(personRoleName('requester', environment), name, environment);
  return person && { ...person, key: personKey('requester', name, environment) };
}

function agentUser(arn: string, environment: Environment, key: string): Caller | undefined {
  const agent = environment.agents.find((candidate) => agentArn(candidate, environment) === arn);
  return agent && { kind: 'agent', name: agent.name, key };
}

/**
 * AWS permits only these people to assume these roles. After a person is removed from the definitions, this check
 * rejects the person immediately.
 */
function personOf(
  role: string,
  session: string,
  environment: Environment,
): { readonly kind: PersonKind; readonly name: string } | undefined {
  const kind = PERSON_KINDS.find((candidate) => personRoleName(candidate, environment) === role);
  const person = environment.principals.find((known) => known.kind === 'person' && known.name === session);
  switch (kind) {
    case 'approver':
      return environment.approvers.includes(session) ? { kind, name: session } : undefined;
    case 'requester':
      return person && { kind, name: session };
    case 'administrator':
      return person?.administrator ? { kind, name: session } : undefined;
    case undefined:
      return undefined;
  }
}
