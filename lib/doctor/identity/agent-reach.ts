/** Finds roles outside the stack that an agent could assume. */
import type { Environment } from '@leasehold/definitions';
import { iamArn } from '@leasehold/documents';
import { many, type Policies, type PolicyDocument } from '@leasehold/policy';
import type { LiveIdentity } from '../live/authorization';
import {
  allows,
  callerOf,
  generously,
  grants,
  type KnownCaller,
  parsedDocument,
  prepared,
  sessionsNamed,
} from '../live/grants';
import type { Live } from '../live/live';
import { deployedIdentities } from '../roles/deployed-identities';
import { observeEach } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { existingRoles, observeAgents } from './agent-users';

const ASSUME = 'sts:AssumeRole';

export const agentReach: AccountVerification = {
  id: 'agent-reach',
  part: 'identity',
  severity: 'critical',
  title: 'No agent can assume a role outside the stack',
  why: "A trust policy that names the agent grants access by itself. A trust policy that names the account grants access to everybody in the account whose policies allow the call. The doctor reads all roles of the account, and evaluates their trust policies together with the agent's current policies.",
  applies: ({ agents }) => agents.length > 0,
  verify: async (context) => [
    ...(await observeAgents(context, async ({ live }) => reachOf(live, await powersOf(live, context.live), context))),
    ...(await observeEach(
      existingRoles(context.environment),
      ({ arn }) => arn,
      async ({ name, arn, isLocal }) => {
        // A role in another account cannot be read. Its policies are assumed to allow everything.
        if (!isLocal) return reachOf(foreignRole(name, arn), UNKNOWN_POWERS, context);
        const live = await context.live.identity('role', name);
        return live?.arn === arn ? reachOf(live, await powersOf(live, context.live), context) : [];
      },
    )),
  ],
};

/** The roles outside the stack that an agent can assume. */
async function reachOf(agent: LiveIdentity, powers: Powers, { environment, live }: AccountContext) {
  const { roles } = await live.authorization();
  const ours = new Set(deployedIdentities(environment).map(({ arn }) => arn));
  const reach = new Reach(agent, powers, environment);
  return [...roles.values()]
    .filter(({ arn }) => !ours.has(arn) && arn !== agent.arn)
    .flatMap((role) => reach.of(role))
    .map((damage): Damage => ({ ...damage, place: agent.arn }));
}

/** A role in another account; only its ARN is known. */
function foreignRole(name: string, arn: string): LiveIdentity {
  return {
    kind: 'role',
    arn,
    name,
    id: '',
    inline: new Map(),
    attached: [],
    groups: [],
    boundary: undefined,
    trust: undefined,
    tags: new Map(),
  };
}

interface Powers {
  readonly identity: readonly PolicyDocument[];
  readonly boundary: PolicyDocument | undefined;
  /** Whether a policy or a group cannot be read. */
  readonly unclear: boolean;
}

/** The policies that currently apply to a user or role, including those of its groups. */
async function powersOf({ inline, attached, groups, boundary }: LiveIdentity, account: Live): Promise<Powers> {
  const all = await account.authorization();
  const joined = groups.flatMap((name) => all.groups.get(name) ?? []);
  const texts = [
    ...inline.values(),
    ...joined.flatMap((group) => [...group.inline.values()]),
    ...(await Promise.all(
      [...attached, ...joined.flatMap((group) => group.attached)].map((arn) => account.policyText(arn)),
    )),
  ];
  const documents = texts.map((text) => parsedDocument(text, 'identity'));
  const limit = boundary === undefined ? undefined : parsedDocument(await account.policyText(boundary), 'identity');
  return {
    identity: documents.filter((document) => document !== undefined),
    boundary: limit,
    unclear: documents.includes(undefined) || groups.some((name) => !all.groups.has(name)),
  };
}

const UNKNOWN_POWERS: Powers = { identity: [], boundary: undefined, unclear: true };

