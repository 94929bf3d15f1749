/**
 * The record of a lease, read as by somebody who trusts nobody who kept or carried it: each event strictly, for what a
 * reader does not know it cannot show; then all of them by the fold's own rules.
 */
import * as z from 'zod';
import { eventHash, type LeaseEvent } from './event';
import { LeaseFault, type LeaseFaultCode } from './fault';
import { append, fold, type Lease } from './fold';

/** What a list of events is worth. */
export type LeaseRecord =
  | { readonly kind: 'holds'; readonly lease: Lease; readonly events: readonly LeaseEvent[] }
  | {
      readonly kind: 'broken';
      /** The events before the first that cannot be believed; all, where each can and the whole cannot. */
      readonly events: readonly LeaseEvent[];
      readonly code: LeaseFaultCode;
      /** One sentence. */
      readonly because: string;
    };

/**
 * Reads the whole record of the lease with this id. Never throws.
 * @param told.seen The hash of an event that was there once. With it nothing up to that event can have been rewritten since.
 * @param told.unauthentic Sequences of events that the broker found to be none of its own.
 */
export function readRecord(
  id: string,
  stored: readonly unknown[],
  {
    seen,
    unauthentic = [],
  }: { readonly seen?: string | undefined; readonly unauthentic?: readonly number[] | undefined } = {},
): LeaseRecord {
  const events: LeaseEvent[] = [];
  let lease: Lease | undefined;
  for (const each of stored) {
    try {
      const event = readEvent(each, events.length + 1);
      if (event.lease !== id)
        throw new LeaseFault('out-of-sequence', `Event ${events.length + 1} is of another lease.`);
      if (unauthentic.includes(event.sequence)) {
        throw new LeaseFault('unauthentic', `Event ${event.sequence} was not written by the broker's function.`);
      }
      lease = lease === undefined ? fold([event]) : append(lease, event);
      events.push(event);
    } catch (error) {
      return { kind: 'broken', events, ...faultOf(error, events.length + 1) };
    }
  }
  const broken = (because: string): LeaseRecord => ({ kind: 'broken', events, code: 'out-of-sequence', because });
  if (lease === undefined) return broken('There is no event.');
  if (seen !== undefined && !events.some((event) => eventHash(event) === seen)) {
    return broken('No event has the hash that was seen before: the record was rewritten, or cut off.');
  }
  return { kind: 'holds', lease, events };
}

/** The event itself, not a copy: what is hashed is what came. */
function readEvent(stored: unknown, place: number): LeaseEvent {
  const { success, error } = storedEvent.safeParse(stored);
  if (success) return stored as LeaseEvent;
  const [issue] = error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new LeaseFault('malformed', `Event ${place} cannot be read${where}: ${issue?.message ?? 'no event'}.`);
}

/** Whatever else goes wrong, such as a text that has no canonical form, makes the event one that cannot be read. */
function faultOf(error: unknown, place: number): { readonly code: LeaseFaultCode; readonly because: string } {
  return error instanceof LeaseFault
    ? { code: error.code, because: error.message }
    : { code: 'malformed', because: `Event ${place} cannot be read.` };
}

const text = z.string();
const time = z.int();
const texts = z.record(text, text);
const approver = z.strictObject({ name: text });

const grant = z.strictObject({
  version: z.literal(1),
  project: text,
  environment: text,
  account: text,
  role: text,
  roleArn: text,
  policy: z.strictObject({ Version: text.optional(), Statement: z.unknown() }),
  parameters: texts,
  tags: texts,
  sourceIdentity: text,
  seconds: time,
  requester: text,
  subject: text.optional(),
  reason: text,
});

const review = z.strictObject({
  decision: z.enum(['allow', 'deny', 'escalate', 'failed']),
  risk: z.enum(['low', 'medium', 'high']).optional(),
  sentence: text,
  answer: z.unknown().optional(),
});

const body = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('requested'),
    requester: z.strictObject({ kind: z.enum(['agent', 'person']), name: text, key: text, groups: z.array(text) }),
    subject: z.strictObject({ issuer: text, sub: text, claims: texts }).optional(),
    asked: z.record(text, z.unknown()),
  }),
  z.strictObject({ type: z.literal('reviewed'), model: text, review }),
  z.strictObject({
    type: z.literal('proposed'),
    grant,
    humans: time,
    approvers: z.array(text),
    until: time,
  }),
  z.strictObject({ type: z.literal('approved'), by: approver, hash: text }),
  z.strictObject({
    type: z.literal('denied'),
    by: z.union([approver, z.literal('broker')]),
    code: text,
    because: text,
  }),
  z.strictObject({ type: z.literal('lapsed') }),
  z.strictObject({ type: z.literal('issued'), hash: text, until: time }),
  z.strictObject({ type: z.literal('failed'), call: text, code: text }),
  z.strictObject({ type: z.literal('collected'), by: text }),
  z.strictObject({ type: z.literal('revoked'), by: text, because: text }),
]);

const storedEvent = z.strictObject({ lease: text, sequence: z.int().min(1), at: time, previous: text, body });
