/** What administrators say of principals. The definitions seed it; the store holds what was changed since. */
import type { PrincipalView } from '@leasehold/contract';
import type { Principal } from '@leasehold/definitions';
import type { StoredPrincipal } from '../ports';
import type { Caller } from './caller';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/** Everybody whom the environment knows: every agent, and the people of the definitions. */
export async function principals(deps: Deps): Promise<readonly PrincipalView[]> {
  const stored = await deps.principals.all();
  return known(deps).map((seed) => viewOf(seed, Object.hasOwn(stored, seed.name) ? stored[seed.name] : undefined));
}

/** One of them. @throws {BrokerFault} `not-found` */
export async function principal(deps: Deps, name: string): Promise<PrincipalView> {
  return viewOf(seedOf(deps, name), await deps.principals.get(name));
}

/**
 * Replaces policy and groups. Nobody is added here, and nothing is widened: what a role permits, and to whom it is open
 * at all, stands in the definitions.
 * @throws {BrokerFault} `not-found`, `version-conflict`
 */
export async function putPrincipal(
  deps: Deps,
  caller: Caller,
  name: string,
  {
    policy,
    groups,
    version,
  }: { readonly policy: string; readonly groups: readonly string[]; readonly version: number },
): Promise<PrincipalView> {
  const seed = seedOf(deps, name);
  if (seed.kind === 'agent' && groups.length > 0) throw new BrokerFault('malformed', 'An agent is in no group.');
  if (name === caller.name) {
    throw new BrokerFault('forbidden', 'Nobody changes their own policy.', { mend: 'Ask another administrator.' });
  }
  const value: StoredPrincipal = {
    policy,
    groups: [...new Set(groups)].sort(),
    version: version + 1,
    changedBy: caller.name,
    changedAt: deps.clock(),
  };
  if ((await deps.principals.put(name, value)) === 'stored') return viewOf(seed, value);
  throw new BrokerFault('version-conflict', 'Somebody else has changed the principal since it was read.', {
    mend: 'Read it again, and change what it says now.',
  });
}

type Seed = Pick<Principal, 'kind' | 'name' | 'groups' | 'policy'>;

function known({ environment }: Deps): readonly Seed[] {
  const named = new Set(environment.principals.map(({ name }) => name));
  const silent = environment.agents
    .filter(({ name }) => !named.has(name))
    .map(({ name }): Seed => ({ kind: 'agent', name, groups: [], policy: '' }));
  return [...environment.principals, ...silent].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function seedOf(deps: Deps, name: string): Seed {
  const seed = known(deps).find((candidate) => candidate.name === name);
  if (seed !== undefined) return seed;
  throw new BrokerFault('not-found', 'The definitions know no such principal.', {
    mend: 'Add it to the definitions first.',
  });
}

function viewOf({ name, kind, policy, groups }: Seed, stored: StoredPrincipal | undefined): PrincipalView {
  if (stored === undefined) return { name, kind, policy, groups: [...groups], version: 0 };
  const { changedBy, changedAt, version } = stored;
  return { name, kind, policy: stored.policy, groups: [...stored.groups], version, changedBy, changedAt };
}
