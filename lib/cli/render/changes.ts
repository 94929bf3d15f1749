/** Shows what administrators did: changes of a principal, and revocations of more than one lease. */
import type { VerifiedAct, VerifiedAdministration } from '@leasehold/broker';
import { administratorOf, proofText } from '@leasehold/broker/core';
import { moment, visible } from '@leasehold/contract/text';
import type { AuditedAdministration } from '../broker/audit-administration';
import type { Paint } from '../colour';
import { renderTable } from './table';
import { count } from './text';

/** One row per change of a principal, newest first. */
export function renderChanges(name: string, audited: AuditedAdministration, paint: Paint, columns?: number): string {
  const { acts } = audited.verified;
  if (acts.length === 0 && audited.verified.valid)
    return `${visible(name)}: no administrator changed anything; it is as the definitions say.\n`;
  const rows = acts.flatMap(({ event: { at, body }, proof }) =>
    body.type === 'principal-set'
      ? [
          [
            moment(at).replace(/ UTC$/, ''),
            body.by,
            difference(body.before.groups, body.after.groups),
            body.before.policy === body.after.policy ? 'as before' : count(body.after.policy.length, 'character'),
            body.opens.join(', ') || 'nothing',
            SIGNED[proof.kind],
          ],
        ]
      : [],
  );
  const titles = ['when (UTC)', 'by', 'groups', 'policy', 'opens', 'signature'];
  return rendered(titles, rows, `${count(acts.length, 'change')} of ${name}`, audited, paint, columns);
}

/** One row per revocation of more than one lease, newest first. */
export function renderRevocations(audited: AuditedAdministration, paint: Paint, columns?: number): string {
  const { acts } = audited.verified;
  if (acts.length === 0 && audited.verified.valid) return 'Nobody has revoked more than one lease at once.\n';
  const rows = acts.flatMap(({ event: { at, body }, proof }) =>
    body.type === 'leases-revoked'
      ? [[moment(at).replace(/ UTC$/, ''), body.by, scopeText(body.scope), body.because, SIGNED[proof.kind]]]
      : [],
  );
  const titles = ['when (UTC)', 'by', 'revoked', 'because', 'signature'];
  return rendered(titles, rows, count(acts.length, 'revocation'), audited, paint, columns);
}

/** Errors for events without a signature, one per line. */
export function renderUnsignedActs({ acts }: Pick<VerifiedAdministration, 'acts'>): string {
  return acts
    .filter(({ proof }) => proof.kind === 'unsigned')
    .map(({ event: { sequence, body } }) => visible(`error: event ${sequence} by ${body.by} is not signed`))
    .map((line) => `${line}\n`)
    .join('');
}

/** The same as data. */
export function changesJson({ record, verified, roots }: AuditedAdministration) {
  const { acts, because, valid } = verified;
  return {
    version: VERSION,
    record,
    holds: valid,
    ...(because === undefined ? {} : { fault: because }),
    /** The passkeys on which the trust in all signatures depends. */
    roots: roots.map(({ person, thumbprint }) => ({ person, thumbprint })),
    events: [...acts].reverse().map(({ event, proof }) => ({
      ...event,
      proof:
        proof.kind === 'signed'
          ? { kind: proof.kind, person: proof.key.person, thumbprint: proof.key.thumbprint }
          : proof,
    })),
  };
}

/** Whether every event of a record is valid, and, if required, signed. */
export function isProven({ acts, valid }: VerifiedAdministration, signed: boolean): boolean {
  return valid && (!signed || acts.every(({ proof }) => proof.kind === 'signed'));
}

/** Version of the JSON format. */
const VERSION = 2;

const SIGNED = { signed: 'valid', unsigned: 'none', invalid: 'not valid' } as const satisfies Record<
  VerifiedAct['proof']['kind'],
  string
>;

function rendered(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  all: string,
  { verified, roots }: AuditedAdministration,
  paint: Paint,
  columns: number | undefined,
): string {
  const table = renderTable(
    titles.map((title, index) => ({
      title,
      ...(index === 0 ? { keep: true } : {}),
      ...(title === 'by' ? { hue: () => 'bold' as const } : {}),
      ...(title === 'signature'
        ? { hue: (cell: string) => (cell === 'valid' ? 'green' : cell === 'none' ? 'yellow' : 'red') as 'green' }
        : {}),
    })),
    [...rows].reverse().map((row) => row.map(visible)),
    { paint, columns },
  );
  const { acts, because, valid } = verified;
  const proofs = acts.flatMap(({ event, proof }) =>
    proof.kind === 'unsigned'
      ? []
      : [
          paint(
            proof.kind === 'signed' ? 'green' : 'red',
            visible(`Event ${event.sequence}: by ${administratorOf(event.body)}, ${proofText(proof)}`),
          ),
        ],
  );
  const trust = roots.map(({ person, thumbprint }) =>
    paint(
      'bold',
      visible(
        `All trust depends on the passkey of ${person} with the thumbprint ${thumbprint}. Compare this thumbprint with the thumbprint that you noted.`,
      ),
    ),
  );
  const verdict =
    because === undefined
      ? `${all}: ${valid ? 'all are valid' : 'a signature is not valid'}`
      : `The record is broken after ${count(acts.length, 'event')}: ${because}`;
  return [table, '', ...proofs, paint(valid ? 'green' : 'red', visible(verdict)), ...trust, ''].join('\n');
}

function scopeText(scope: Extract<VerifiedAct['event']['body'], { type: 'leases-revoked' }>['scope']): string {
  if ('role' in scope) return `role ${scope.role}`;
  return 'requester' in scope ? `every lease of ${scope.requester}` : 'all roles';
}

function difference(before: readonly string[], after: readonly string[]): string {
  const given = after.filter((group) => !before.includes(group)).map((group) => `+${group}`);
  const taken = before.filter((group) => !after.includes(group)).map((group) => `-${group}`);
  return [...given, ...taken].join(' ') || 'as before';
}
