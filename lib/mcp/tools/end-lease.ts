/** `end_lease`: returns a lease, or withdraws its request. */
import * as z from 'zod';
import type { LeaseDesk } from '../lease/desk';
import { viewOf } from './lease-view';
import { leaseId, leaseView } from './schemas';
import type { Tool } from './tool';

const input = z.strictObject({ lease: leaseId });

export function endLease(desk: LeaseDesk, approveWith: string): Tool<typeof input, typeof leaseView> {
  return {
    name: 'end_lease',
    title: 'Give a lease back',
    description:
      'Discards the credentials of a lease, or withdraws its request while people have not answered. Call it when the ' +
      'task is done. It cannot be undone: a new task makes a new request.',
    input,
    output: leaseView,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    run: async ({ lease }) => {
      const held = desk.find(lease);
      held.end();
      return viewOf(held, approveWith);
    },
  };
}
