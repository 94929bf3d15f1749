/** What a card says about the decision on a lease. */
import type { ChatLease } from './conversation.ts';

/** The state now. Only the end of a lease and of its approval can be known without asking the broker. */
export function stateOf({ state, expiresAt, approval }: ChatLease, now: number): ChatLease['state'] {
  if (state === 'issued' && expiresAt !== undefined && expiresAt <= now) return 'expired';
  if (state === 'pending' && approval !== undefined && approval.until <= now) return 'lapsed';
  return state;
}

/** The decision of the broker in words. */
export function decisionOf({ state: sent, approval, code, id }: ChatLease, state: ChatLease['state']): string {
  switch (state) {
    case 'requested':
      return 'The broker is deciding.';
    case 'pending':
      return `The broker permits it only if ${approval?.humans === 1 ? 'a person approves' : 'people approve'}.`;
    case 'approved':
      return 'Approved. The lease begins when the assistant first uses it.';
    case 'issued':
      return 'Approved, and in use.';
    case 'expired':
      return 'Approved. The lease has ended.';
    case 'denied':
      if (code === 'approver-denied') return 'A person denied it.';
      return id === undefined ? 'The broker refused the request.' : 'The broker denied it.';
    case 'lapsed':
      return sent === 'lapsed' ? 'Nobody approved it in time.' : 'The time for an approval is over.';
    case 'revoked':
      return 'A person revoked it. AWS refuses the next call that uses it.';
  }
}

/** Who wrote the explanation, if it was not the broker itself: such text is not trusted. */
export function authorOf({ state, code }: ChatLease): 'approver' | 'reviewer' | undefined {
  if (state === 'revoked' || code === 'approver-denied') return 'approver';
  if (code === undefined || code === 'reviewer-denied') return 'reviewer';
  return undefined;
}
