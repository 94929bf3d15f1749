/**
 * Proposes a lease for a task that is described in plain words, before anything is requested. A proposal permits
 * nothing: it creates no lease and records no event. To get the lease, the person sends an ordinary request, and the
 * broker decides on this request independently.
 */
import type { Proposal, ProposeBody } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { many } from '@leasehold/policy';
import type { Grant } from '../grant/grant';
import type { EventBody } from '../lease/event';
import type { BrokeredRole } from '../rules';
import { admit } from './admit';
import type { Caller } from './caller';
import { denialFault } from './denial';
import type { Deps } from './deps';
import { leaseId, offerOf } from './offer';
import { Reservation } from './reservation';
import { settle } from './settle';

/**
 * Decides on an intent in the same way as on a request, with the same reviewer, validator and budgets, and returns the
 * values for a request.
 * @throws {BrokerFault} for every refusal
 */
export async function propose(deps: Deps, caller: Caller, body: ProposeBody): Promise<Proposal> {
  const admitted = await admit(deps, caller, body);
  const { who, account, now } = admitted;
  // A grant contains the id of its lease. No lease with this id is ever created.
  const offer = offerOf(leaseId(who.requester, undefined, deps.newId), who, body, deps);
  const reservation = new Reservation(deps, { principal: caller.name, account, now });
  const outcome = await settle(deps, offer, admitted, reservation);
  if (outcome.kind === 'denied') throw await denialFault(deps, outcome, offer, reservation);
  await reservation.giveBack();
  const { grant, brokered, humans, events } = outcome;
  const { sentence, risk } = reviewIn(events) ?? {};
  return {
    role: grant.role,
    parameters: freeParameters(grant, brokered),
    actions: actionsIn(grant),
    seconds: grant.seconds,
    humans,
    ...defined({ sentence, risk }),
  };
}

/** The parameters that a request contains. The others come from the identity of the requester. */
function freeParameters({ parameters }: Grant, { bindings }: BrokeredRole): Proposal['parameters'] {
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !Object.hasOwn(bindings, name)));
}

/** The actions of the grant, and the ARNs of its managed policies. */
function actionsIn({ policy, managedPolicies = [] }: Grant): string[] {
  const allowed = many(policy.Statement).filter(({ Effect }) => Effect === 'Allow');
  const actions = allowed.flatMap(({ Action }) => many(Action));
  return [...new Set([...actions, ...managedPolicies.map(({ arn }) => arn)])].sort();
}

function reviewIn(events: readonly EventBody[]) {
  return events.findLast((event) => event.type === 'reviewed')?.review;
}
