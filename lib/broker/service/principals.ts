/**
 * Principals and the settings that administrators change. The definitions provide the initial values; the store
 * contains later changes.
 */
import type { PrincipalBody, PrincipalView } from '@leasehold/contract';
import type { Consent } from '@leasehold/contract/consent';
import { defined } from '@leasehold/contract/defined';
import type { Principal } from '@leasehold/definitions';
import { mustSign } from '../consent/demand';
import { demandAdministrator } from '../consent/keys';
import { environmentKey } from '../consent/statement';
import type { RecordedChanges, StoredPrincipal } from '../ports';
import { isEligible } from '../rules';
import type { Caller } from './caller';
import { demandMfaSession } from './consent';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/** All principals of the environment: its agents, and the people in the definitions. */
export async function principals(deps: Deps): Promise<readonly PrincipalView[]> {
  const stored = await deps.principals.all();
  return known(deps).map((seed) => viewOf(seed, Object.hasOwn(stored, seed.name) ? stored[seed.name] : undefined));
}

/**
 * Maximum number of changes in one response. Each change contains two policies, and the response of a function is
 * limited to 6 MB.
 */
const MOST_CHANGES = 100;

/** One principal and, if requested, the principal's recorded changes. @throws {BrokerFault} `not-found` */
export async function principal(
  deps: Deps,
  name: string,
  query: { readonly changes?: string | undefined } = {},
): Promise<PrincipalView> {
  const view = viewOf(seedOf(deps, name), await deps.principals.get(name));
  if (query.changes === undefined) return view;
  const { changes, more } = await deps.changes.read(name, MOST_CHANGES);
  return { ...view, changes: changes.map(changeView), ...(more ? { more } : {}) };
}

function changeView({
  before,
  after,
  opens,
  authentic,
  assertion,
}: RecordedChanges['changes'][number]): NonNullable<PrincipalView['changes']>[number] {
  const { changedAt: at, changedBy: by, version, policy, groups } = after;
  return {
    at,
    by,
    before: { policy: before.policy, groups: [...before.groups] },
    after: { policy, groups: [...groups] },
    version,
    opens: [...opens],
    authentic,
    ...defined({ assertion }),
  };
}

/**
 * Replaces the policy and the groups of a principal. This does not add a principal or widen a role, because both are
 * set in the definitions. But a group gives the right to request roles, so adding a group widens what a person can get.
 * The change is therefore recorded before it takes effect, reported in the answer, and published on the event bus.
 * @throws {BrokerFault} `not-found`, `version-conflict`, `consent-required`
 */
export async function putPrincipal(
  deps: Deps,
  caller: Caller,
  name: string,
  { policy, groups, version, consent }: PrincipalBody,
): Promise<PrincipalView> {
  if (consent === undefined) {
    demandMfaSession(caller, {
      detail: 'A sign-in alone changes no principal.',
      hint: 'Change it with `leasehold principals`, as your IAM user with MFA.',
    });
  }
  const seed = seedOf(deps, name);
  if (seed.kind === 'agent' && groups.length > 0) throw new BrokerFault('malformed', 'An agent is in no group.');
  if (name === caller.name) {
    throw new BrokerFault('forbidden', 'Nobody can change their own policy.', { hint: 'Ask another administrator.' });
  }
  const value: StoredPrincipal = {
    policy,
    groups: [...new Set(groups)].sort(),
    version: version + 1,
    changedBy: caller.name,
    changedAt: deps.clock(),
  };
  await demandSigned(deps, caller, name, value, consent);
  const stored = await deps.principals.get(name);
  const before = stored ?? seed;
  if ((stored?.version ?? 0) === version) {
    const opens = rolesOf(deps, seed, value.groups).filter(
      (role) => !rolesOf(deps, seed, before.groups).includes(role),
    );
    const { policy: policyBefore, groups: groupsBefore } = before;
    const change = {
      before: { policy: policyBefore, groups: groupsBefore },
      after: value,
      opens,
      ...defined({ assertion: consent?.assertion }),
    };
    await deps.changes.record({ principal: name, ...change });
    if ((await deps.principals.put(name, value)) === 'stored') {
      if (opens.length > 0) deps.telemetry.count('GroupsGiven', { principal: name });
      return { ...viewOf(seed, value), ...(opens.length > 0 ? { opens } : {}) };
    }
  }
  throw new BrokerFault('version-conflict', 'Another administrator has changed the principal since it was read.', {
    hint: 'Read the principal again, and change its current version.',
  });
}

/**
 * If passkeys are required, an administrator signs the new settings together with their version. This ensures that a
 * signature can be used only once.
 */
async function demandSigned(
  deps: Deps,
  caller: Caller,
  principal: string,
  { policy, groups, version }: StoredPrincipal,
  consent: Consent | undefined,
): Promise<void> {
  if (consent === undefined) {
    if (mustSign(deps))
      throw new BrokerFault('consent-required', 'An administrator must sign this change with a passkey.');
    return;
  }
  await demandAdministrator(deps, caller, consent, {
    profile: 'leasehold.principal/1',
    decision: 'set',
    principal,
    scope: { policy, groups, version },
    approver: caller.name,
    environment: environmentKey(deps.environment),
  });
}

/** Names of the roles that a principal with these groups may request. */
function rolesOf({ roles }: Deps, { kind, name }: Seed, groups: readonly string[]): readonly string[] {
  const requester = { kind, name, key: '', groups };
  return roles.filter((brokered) => isEligible(brokered, requester)).map(({ role }) => role.name);
}

type Seed = Pick<Principal, 'kind' | 'name' | 'groups' | 'policy'>;

/** Everyone who can have an individual policy: the principals, and agents without a Principal document. */
function known({ environment }: Pick<Deps, 'environment'>): readonly Seed[] {
  const named = new Set(environment.principals.map(({ name }) => name));
  const silent = environment.agents
    .filter(({ name }) => !named.has(name))
    .map(({ name }): Seed => ({ kind: 'agent', name, groups: [], policy: '' }));
  return [...environment.principals, ...silent].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The policy that the reviewer reads about a requester. A person without a Principal document has no policy. If a
 * policy is stored under the person's name, it was written for somebody whose document was removed since then.
 */
export function policyOf(deps: Pick<Deps, 'environment'>, name: string, stored: StoredPrincipal | undefined): string {
  const seed = known(deps).find((candidate) => candidate.name === name);
  return seed === undefined ? '' : (stored?.policy ?? seed.policy);
}

function seedOf(deps: Deps, name: string): Seed {
  const seed = known(deps).find((candidate) => candidate.name === name);
  if (seed !== undefined) return seed;
  throw new BrokerFault('not-found', 'The definitions contain no such principal.', {
    hint: 'Add it to the definitions first.',
  });
}

function viewOf({ name, kind, policy, groups }: Seed, stored: StoredPrincipal | undefined): PrincipalView {
  if (stored === undefined) return { name, kind, policy, groups: [...groups], version: 0 };
  const { changedBy, changedAt, version } = stored;
  return { name, kind, policy: stored.policy, groups: [...stored.groups], version, changedBy, changedAt };
}
