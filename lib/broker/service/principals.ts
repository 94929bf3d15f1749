/**
 * Principals and the settings that administrators change. The definitions provide the initial values; the store
 * contains later changes.
 */
import type { AdministrationRecord, PrincipalBody, PrincipalView } from '@leasehold/contract';
import type { Settings } from '@leasehold/contract/administration';
import type { Consent } from '@leasehold/contract/consent';
import { defined } from '@leasehold/contract/defined';
import type { Environment, Principal } from '@leasehold/definitions';
import { type AdministrationBody, administrationStatement, settingsRecordOf } from '../consent/administration';
import { mustSign } from '../consent/demand';
import { demandAdministrator } from '../consent/keys';
import type { StoredPrincipal } from '../ports';
import { isEligible } from '../rules';
import { appendTo, pageOf, readAdministration } from './administration';
import type { Caller } from './caller';
import { demandMfaSession } from './consent';
import type { Deps } from './deps';
import { BrokerFault } from './fault';

/** All principals of the environment: its agents, and the people in the definitions. */
export async function principals(deps: Deps): Promise<readonly PrincipalView[]> {
  const stored = await deps.principals.all();
  return known(deps).map((seed) =>
    viewOf(deps, seed, Object.hasOwn(stored, seed.name) ? stored[seed.name] : undefined),
  );
}

/** One principal. @throws {BrokerFault} `not-found` */
export async function principal(deps: Deps, name: string): Promise<PrincipalView> {
  return viewOf(deps, seedOf(deps, name), await deps.principals.get(name));
}

/**
 * The record of the changes to a principal. The record is not verified here.
 * @throws {BrokerFault} `not-found`, `broken-record`
 */
export async function principalEvents(
  deps: Deps,
  name: string,
  { after }: { readonly after?: number | undefined },
): Promise<AdministrationRecord> {
  seedOf(deps, name);
  return pageOf(deps, settingsRecordOf(name), after);
}

/**
 * Replaces the policy and the groups of a principal. This does not add a principal or widen a role, because both are
 * set in the definitions. But a group gives the right to request roles, so adding a group widens what a person can get.
 * The change is therefore recorded before it takes effect, reported in the answer, and published on the event bus.
 * @throws {BrokerFault} `not-found`, `version-conflict`, `consent-required`, `consent-invalid`, `broken-record`
 */
export async function putPrincipal(
  deps: Deps,
  caller: Caller,
  name: string,
  { policy, groups, version, consent }: PrincipalBody,
): Promise<PrincipalView> {
  if (consent === undefined) {
    if (mustSign(deps)) {
      throw new BrokerFault('consent-required', 'An administrator must sign this change with a passkey.', {
        hint: 'Make the change on the Principals page of the console, and sign it with your passkey.',
      });
    }
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
  const stored = await deps.principals.get(name);
  if ((stored?.version ?? 0) !== version) throw changedMeanwhile();
  const after = { policy, groups: [...new Set(groups)].sort() };
  const before = settingsOf(stored ?? seed);
  const opens = rolesOf(deps, seed, after.groups).filter((role) => !rolesOf(deps, seed, before.groups).includes(role));
  const change = { type: 'principal-set', by: caller.name, before, after, version: version + 1, opens } as const;
  await recordChange(deps, caller, name, change, consent);
  const value: StoredPrincipal = { ...after, version: version + 1, changedBy: caller.name, changedAt: deps.clock() };
  if ((await deps.principals.put(name, value)) !== 'stored') throw changedMeanwhile();
  if (opens.length > 0) deps.telemetry.count('GroupsGiven', { principal: name });
  return { ...viewOf(deps, seed, value), ...(opens.length > 0 ? { opens } : {}) };
}

/**
 * Appends the change to the principal's record. A signature covers the old and the new settings, the version, and the
 * hash of the event before it.
 */
async function recordChange(
  deps: Deps,
  caller: Caller,
  name: string,
  change: Omit<Extract<AdministrationBody, { type: 'principal-set' }>, 'assertion'>,
  consent: Consent | undefined,
): Promise<void> {
  const record = await readAdministration(deps, settingsRecordOf(name));
  if (consent !== undefined) {
    await demandAdministrator(deps, caller, consent, administrationStatement(record, change));
  }
  const body = { ...change, ...defined({ assertion: consent?.assertion }) };
  // The statement depends on the event before, so a change that was second cannot be recorded again.
  if ((await appendTo(deps, record, body)) === 'conflict') throw changedMeanwhile();
}

function changedMeanwhile(): BrokerFault {
  return new BrokerFault('version-conflict', 'Another administrator has changed the principal since you read it.', {
    hint: 'Read the principal again, and change its current version.',
  });
}

function settingsOf({ policy, groups }: Settings): Settings {
  return { policy, groups: [...groups] };
}

/** Names of the roles that a principal with these groups may request. */
export function rolesOf({ roles }: Deps, { kind, name }: Seed, groups: readonly string[]): readonly string[] {
  const requester = { kind, name, key: '', groups };
  return roles.filter((brokered) => isEligible(brokered, requester)).map(({ role }) => role.name);
}

type Seed = Pick<Principal, 'kind' | 'name' | 'groups' | 'policy'>;

/** Everyone who can have an individual policy: the principals, and agents without a Principal document. */
export function known({ environment }: Pick<Deps, 'environment'>): readonly Seed[] {
  const named = new Set(environment.principals.map(({ name }) => name));
  const silent = environment.agents
    .filter(({ name }) => !named.has(name))
    .map(({ name }): Seed => ({ kind: 'agent', name, groups: [], policy: '' }));
  return [...environment.principals, ...silent].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The policy for a requester, as the reviewer reads it. A person without a Principal document has no policy. If a
 * policy is stored under the person's name, it was written for somebody whose document was removed since then.
 */
export function policyOf(deps: Pick<Deps, 'environment'>, name: string, stored: StoredPrincipal | undefined): string {
  const seed = known(deps).find((candidate) => candidate.name === name);
  return seed === undefined ? '' : (stored?.policy ?? seed.policy);
}

function seedOf(deps: Deps, name: string): Seed {
  const seed = known(deps).find((candidate) => candidate.name === name);
  if (seed !== undefined) return seed;
  throw new BrokerFault('not-found', 'The definitions do not contain this principal.', {
    hint: 'Add it to the definitions first.',
  });
}

function viewOf(
  { environment }: Pick<Deps, 'environment'>,
  { name, kind, policy, groups }: Seed,
  stored: StoredPrincipal | undefined,
): PrincipalView {
  const view = { name, kind, capacities: [...capacitiesOf({ name, kind }, environment)] };
  if (stored === undefined) return { ...view, policy, groups: [...groups], version: 0 };
  const { changedBy, changedAt, version } = stored;
  return { ...view, policy: stored.policy, groups: [...stored.groups], version, changedBy, changedAt };
}

/** The capacities in which the definitions let a principal act. */
function capacitiesOf(
  { name, kind }: Pick<Seed, 'kind' | 'name'>,
  environment: Environment,
): PrincipalView['capacities'] {
  if (kind === 'agent') return ['requester'];
  const isAdministrator = environment.principals.some((each) => each.name === name && each.administrator);
  return [
    'requester',
    ...(environment.approvers.includes(name) ? (['approver'] as const) : []),
    ...(isAdministrator ? (['administrator'] as const) : []),
  ];
}
