/** Shows the record of a lease, and whether it is consistent. */

import type { LeaseRecord } from '@leasehold/broker';
import { eventHash, type FoldedLease, stateAt } from '@leasehold/broker';
import { defined } from '@leasehold/contract/defined';
import { visible } from '@leasehold/contract/text';
import { LeaseError } from '@leasehold/runtime';
import type { Paint } from '../colour';
import { renderEvents } from './events';
import { type Fact, renderFacts } from './facts';
import { grantFacts, renderWords, wordsOf } from './grant';
import { type Column, renderTable } from './table';
import { count, wrap } from './text';

/** A record that was read, and the number of its events. */
export interface Audited {
  readonly id: string;
  readonly record: LeaseRecord;
  readonly stored: readonly unknown[];
}

/** One complete record. */
export function renderAudit({ id, record, stored }: Audited, now: number, paint: Paint, columns?: number): string {
  const holds = record.kind === 'holds';
  const facts = holds ? grantOf(record.lease) : [];
  return [
    `${paint('bold', visible(id))}: ${holds ? stateAt(record.lease, now) : 'not to be believed'}\n`,
    ...(facts.length === 0 ? [] : [renderFacts(facts, paint, columns)]),
    ...(holds && record.lease.proposal !== undefined
      ? [renderWords(wordsOf(record.lease, record.lease.proposal.grant), columns)]
      : []),
    ...(record.events.length === 0 ? [] : [renderEvents(record.events, paint, columns)]),
    lines(verdict(record, stored.length), columns, (line) => paint(holds ? 'green' : 'red', line)),
  ].join('\n');
}

/** The effective grant. If it cannot be shown completely, a note says so: the events are useful all the same. */
function grantOf(lease: FoldedLease): readonly Fact[] {
  const { proposal } = lease;
  if (proposal === undefined) return [];
  try {
    return [...grantFacts(proposal.grant, lease), { label: 'Grant', lines: [`SHA-256 ${proposal.hash}`] }];
  } catch (error) {
    if (!(error instanceof LeaseError)) throw error;
    return [{ label: 'Grant', lines: [visible(error.message)] }];
  }
}

/** Many records: one row each, and the errors of those that fail verification. */
export function renderAudits(audited: readonly Audited[], now: number, paint: Paint, columns?: number): string {
  const rows = audited.map(({ id, record, stored }) =>
    [
      id,
      record.kind === 'holds' ? stateAt(record.lease, now) : '',
      record.kind === 'holds' ? record.lease.requester.name : '',
      record.kind === 'holds' ? record.lease.approvals.join(', ') : '',
      String(stored.length),
      record.kind,
    ].map(visible),
  );
  const broken = audited.filter(({ record }) => record.kind === 'broken');
  return [
    renderTable(COLUMNS, rows, { paint, columns }),
    ...broken.map(({ id, record, stored }) =>
      lines(`${visible(id)}: ${verdict(record, stored.length)}`, columns, (line) => paint('red', line)),
    ),
    `${count(audited.length, 'record')}: ${broken.length === 0 ? 'all hold' : `${broken.length} broken`}\n`,
  ].join('\n');
}

/** Version of the JSON shape. */
const VERSION = 1;

/**
 * The same as data, with every event as received.
 * @param unread What was not read, in one sentence. If set, no record is reported as verified.
 */
export function auditJson(audited: readonly Audited[], now: number, unread?: string) {
  return {
    version: VERSION,
    complete: unread === undefined,
    ...defined({ unread }),
    holds: unread === undefined && audited.every(({ record }) => record.kind === 'holds'),
    leases: audited.map(({ id, record, stored }) => ({
      lease: id,
      holds: record.kind === 'holds',
      ...(record.kind === 'holds'
        ? { state: stateAt(record.lease, now), last: eventHash(record.lease.last) }
        : { fault: { after: record.events.length, code: record.code, because: record.because } }),
      events: stored,
    })),
  };
}

const COLUMNS: readonly Column[] = [
  { title: 'lease', keep: true },
  { title: 'state' },
  { title: 'for' },
  { title: 'approved by' },
  { title: 'events', align: 'right' },
  { title: 'record', hue: (cell) => (cell === 'holds' ? 'green' : 'red') },
];

function verdict(record: LeaseRecord, came: number): string {
  if (record.kind === 'holds') {
    return `The record holds: ${count(came, 'event')}, numbered without gaps, each with the hash of the one before, and each where the rules let it be. The last has the hash ${eventHash(record.lease.last)}`;
  }
  const believed = record.events.length;
  const rest = came - believed;
  const where = rest > 0 ? `broken at event ${believed + 1}` : 'not the one that it was';
  const after = rest > 1 ? ` What comes after it (${count(rest - 1, 'event')}) proves nothing.` : '';
  return `The record is ${where} [${record.code}]: ${visible(record.because)}${after}`;
}

function lines(text: string, columns: number | undefined, tint: (line: string) => string): string {
  return wrap(text, columns ?? Number.POSITIVE_INFINITY)
    .map((line) => `${tint(line)}\n`)
    .join('');
}
