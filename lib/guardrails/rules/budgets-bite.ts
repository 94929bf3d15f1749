import type { Budget } from '@leasehold/definitions';
import { firstWritten } from '../finding-place';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/**
 * One request per second. A higher budget has no effect on an agent in a loop, and the broker may call a model for each
 * request.
 */
const MOST_PER_HOUR = 3600;

/** A budget must be low enough to stop an agent in a loop. */
export const budgetsBite: EnvironmentGuardrail = {
  id: 'budgets-bite',
  title: 'The budgets of the broker stop an agent that loops',
  severity: 'warning',
  page: pageOf('budgets-bite'),
  over: 'environment',
  *check({ environment }) {
    if (environment.broker === undefined) return;
    const { budgets, locate } = environment.broker;
    const requests = perHour(budgets.requests);
    if (requests > MOST_PER_HOUR) {
      yield {
        message: `A requester may make ${Math.round(requests)} requests an hour. A budget of more than one request per second does not stop an agent in a loop.`,
        hint: 'Lower `limit`, or lengthen `window`.',
        at: firstWritten(locate, ['budgets', 'requests', 'limit'], ['budgets', 'requests']),
      };
    }
    if (perHour(budgets.denials) < requests) return;
    yield {
      message: `The limit on denials (${budgets.denials.limit} in ${budgets.denials.windowSeconds} s) is not lower than the limit on requests, so denials never stop a requester.`,
      hint: 'Allow fewer denials than requests, for example `denials: { limit: 10, window: 1h }`.',
      at: firstWritten(locate, ['budgets', 'denials', 'limit'], ['budgets', 'denials'], ['budgets']),
    };
  },
};

function perHour({ limit, windowSeconds }: Budget): number {
  return (limit * 3600) / windowSeconds;
}
