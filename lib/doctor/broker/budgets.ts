/** Verifies how much of their budgets requesters have used. */
import type { Budget, Environment } from '@leasehold/definitions';
import { COUNTED, type Counted, countName, principalKey, projectionsTableName } from '@leasehold/documents';
import { observeEach, Unread } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { withBroker } from './function';

/** Fraction of a budget. If at least this fraction is used, the budget counts as nearly exhausted. */
const NEAR_END = 0.8;

export const brokerBudgets: AccountVerification = {
  id: 'broker-budgets',
  part: 'broker',
  severity: 'medium',
  title: 'Every requester has more than a fifth of its budgets left',
  why: 'If the budget of a requester is used up, the broker rejects all requests of the requester until the window has passed. An agent that uses up its budget is probably in a loop, or somebody is trying out which requests are granted.',
  applies: withBroker,
  verify: (context) => {
    const { environment } = context;
    return observeEach(
      requesters(environment),
      (name) => `budgets of ${name}`,
      async (name) => {
        const { item, now } = await spendingOf(context, name);
        return COUNTED.flatMap((what) => faultsOf(what, name, { environment, item, now }));
      },
    );
  },
};

/** Names of all agents and people that can make requests. */
function requesters({ agents, principals }: Environment): readonly string[] {
  return [...new Set([...agents, ...principals].map(({ name }) => name))].sort();
}

type Item = Readonly<Record<string, { readonly N?: string | undefined } | undefined>>;

/** The item with a requester's counts, and AWS's time, in seconds, at which the item was read. */
async function spendingOf(
  { environment, live }: AccountContext,
  name: string,
): Promise<{ readonly item: Item; readonly now: number }> {
  const { pk, sk } = principalKey(name);
  const answer = await live.aws.call('dynamodb', 'GetItem', {
    TableName: projectionsTableName(environment),
    Key: { pk: { S: pk }, sk: { S: sk } },
    ConsistentRead: true,
  });
  const now = Math.floor(live.aws.timeOf(answer, 'dynamodb:GetItem') / 1000);
  return { item: (answer.Item ?? {}) as Item, now };
}

function faultsOf(
  what: Counted,
  name: string,
  { environment, item, now }: { readonly environment: Environment; readonly item: Item; readonly now: number },
): readonly Damage[] {
  const budget = environment.broker?.budgets[what];
  if (budget === undefined) return [];
  const count = (ago: number) => countIn(item, countName(what, budget.windowSeconds, now, ago));
  const spent = { current: count(0), previous: count(1) };
  const part = usedPart(budget, spent, now);
  const isOver = isUsedUp(budget, spent, now);
  if (part < NEAR_END && !isOver) return [];
  const { limit, windowSeconds } = budget;
  const used = `${Math.floor(part * 100)} % of its budget of ${limit} ${what} in ${windowSeconds} seconds`;
  return [
    {
      kind: 'damage',
      place: `budgets of ${name}`,
      severity: isOver ? 'high' : 'low',
      message: isOver ? `${name} has used up its budget of ${what}: ${used}.` : `${name} has used ${used}.`,
      hint: 'See what was requested: leasehold leases. Raise the budget only if all requests were for legitimate work.',
    },
  ];
}

/** @throws Unread if a count has a form that the broker never writes */
function countIn(item: Item, name: string): number {
  if (item[name] === undefined) return 0;
  const value = Number(item[name]?.N ?? Number.NaN);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Unread({ code: 'unreadable', message: `the count ${name} is not a number`, hint: 'Check this by hand.' });
}

interface Spent {
  readonly current: number;
  readonly previous: number;
}

/**
 * The used fraction of a budget, calculated as in the broker: requests in the previous window count in proportion to
 * how much of that window lies within the last `windowSeconds`.
 */
export function usedPart({ limit, windowSeconds }: Budget, { current, previous }: Spent, now: number): number {
  return (current + (previous * (windowSeconds - (now % windowSeconds))) / windowSeconds) / limit;
}

/** Whether the broker refuses the next request. */
export function isUsedUp({ limit, windowSeconds }: Budget, { current, previous }: Spent, now: number): boolean {
  return previous * (windowSeconds - (now % windowSeconds)) > (limit - current - 1) * windowSeconds;
}
