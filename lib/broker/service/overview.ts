/** What administrators see of the environment: budgets and groups. The functions in this file have no side effects. */
import type { BudgetList, GroupList } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import type { Budget } from '@leasehold/definitions';
import { inBatches } from '../batches';
import { budgetLeft, budgetUsed } from '../budget';
import type { Spent } from '../ports';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { known, rolesOf } from './principals';

/** Maximum number of principals read in parallel. */
const AT_ONCE = 25;

/** How much of their budgets the agents and the people in the definitions have used. @throws {Unavailable} */
export async function budgets(deps: Deps): Promise<BudgetList> {
  const limits = deps.environment.broker?.budgets;
  if (limits === undefined) throw new BrokerFault('unavailable', 'The environment has no broker.');
  const requesters = await inBatches(known(deps), AT_ONCE, async (seed) => {
    const now = deps.clock();
    const { requests, denials, stored } = await deps.principals.account(seed.name, now);
    return {
      name: seed.name,
      kind: seed.kind,
      roles: [...rolesOf(deps, seed, (stored ?? seed).groups)],
      requests: spentOf(limits.requests, requests, now),
      denials: spentOf(limits.denials, denials, now),
    };
  });
  return { requests: { ...limits.requests }, denials: { ...limits.denials }, requesters };
}

function spentOf(budget: Budget, spent: Spent, now: number): BudgetList['requesters'][number]['requests'] {
  const left = budgetLeft(budget, spent, now);
  return { used: budgetUsed(budget, spent, now), ...defined({ retryAfter: left.ok ? undefined : left.retryAfter }) };
}

/** The groups in the definitions, their members, and the roles that the members can request. @throws {Unavailable} */
export async function groups(deps: Deps): Promise<GroupList> {
  const { environment, roles } = deps;
  const stored = await deps.principals.all();
  const people = known(deps)
    .filter(({ kind }) => kind === 'person')
    .map(({ name, groups: seed }) => ({
      name,
      groups: (Object.hasOwn(stored, name) ? stored[name] : undefined)?.groups ?? seed,
    }));
  const signIn = environment.broker?.people?.groups;
  const names = new Set([
    ...roles.flatMap(({ eligible }) => eligible.groups),
    ...people.flatMap((each) => each.groups),
  ]);
  return {
    ...(signIn === undefined
      ? {}
      : {
          signIn: {
            requester: claims(signIn.requester),
            approver: claims(signIn.approver),
            administrator: claims(signIn.administrator),
          },
        }),
    groups: [...names].sort().map((name) => ({
      name,
      members: people.filter((each) => each.groups.includes(name)).map((each) => each.name),
      roles: roles.filter(({ eligible }) => eligible.groups.includes(name)).map(({ role }) => role.name),
    })),
    roles: roles.map(({ role, humans, reviewer, eligible }) => ({
      name: role.name,
      humans,
      reviewer,
      groups: [...eligible.groups],
      agents: [...eligible.agents],
    })),
  };
}

function claims(permitted: '*' | readonly string[]): '*' | string[] {
  return permitted === '*' ? '*' : [...permitted];
}
