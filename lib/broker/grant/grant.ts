/** What one lease permits: the thing that humans approve, byte for byte. */
import type { PolicyDocument } from '@leasehold/policy';
import { hashOf, type Json } from '../canonical';

/** Rendered, and fixed: another byte is another grant, which asks for approvals of its own. */
export interface Grant {
  readonly version: 1;
  readonly project: string;
  readonly environment: string;
  readonly account: string;
  readonly role: string;
  readonly roleArn: string;
  /** The session policy: the envelope with the parameters filled in, or less. */
  readonly policy: PolicyDocument;
  readonly parameters: Readonly<Record<string, string>>;
  /** Session tags; `approvers` is added when the lease is issued, since it is not known before. */
  readonly tags: Readonly<Record<string, string>>;
  readonly sourceIdentity: string;
  /** Length of the lease. */
  readonly seconds: number;
  /** {@link Requester.key} */
  readonly requester: string;
  /** `issuer sub` of the subject. */
  readonly subject?: string;
  /** The full text; the session tag holds what a tag can hold of it. */
  readonly reason: string;
}

/** The hash that approvals are bound to. */
export function grantHash(grant: Grant): string {
  return hashOf(grant as unknown as Json);
}
