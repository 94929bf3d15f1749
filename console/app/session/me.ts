/** Asks the broker what a person may do. The broker checks again on each call. */
import type { Broker, Capacity } from '../api/client.ts';
import { BrokerRefusal } from '../api/errors.ts';

export interface Me {
  /**
   * The name by which the broker knows the person. Undefined for people who are only requesters, and in environments in
   * which nobody uses passkeys.
   */
  readonly person: string | undefined;
  readonly environment: string | undefined;
  /** Whether the person may call the broker as a requester, an approver or an administrator. */
  readonly may: Readonly<Record<Capacity, boolean>>;
}

export async function readMe(broker: Broker): Promise<Me> {
  const [approver, administrator, requester] = await Promise.all([
    signing(broker, 'approver'),
    signing(broker, 'administrator'),
    mayList(broker, 'requester'),
  ]);
  const { person, environment } = approver.nonce ?? administrator.nonce ?? {};
  return { person, environment, may: { approver: approver.may, administrator: administrator.may, requester } };
}

/**
 * Whether the person may call the broker as an approver or an administrator. Both sign with passkeys. If there is a
 * nonce, it contains the person's name.
 */
async function signing(broker: Broker, as: 'approver' | 'administrator') {
  try {
    return { may: true, nonce: await broker('nonce', { as }) };
  } catch (error) {
    if (isRefused(error, 'forbidden')) return { may: false };
    // Nobody uses passkeys in this environment.
    if (isRefused(error, 'not-found')) return { may: await mayList(broker, as) };
    throw error;
  }
}

async function mayList(broker: Broker, as: Capacity): Promise<boolean> {
  try {
    await broker('leases', { as, ...(as === 'requester' ? {} : { query: { open: 'true' } }) });
    return true;
  } catch (error) {
    if (isRefused(error, 'forbidden')) return false;
    throw error;
  }
}

function isRefused(error: unknown, code: 'forbidden' | 'not-found'): boolean {
  return error instanceof BrokerRefusal && error.problem.code === code;
}

/** The capacity in which the person reads a lease: the one that sees most. */
export function readingAs({ may }: Me): Capacity {
  if (may.approver) return 'approver';
  return may.administrator ? 'administrator' : 'requester';
}

/** The capacity in which the person manages their own passkeys. Undefined for requesters, who sign nothing. */
export function signingAs({ may }: Me): 'approver' | 'administrator' | undefined {
  if (may.approver) return 'approver';
  return may.administrator ? 'administrator' : undefined;
}

/** Why the person has no passkeys here. Undefined if the person can have some. */
export function whyNoPasskeys(me: Me): string | undefined {
  const as = signingAs(me);
  if (as === undefined) return 'Only approvers and administrators have passkeys. Your requests need no signature.';
  if (me.person !== undefined) return undefined;
  const none = 'Nobody uses passkeys in this environment.';
  return as === 'approver' ? `${none} Approve with \`leasehold approve\`.` : none;
}
