import { proofText, type TrustedKey, type VerifiedAct, type VerifiedAdministration } from '@leasehold/broker/core';
import { count, visible } from '@leasehold/contract/text';
import type { ReactNode } from 'react';
import { Moment } from './moment.tsx';

/** A record of what administrators did, with the proof of each event, newest first. */
export function ActList({
  id,
  title,
  verified: { acts, because, valid },
  roots,
  empty,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly verified: VerifiedAdministration;
  readonly roots: readonly TrustedKey[];
  /** What is shown if there is no event. */
  readonly empty: string;
  /** What happened, in words. */
  readonly children: (act: VerifiedAct) => ReactNode;
}) {
  const signed = acts.filter(({ proof }) => proof.kind === 'signed').length;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {because === undefined ? null : (
        <div className="note note-bad" role="alert">
          <p>
            <strong>This record is broken.</strong> {visible(because)}
          </p>
          <p className="hint">Sign nothing. Tell the owner of the broker. The events before the break are below.</p>
        </div>
      )}
      {because === undefined && acts.length > 0 ? (
        <p className={valid ? 'verdict verdict-good' : 'verdict verdict-bad'}>
          {valid
            ? `Verified in this browser: ${count(acts.length, 'event')} in an unbroken hash chain, ${count(signed, 'valid signature')}.`
            : 'A signature in this record is not valid.'}
        </p>
      ) : null}
      {acts.length === 0 ? <p className="empty">{empty}</p> : <Acts acts={acts}>{children}</Acts>}
      {signed === 0
        ? null
        : roots.map(({ person, thumbprint }) => (
            <p className="quiet trust" key={thumbprint}>
              All trust in signatures depends on the passkey of <bdi>{visible(person)}</bdi>, thumbprint{' '}
              <span className="code">{thumbprint}</span>. Compare it with your note.
            </p>
          ))}
    </section>
  );
}

function Acts({
  acts,
  children,
}: {
  readonly acts: readonly VerifiedAct[];
  readonly children: (act: VerifiedAct) => ReactNode;
}) {
  return (
    <ol className="timeline">
      {[...acts].reverse().map((act) => (
        <li key={act.event.sequence}>
          <p className="quiet">
            <Moment at={act.event.at} />
          </p>
          {children(act)}
          <p className={`proof proof-${act.proof.kind}`}>{sentence(proofText(act.proof))}</p>
        </li>
      ))}
    </ol>
  );
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
