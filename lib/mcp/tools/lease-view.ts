/** A lease as shown in tool outputs: all data except the credentials. */
import { defined } from '@leasehold/contract/defined';
import type { Permission } from '@leasehold/runtime';
import type * as z from 'zod';
import type { HeldLease, LeaseState } from '../lease/held-lease';
import { permissionView, servicesOf } from '../roles';
import type { LeaseView, permission as permissionSchema } from './schemas';

/** @param approveWith A sentence that explains how to approve a request with gate `mfa`. */
export function viewOf(held: HeldLease, approveWith: string): LeaseView {
  const { state, asked, grant, pending, expiresAt, problem } = held;
  const { role, reason, parameters } = grant ?? asked;
  const permissions = state === 'issued' ? grant?.permissions : undefined;
  const may = permissions?.filter(({ effect }) => effect === 'Allow');
  const mustNot = permissions?.filter(({ effect }) => effect === 'Deny');
  return {
    lease: held.id ?? '',
    state,
    reason,
    ...defined({
      role,
      parameters: parameters && { ...parameters },
      gate: pending?.gate,
      approvers: pending && pending.approvers.length > 0 ? [...pending.approvers] : undefined,
      answerBy: pending?.answerBy.toISOString(),
      expiresAt: expiresAt?.toISOString(),
      secondsLeft: state === 'issued' && expiresAt ? secondsUntil(expiresAt) : undefined,
      services: may && [...servicesOf(may)],
      may: may?.map(viewed),
      mustNot: mustNot && mustNot.length > 0 ? mustNot.map(viewed) : undefined,
      problem: problem && { ...problem },
    }),
    next: pending?.gate === 'mfa' ? `${NEXT.pending} ${approveWith}` : NEXT[state],
  };
}

/** A copy, because the output's type is mutable. */
function viewed(permission: Permission): z.input<typeof permissionSchema> {
  return structuredClone(permissionView(permission)) as z.input<typeof permissionSchema>;
}

function secondsUntil(time: Date): number {
  return Math.max(0, Math.floor((time.getTime() - Date.now()) / 1000));
}

const NEXT: Readonly<Record<LeaseState, string>> = {
  pending:
    'People have been asked to approve the lease. Report to the human that the request is waiting, then call lease_status until the state changes.',
  issued: 'Use call_aws only for this task, and call end_lease when the task is done.',
  expired: 'The lease has expired. If the task is not done, request a new lease and state a new reason.',
  denied: 'The denial is final. Do not request the lease again in another form; report the denial to the human.',
  lapsed: 'Nobody answered. Ask the human whether to request the lease again.',
  failed: 'Follow the hint in the problem, or report the problem to the human.',
  ended: 'The lease was ended early. For a new task, request a new lease.',
};
