import {
  eventWords,
  type LeaseEvent,
  proofText,
  type VerifiedDecision,
  type VerifiedExport,
} from '@leasehold/broker/core';
import { count, visible } from '@leasehold/contract/text';
import { Moment } from '../ui/moment.tsx';
import { INVALID_SIGNATURE } from './answers.ts';

/** Shows every event of a lease, the proof of each decision, and what was verified. */
export function Timeline({
  events,
  decisions,
  hash,
  roots = [],
  valid = false,
}: {
  readonly events: readonly LeaseEvent[];
  readonly decisions: readonly VerifiedDecision[];
  /** The hash of the last event. Undefined for a broken record. */
  readonly hash?: string;
  readonly roots?: VerifiedExport['roots'];
  readonly valid?: boolean;
}) {
  const proofs = new Map(decisions.map(({ sequence, proof }) => [sequence, proof]));
  const signed = decisions.filter(({ proof }) => proof.kind === 'signed').length;
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">Record</h2>
      {hash === undefined ? null : (
        <p className={valid ? 'verdict verdict-good' : 'verdict verdict-bad'}>
          {valid
            ? `Verified in this browser: ${count(events.length, 'event')} in an unbroken hash chain, ${count(signed, 'valid signature')}.`
            : INVALID_SIGNATURE}
        </p>
      )}
      {events.length === 0 ? (
        <p className="empty">No event can be shown.</p>
      ) : (
        <Events events={events} proofs={proofs} />
      )}
      {hash === undefined ? null : (
        <details className="exact">
          <summary>Hash and keys</summary>
          <dl className="facts">
            <div className="fact">
              <dt>Last event</dt>
              <dd className="code">SHA-256 {hash}</dd>
            </div>
            {roots.map(({ person, thumbprint }) => (
              <div className="fact" key={thumbprint}>
                <dt>Root</dt>
                <dd>
                  <bdi>{visible(person)}</bdi>, <span className="code">{thumbprint}</span>
                  <p className="quiet">All trust in signatures begins with this passkey. Compare it with your note.</p>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}

function Events({
  events,
  proofs,
}: {
  readonly events: readonly LeaseEvent[];
  readonly proofs: ReadonlyMap<number, VerifiedDecision['proof']>;
}) {
  return (
    <ol className="timeline">
      {eventWords(events).map(({ sequence, at, who, what }) => (
        <li key={sequence}>
          <p className="quiet">
            <Moment at={at} />
          </p>
          <p>
            <strong>
              <bdi>{who}</bdi>
            </strong>{' '}
            <bdi dir="ltr">{what}</bdi>
          </p>
          <Proof proof={proofs.get(sequence)} />
        </li>
      ))}
    </ol>
  );
}

function Proof({ proof }: { readonly proof: VerifiedDecision['proof'] | undefined }) {
  if (proof === undefined) return null;
  return <p className={`proof proof-${proof.kind}`}>{sentence(proofText(proof))}</p>;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
