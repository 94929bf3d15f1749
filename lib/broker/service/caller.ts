/** Who calls, from what AWS verified, and from nothing else. */
import type { CallerKind } from '@leasehold/contract/routes';
import type { Environment } from '@leasehold/definitions';
import { agentArn, PERSON_KINDS, personRoleName } from '@leasehold/documents';
import { parseArn } from '@leasehold/policy';
import type { Requester } from '../identity';

/** An authenticated caller. */
export interface Caller {
  readonly kind: CallerKind;
  /** The agent's name, or the person's. */
  readonly name: string;
  /** Account and user or role, as in {@link Requester.key}. */
  readonly key: string;
}

/**
 * The caller behind an ARN, as API Gateway verified it: a user, or the session of a role. ARNs of sessions have lost the
 * role's path, so a role is known by account and name, which are unique together.
 * @returns nothing for anybody whom the environment does not know.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
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
    if (person !== undefined) return { ...person, key: `${account} role/${role}/${session}` };
  }
  const agent = environment.agents.find((candidate) => {
    const own = parseArn(agentArn(candidate, environment));
    return own?.account === account && own.resource.startsWith('role/') && own.resource.split('/').at(-1) === role;
  });
  return agent && { kind: 'agent', name: agent.name, key: `${account} role/${role}` };
}

/** The caller as somebody who asks for leases. */
export function requesterOf({ kind, name, key }: Caller, groups: readonly string[]): Requester {
  return { kind: kind === 'agent' ? 'agent' : 'person', name, key, groups: [...groups].sort() };
}

/** The groups that somebody is in. What administrators stored goes before what the definitions seed; an agent is in none. */
export function groupsOf(
  { kind, name }: Pick<Caller, 'kind' | 'name'>,
  stored: { readonly groups: readonly string[] } | undefined,
  environment: Environment,
): readonly string[] {
  if (kind === 'agent') return [];
  return stored?.groups ?? environment.principals.find((known) => known.name === name)?.groups ?? [];
}

/**
 * Whoever a record names as its requester, as they would call today.
 * @returns nothing for somebody whom the environment does not know, or not by this key.
 */
export function knownRequester({ kind, name, key }: Requester, environment: Environment): Caller | undefined {
  const caller = kind === 'agent' ? agentOf(name, environment) : requesterNamed(name, environment);
  return caller?.key === key ? caller : undefined;
}

function agentOf(name: string, environment: Environment): Caller | undefined {
  const agent = environment.agents.find((candidate) => candidate.name === name);
  const arn = agent && parseArn(agentArn(agent, environment));
  if (arn === undefined) return undefined;
  const { account, resource } = arn;
  const own = resource.startsWith('role/') ? `role/${resource.split('/').at(-1)}` : resource;
  return { kind: 'agent', name, key: `${account} ${own}` };
}

function requesterNamed(name: string, environment: Environment): Caller | undefined {
  const role = personRoleName('requester', environment);
  const person = personOf(role, name, environment);
  return person && { ...person, key: `${environment.account} role/${role}/${name}` };
}

function agentUser(arn: string, environment: Environment, key: string): Caller | undefined {
  const agent = environment.agents.find((candidate) => agentArn(candidate, environment) === arn);
  return agent && { kind: 'agent', name: agent.name, key };
}

/** AWS lets only these people take on these roles; who has left the definitions since is nobody here at once. */
function personOf(
  role: string,
  session: string,
  environment: Environment,
): { readonly kind: CallerKind; readonly name: string } | undefined {
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