const EVERYTHING: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** Evaluates which roles an agent can assume. There may be thousands of roles, so each policy is prepared only once. */
class Reach {
  readonly #agent: LiveIdentity;
  readonly #caller: KnownCaller;
  readonly #powers: Powers;
  /**
   * The agent's policies, with a trust policy that permits everything these policies permit; `undefined` if a policy
   * cannot be read.
   */
  readonly #own: Policies | undefined;
  /** Prepared trust policies by their text, because many roles have the same trust policy. */
  readonly #trusts = new Map<string, PreparedTrust | undefined>();

  constructor(agent: LiveIdentity, powers: Powers, environment: Environment) {
    this.#agent = agent;
    this.#caller = callerOf(agent);
    this.#powers = powers;
    const identity = powers.identity.map((document) => generously(document, this.#caller));
    const trust = anybodyOf(environment);
    this.#own = powers.unclear ? undefined : prepared({ identity, trust });
  }

  /** Ways in which the agent can assume a role outside the stack. */
  of(role: LiveIdentity): readonly Omit<Damage, 'place'>[] {
    const trust = this.#trustOf(role.trust ?? '');
    if (trust === undefined) return [unreadable(role)];
    const asks = (policies: Policies) => trust.callers.some((caller) => allows(policies, ASSUME, role.arn, caller));
    const named = asks(trust.alone);
    if (!named && !asks(trust.withEverything)) return [];
    // If the trust policy names the account, the agent's own policies decide. Unreadable policies are assumed to allow
    // everything.
    if (!named && this.#own !== undefined && !asks(this.#own)) return [];
    const stopped = this.#isStopped(role, trust);
    const how = named
      ? 'names the agent'
      : this.#own === undefined
        ? "may let the agent in: the agent's own policies cannot be read"
        : "names the account, and the agent's policies allow the call";
    return [
      {
        kind: 'damage',
        severity: stopped ? 'high' : 'critical',
        message: `The trust policy of ${role.arn} ${how}. ${stopped ? "Only the agent's boundary denies it." : 'Nothing denies it.'}`,
        hint: `Remove the agent from the trust policy of the role. If ${role.name} is meant for the agent, define ${role.name} as a role of the project instead.`,
      },
    ];
  }

  /** Whether the agent's current permissions boundary denies the call. */
  #isStopped(role: LiveIdentity, { relaxed, callers }: PreparedTrust): boolean {
    const { boundary } = this.#powers;
    if (boundary === undefined) return false;
    const documents = { trust: relaxed, identity: [EVERYTHING], boundary: generously(boundary, this.#caller) };
    return callers.every((caller) => grants(documents, ASSUME, role.arn, caller) === 'not granted');
  }

  #trustOf(text: string): PreparedTrust | undefined {
    if (!this.#trusts.has(text)) this.#trusts.set(text, preparedTrust(text, this.#agent, this.#caller));
    return this.#trusts.get(text);
  }
}

interface PreparedTrust {
  /** The agent, and its role sessions that the trust policy names, because a role session can have any name. */
  readonly callers: readonly KnownCaller[];
  readonly relaxed: PolicyDocument;
  readonly alone: Policies;
  readonly withEverything: Policies;
}

function preparedTrust(text: string, agent: LiveIdentity, caller: KnownCaller): PreparedTrust | undefined {
  const document = parsedDocument(text);
  if (document === undefined) return undefined;
  const sessions = many(document.Statement).flatMap((statement) => sessionsNamed(statement, agent));
  const callers = [caller, ...sessions.map((name) => asSession(caller, name))];
  const relaxed = generously(document, caller);
  const alone = prepared({ trust: relaxed });
  const withEverything = prepared({ trust: relaxed, identity: [EVERYTHING] });
  return alone && withEverything && { callers, relaxed, alone, withEverything };
}

function asSession({ principal, context }: KnownCaller, sessionName: string): KnownCaller {
  return { principal: principal.kind === 'session' ? { ...principal, sessionName } : principal, context };
}

/** A trust policy that permits everything that the identity policies in the account permit. */
function anybodyOf(environment: Environment): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: iamArn(environment, 'root') }, Action: ASSUME }],
  };
}

function unreadable(role: LiveIdentity): Omit<Damage, 'place'> {
  return {
    kind: 'damage',
    severity: 'high',
    message: `The trust policy of ${role.arn} cannot be read. The policy may permit the agent to assume the role.`,
    hint: 'Read it by hand.',
  };
}
