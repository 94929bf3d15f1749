/** Sends a decision about a lease, with its signature. */
import type { FoldedLease } from '@leasehold/broker/core';
import { PageRefusal } from '../api/errors.ts';
import { type Signer, signDecision } from '../consent/sign.ts';

export type Answering =
  | { readonly kind: 'approve' }
  | {
      readonly kind: 'deny' | 'revoke';
      readonly because: string;
      /** Denials and revocations permit nothing, so in an emergency they can be sent without a signature. */
      readonly signed: boolean;
    };

type Because = Extract<Answering, { because: string }>;

/** Approves the grant that the page shows. @throws {PageRefusal} */
export async function approve(signer: Signer, lease: FoldedLease): Promise<void> {
  const { proposal, id } = lease;
  if (proposal === undefined) throw new PageRefusal('There is nothing to approve.', 'Reload the page.');
  const { hash } = proposal;
  const consent = await signDecision(signer, lease, { type: 'approved', by: { name: signer.person }, hash });
  await signer.broker('approve', { as: signer.as, path: { lease: id }, body: { hash, consent } });
}

export async function deny(signer: Signer, lease: FoldedLease, { because, signed }: Because): Promise<void> {
  const decision = { type: 'denied', by: { name: signer.person }, code: 'approver-denied', because } as const;
  const consent = signed ? { consent: await signDecision(signer, lease, decision) } : {};
  await signer.broker('deny', { as: signer.as, path: { lease: lease.id }, body: { because, ...consent } });
}

export async function revoke(signer: Signer, lease: FoldedLease, { because, signed }: Because): Promise<void> {
  const decision = { type: 'revoked', by: `${signer.as} ${signer.person}`, because } as const;
  const consent = signed ? { consent: await signDecision(signer, lease, decision) } : {};
  await signer.broker('revoke', { as: signer.as, path: { lease: lease.id }, body: { because, ...consent } });
}
