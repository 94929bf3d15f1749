/** Who did what on whose say-so: a lease is the list of its events, and the list is chained. */
import { eventHash } from '@leasehold/broker';
import type { LeaseEvent } from '../../../../lib/broker/lease/event';
import { readRecord } from '../../../../lib/broker/lease/record';
import type { Stage } from '../stage';
import type { Teller } from '../teller';

export async function audit({ person, dev }: Stage, teller: Teller, id: string): Promise<void> {
  teller.chapter('An auditor asks who booked that, on whose say-so.');
  const ravi = await person('ravi', 'approver');
  const { events } = await teller.goes(
    `GET /leases/${id}/events`,
    () => ravi.events(id),
    ({ events: found }) => ({ outcome: `${found.length} events, each with the hash of the one before` }),
  );
  const record = readRecord(id, events);
  teller.demand(record.kind === 'holds', 'the chain holds');
  for (const event of record.events) teller.note(line(event));
  teller.demand(record.lease.state === 'revoked', 'the events add up to the lease as it is');

  const forged = structuredClone(record.events) as LeaseEvent[];
  const asked = forged[0]?.body;
  if (asked?.type === 'requested') Object.assign(asked.asked, { reason: 'A routine check, nothing to see here' });
  const { kind } = readRecord(id, forged);
  teller.demand(kind === 'broken', 'an event that was edited is found');
  teller.moral('The chain holds. With another reason in the first event it does not: nothing here was edited.');

  const cut = dev.sandbox.log.events.find(
    ({ eventName, requestParameters }) => eventName === 'AssumeRole' && JSON.stringify(requestParameters).includes(id),
  );
  teller.demand(cut !== undefined, 'CloudTrail has the session');
  teller.moral('CloudTrail has it, too, because IAM demands it of every session:');
  for (const [name, value] of tagsOf(cut.requestParameters)) teller.note(`${name.padEnd(16)} ${value}`);
}

function line(event: LeaseEvent): string {
  const { sequence, at, body } = event;
  const time = new Date(at * 1000).toISOString().slice(11, 19);
  return `${String(sequence).padStart(2)}  ${time}  ${eventHash(event).slice(0, 12)}  ${body.type.padEnd(9)}  ${whoIn(event)}`;
}

function whoIn({ body }: LeaseEvent): string {
  switch (body.type) {
    case 'requested':
      return `by ${body.requester.kind} ${body.requester.name}`;
    case 'reviewed':
      return `by ${body.model}: ${body.review.decision}, risk ${body.review.risk}`;
    case 'proposed':
      return `to ${body.approvers.join(' and ')}, of whom ${body.humans} must say yes`;
    case 'approved':
      return `by ${body.by.name}, with MFA`;
    case 'issued':
      return `until ${new Date(body.until * 1000).toISOString().slice(11, 19)} at most`;
    case 'collected':
      return `by ${body.by}`;
    case 'revoked':
      return `by ${body.by}: ${body.because}`;
    default:
      return '';
  }
}

function tagsOf(parameters: Readonly<Record<string, unknown>> | null): readonly (readonly [string, string])[] {
  const tags = (parameters?.tags ?? []) as readonly { readonly key: string; readonly value: string }[];
  return tags.map(({ key, value }) => [key, value] as const);
}
