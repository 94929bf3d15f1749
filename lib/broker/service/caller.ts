/** Identifies the caller only from what AWS verified. */
import type { CallerKind } from '@leasehold/contract/routes';
import type { Environment } from '@leasehold/definitions';
import { agentArn, PERSON_KINDS, personRoleName } from '@leasehold/documents';
import { parseArn } from '@leasehold/policy';
import type { Requester } from '../identity';

/** An authenticated caller. */
export interface Caller {
  readonly kind: CallerKind;
  /** The name of the agent or person. */
  readonly name: string;
  /** Account and user or role, as in {@link Requester.key}. */
  readonly key: string;
}

/**
 * The caller behind an ARN that API Gateway verified: a user, or a role session. Session ARNs omit the role's path, so
 * a role is identified by account and name, which are unique together.
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
    if (person !== undefined) return { ...person, key: `${account} role/${role}/${session}` };
  }
  const agent = environment.agents.find((candidate) => {
    const own = parseArn(agentArn(candidate, environment));
    return own?.account === account && own.resource.startsWith('role/') && own.resource.split('/').at(-1) === role;
  });
  return agent && { kind: 'agent', name: agent.name, key: `${account} role/${role}` };
}

/** The caller as a requester of leases. */
export function requesterOf({ kind, name, key }: Caller, groups: readonly string[]): Requester {
  return { kind: kind === 'agent' ? 'agent' : 'person', name, key, groups: [...groups].sort() };
}

/** The groups of a person. Groups that administrators stored override those in the definitions. An agent has none. */
export function groupsOf(
  { kind, name }: Pick<Caller, 'kind' | 'name'>,
  stored: { readonly groups: readonly string[] } | undefined,
  environment: Environment,
): readonly string[] {
  if (kind === 'agent') return [];
  return stored?.groups ?? environment.principals.find((known) => known.name === name)?.groups ?? [];
}

/**
 * The recorded requester of a lease as a current caller.
 * @returns undefined where the environment does not define the requester, or defines it with another key.
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

/**
 * AWS permits only these people to assume these roles. A person who was removed from the definitions is rejected here
 * immediately.
 */
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
