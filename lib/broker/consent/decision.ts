/** The statement that an event about a lease must have been signed with. */
import type { EventBody } from '@leasehold/contract/event';
import { type ConsentStatement, consentStatement, type Decided } from './statement';

/**
 * The statement of a decision by a person.
 * @param lease The lease before the event.
 * @returns undefined for an event that no person decides
 */
export function decisionOf(lease: Decided, body: EventBody): ConsentStatement | undefined {
  switch (body.type) {
    case 'approved':
      return consentStatement(lease, 'approve', body.by.name);
    case 'denied':
      return body.by === 'broker' ? undefined : consentStatement(lease, 'deny', body.by.name, body.because);
    case 'revoked': {
      // `approver lead`: the kind of the person, and the name.
      const [, name] = /^[a-z]+ (.+)$/.exec(body.by) ?? [];
      return name === undefined ? undefined : consentStatement(lease, 'revoke', name, body.because);
    }
    default:
      return undefined;
  }
}
