/** Renders a list of leases: each lease on one line, with its reason below. */
import { left, moment, solid, visible } from '@leasehold/contract/text';
import type { LeaseView } from '@leasehold/runtime/broker';
import type { Hue, Paint } from '../colour';
import { renderWords } from './grant';
import { wrap } from './text';

/** Renders one paragraph for each lease. */
export function renderLeases(leases: readonly LeaseView[], now: number, paint: Paint, columns?: number): string {
  return leases.map((lease) => paragraph(lease, now, paint, columns ?? Number.POSITIVE_INFINITY)).join('\n');
}

const HUES: Readonly<Record<LeaseView['state'], Hue>> = {
  requested: 'yellow',
  pending: 'yellow',
  approved: 'cyan',
  issued: 'green',
  denied: 'red',
  revoked: 'red',
  expired: 'dim',
  lapsed: 'dim',
};

function paragraph(lease: LeaseView, now: number, paint: Paint, columns: number): string {
  const { id, state, requestedAt, grant, because } = lease;
  const indented = (text: string) => wrap(visible(text), columns - INDENT).map((line) => ' '.repeat(INDENT) + line);
  return [
    `${paint('bold', visible(id))}  ${paint(HUES[state], state)}`,
    ...indented(`${what(lease)}, asked ${moment(requestedAt)}`),
    ...indented(outcome(lease, now)),
    ...(because === undefined ? [] : indented(`because: ${because}`)),
    ...(grant === undefined ? [] : [words(grant.reason, columns)]),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function words(reason: string, columns: number): string {
  return renderWords([{ label: 'Reason', text: reason }], Number.isFinite(columns) ? columns : undefined).trimEnd();
}

const INDENT = 2;

function what({ requester, subject, grant }: LeaseView): string {
  const role = grant === undefined ? 'no role yet' : grant.role;
  const parameters = Object.entries(grant?.parameters ?? {}).map(([name, value]) => `${solid(name)} = ${solid(value)}`);
  return [
    `${role} for ${requester}${subject === undefined ? '' : `, on behalf of ${subject}`}`,
    ...(parameters.length === 0 ? [] : [`with ${parameters.join(', ')}`]),
  ].join(' ');
}

function outcome({ state, approval, grant, expiresAt, collected }: LeaseView, now: number): string {
  const { approvals = [], humans = 0, until = 0 } = approval ?? {};
  const by = approvals.length === 0 ? '' : `, approved by ${approvals.join(' and ')}`;
  switch (state) {
    case 'pending': {
      const who = approvals.length === 0 ? '' : ` (${approvals.join(', ')})`;
      const hash = grant?.hash.slice(0, 12);
      return `${approvals.length} of ${humans} have said yes${who}; answer by ${moment(until)}, in ${left(until - now)}; grant ${hash}…`;
    }
    case 'approved':
      return `can be collected until ${moment(until)}${by}`;
    case 'issued':
      return `${collected ? 'open' : 'issued'} until ${moment(expiresAt ?? 0)}${by}`;
    case 'expired':
      return `ended ${moment(expiresAt ?? 0)}${by}`;
    default:
      return approvals.length === 0 ? 'approved by nobody' : by.slice(2);
  }
}
