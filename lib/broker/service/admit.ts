/**
 * The first step of every request and proposal: identifies the requester, and checks that the requester's budgets
 * permit the request.
 */
import type { RequestBody } from '@leasehold/contract';
import { largest } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { budgetLeft } from '../budget';
import type { RequestIdentity, Subject } from '../identity';
import { TokenInvalid } from '../port-errors';
import type { Account } from '../ports';
import { type Caller, groupsOf, requesterOf } from './caller';
import type { Deps } from './deps';
import { BrokerFault } from './fault';
import { policyOf } from './principals';

/** A requester whose budgets permit one more request. */
export interface Admitted {
  readonly who: RequestIdentity;
  readonly account: Account;
  /** The policy that administrators wrote for the requester. */
  readonly policy: string;
  readonly now: number;
}

/** Counts the request, and identifies the requester and the subject. @throws {BrokerFault} */
export async function admit(deps: Deps, caller: Caller, body: Pick<RequestBody, 'subjectToken'>): Promise<Admitted> {
  const now = deps.clock();
  const account = await deps.principals.spend(caller.name, 'requests', now);
  demandBudget(deps, account, now);
  const requester = requesterOf(caller, groupsOf(caller, account.stored, deps.environment));
  const who = { requester, ...defined({ subject: await subjectOf(deps, body) }) };
  return { who, account, policy: policyOf(deps, caller.name, account.stored), now };
}

function demandBudget({ environment, telemetry }: Deps, { requests, denials }: Account, now: number): void {
  const budgets = environment.broker?.budgets;
  if (budgets === undefined) throw new BrokerFault('unavailable', 'The environment has no broker.');
  // The current request has already been counted.
  const left = [
    budgetLeft(budgets.requests, { ...requests, current: Math.max(0, requests.current - 1) }, now),
    budgetLeft(budgets.denials, denials, now),
  ].map((each) => (each.ok ? 0 : each.retryAfter));
  const retryAfter = largest(left);
  if (retryAfter === 0) return;
  telemetry.count('Throttled');
  throw new BrokerFault('over-budget', 'The requester has used up its budget for requests or denials.', { retryAfter });
}

async function subjectOf(
  { tokens }: Deps,
  { subjectToken }: Pick<RequestBody, 'subjectToken'>,
): Promise<Subject | undefined> {
  if (subjectToken === undefined) return undefined;
  if (tokens === undefined)
    throw new BrokerFault('subject-invalid', 'This broker does not accept tokens of signed-in users.');
  try {
    return await tokens.verify(subjectToken);
  } catch (error) {
    if (!(error instanceof TokenInvalid)) throw error;
    const retryable = error.why === 'keys-unavailable';
    throw new BrokerFault(
      'subject-invalid',
      `The subject's token is not accepted: ${error.why}.`,
      retryable ? { retryAfter: 5 } : {},
      { cause: error },
    );
  }
}
