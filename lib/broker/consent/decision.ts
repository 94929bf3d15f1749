/** Builds the statement that a person must have signed for an event about a lease. */
import type { EventBody } from '@leasehold/contract/event';
import { type ConsentStatement, consentStatement, type Decided } from './statement';

/**
 * The statement for a person's decision.
 * @param lease The state of the lease before the event.
 * @returns undefined for an event that is not a person's decision
 */
export function decisionOf(lease: Decided, body: EventBody): ConsentStatement | undefined {
  switch (body.type) {
    case 'approved':
      return consentStatement(lease, 'approve', body.by.name);
    case 'denied':
      return body.by === 'broker' ? undefined : consentStatement(lease, 'deny', body.by.name, body.because);
    case 'revoked': {
      // `by` contains the kind of the person and the name, for example `approver lead`.
      const [, name] = /^[a-z]+ (.+)$/.exec(body.by) ?? [];
      return name === undefined ? undefined : consentStatement(lease, 'revoke', name, body.because);
    }
    default:
      return undefined;
  }
}
