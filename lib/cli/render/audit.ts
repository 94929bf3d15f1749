/** Shows the record of a lease, and whether the record is consistent. */

import type { LeaseRecord, VerifiedDecision, VerifiedExport, VerifiedLease } from '@leasehold/broker';
import { eventHash, type FoldedLease, stateAt } from '@leasehold/broker';
import { proofText, untrustedTexts } from '@leasehold/broker/core';
import { defined } from '@leasehold/contract/defined';
import { visible } from '@leasehold/contract/text';
import { LeaseError } from '@leasehold/runtime';
import type { Paint } from '../colour';
import { renderEvents } from './events';
import { type Fact, renderFacts } from './facts';
import { grantFacts, renderWords } from './grant';
import { type Column, renderTable } from './table';
import { count, wrap } from './text';

/** Renders one complete record. */
export function renderAudit(
  { id, record, stored, decisions, valid }: VerifiedLease,
  now: number,
  paint: Paint,
  columns?: number,
): string {
  const holds = record.kind === 'holds';
  const facts = holds ? grantOf(record.lease) : [];
  return [
    `${paint('bold', visible(id))}: ${holds ? stateAt(record.lease, now) : 'the record is broken'}\n`,
    ...(facts.length === 0 ? [] : [renderFacts(facts, paint, columns)]),
    ...(holds && record.lease.proposal !== undefined
      ? [renderWords(untrustedTexts(record.lease, record.lease.proposal.grant), columns)]
      : []),
    ...(record.events.length === 0 ? [] : [renderEvents(record.events, paint, columns)]),
    lines(verdict(record, stored.length), columns, (line) => paint(valid ? 'green' : 'red', line)),
    ...(decisions.some(({ proof }) => proof.kind !== 'unsigned') ? [renderDecisions(decisions, paint, columns)] : []),
  ].join('\n');
}

/**
 * The effective grant. If the grant cannot be shown completely, a note is shown instead of an error, because the
 * events are useful without the grant.
 */
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

/** Renders several records: one row for each record, and the errors of records that fail verification. */
export function renderAudits(audited: readonly VerifiedLease[], now: number, paint: Paint, columns?: number): string {
  const rows = audited.map(({ id, record, stored, valid }) =>
    [
      id,
      record.kind === 'holds' ? stateAt(record.lease, now) : '',
      record.kind === 'holds' ? record.lease.requester.name : '',
      record.kind === 'holds' ? record.lease.approvals.join(', ') : '',
      String(stored.length),
      record.kind === 'holds' && !valid ? UNPROVEN : record.kind,
    ].map(visible),
  );
  const wrong = audited.filter(({ valid }) => !valid).length;
  const broken = audited.filter(({ record }) => record.kind === 'broken');
  return [
    renderTable(COLUMNS, rows, { paint, columns }),
    ...broken.map(({ id, record, stored }) =>
      lines(`${visible(id)}: ${verdict(record, stored.length)}`, columns, (line) => paint('red', line)),
    ),
    `${count(audited.length, 'record')}: ${wrong === 0 ? 'all are valid' : `${wrong} not valid`}\n`,
  ].join('\n');
}

/** Text in the record column for a record that follows the rules but contains an invalid signature. */
const UNPROVEN = 'signature not valid';

/** Version of the JSON format. */
const VERSION = 1;

/**
 * Renders verified records as JSON data, with every event as received.
 * @param unread A sentence that states which records were not read. If there is such a sentence, no record is reported
 *   as verified.
 */
export function auditJson({ leases, roots, reused }: VerifiedExport, now: number, unread?: string) {
  return {
    version: VERSION,
    complete: unread === undefined,
    ...defined({ unread }),
    holds: unread === undefined && leases.every(({ valid }) => valid),
    /** The passkeys on which the trust in all signatures depends. */
    roots: roots.map(({ person, thumbprint }) => ({ person, thumbprint })),
    leases: leases.map(({ id, record, stored, decisions, valid }) => ({
      lease: id,
      holds: valid,
      ...(record.kind === 'holds'
        ? { state: stateAt(record.lease, now), last: eventHash(record.lease.last) }
        : { fault: { after: record.events.length, code: record.code, because: record.because } }),
      decisions: decisions.map((each) => decisionJson(each, reused.includes(each))),
      events: stored,
    })),
  };
}

/** Shows which key signed which decision. */
function renderDecisions(decisions: readonly VerifiedDecision[], paint: Paint, columns?: number): string {
  return decisions
    .map(({ sequence, statement, proof }) => {
      const text = `Event ${sequence}: ${statement.decision} by ${statement.approver}, ${proofText(proof)}`;
      return lines(visible(text), columns, (line) => paint(HUES[proof.kind], line));
    })
    .join('');
}

const HUES = { signed: 'green', unsigned: 'yellow', invalid: 'red' } as const;

function decisionJson({ sequence, statement, proof }: VerifiedDecision, counterReused: boolean) {
  const shown =
    proof.kind === 'signed'
      ? {
          kind: proof.kind,
          person: proof.key.person,
          credential: proof.key.key.id,
          thumbprint: proof.key.thumbprint,
          counterReused,
        }
      : proof;
  return { sequence, decision: statement.decision, by: statement.approver, proof: shown };
}

/**
 * Describes the keys on which trust in the signatures depends, and lists invalid signatures. Empty if nothing is
 * signed.
 */
export function renderTrust({ leases, roots, reused }: VerifiedExport, paint: Paint, columns?: number): string {
  const invalid = leases.flatMap(({ id, decisions }) =>
    decisions.flatMap(({ sequence, proof }) =>
      proof.kind === 'invalid' ? [`${id}, event ${sequence}: the signature is not valid. ${proof.because}`] : [],
    ),
  );
  const twice = reused.map(
    ({ sequence, statement }) =>
      `${statement.lease}, event ${sequence}: the passkey used its counter twice; there may be a copy.`,
  );
  const root = roots.map(
    ({ person, thumbprint }) =>
      `All trust depends on the passkey of ${person} with the thumbprint ${thumbprint}. Compare this thumbprint with the thumbprint that you noted.`,
  );
  const told = (texts: readonly string[], hue: 'red' | 'bold') =>
    texts.map((text) => lines(visible(text), columns, (line) => paint(hue, line)));
  return [...told([...invalid, ...twice], 'red'), ...told(root, 'bold')].join('');
}

/** Errors for decisions without a signature, one per line. */
export function renderUnsigned({ leases }: Pick<VerifiedExport, 'leases'>): string {
  return leases
    .flatMap(({ decisions }) => decisions.filter(({ proof }) => proof.kind === 'unsigned'))
    .map(({ sequence, statement: { lease, decision, approver } }) =>
      visible(`error: ${lease}, event ${sequence}: ${decision} by ${approver} is not signed`),
    )
    .map((line) => `${line}\n`)
    .join('');
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
    return `The record follows the rules: ${count(came, 'event')}, numbered without gaps, each with the hash of the one before, and each permitted when it happened. The last has the hash ${eventHash(record.lease.last)}`;
  }
  const believed = record.events.length;
  const rest = came - believed;
  const where = rest > 0 ? `broken at event ${believed + 1}` : 'not the one that was seen before';
  const after = rest > 1 ? ` What comes after it (${count(rest - 1, 'event')}) proves nothing.` : '';
  return `The record is ${where} [${record.code}]: ${visible(record.because)}${after}`;
}

function lines(text: string, columns: number | undefined, tint: (line: string) => string): string {
  return wrap(text, columns ?? Number.POSITIVE_INFINITY)
    .map((line) => `${tint(line)}\n`)
    .join('');
}
