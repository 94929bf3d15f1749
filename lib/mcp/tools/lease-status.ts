/**
 * `lease_status`: waits until a lease request is approved or denied, but no longer than MCP clients wait for the tool.
 */
import * as z from 'zod';
import type { LeaseDesk } from '../lease/desk';
import type { HeldLease } from '../lease/held-lease';
import { viewOf } from './lease-view';
import { leaseId, leaseView } from './schemas';
import type { CallContext, Tool } from './tool';

/** Maximum number of seconds for which one call waits. The default timeout of MCP clients is 60 seconds. */
export const LONGEST_WAIT = 45;
/** Milliseconds between two progress reports. */
const REPORT_EVERY = 5000;

const input = z.strictObject({
  lease: leaseId,
  waitSeconds: z
    .int()
    .min(0)
    .max(LONGEST_WAIT)
    .default(LONGEST_WAIT)
    .describe('How long to wait for an approver to answer while the lease is pending.'),
});

export function leaseStatus(desk: LeaseDesk, approveWith: string): Tool<typeof input, typeof leaseView> {
  return {
    name: 'lease_status',
    title: 'Wait for a lease',
    description:
      `Shows a lease, and waits up to ${LONGEST_WAIT} seconds while people have not answered. Call it again while the ` +
      'state is `pending`. Cancelling the call does not take the request back.',
    input,
    output: leaseView,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    run: async ({ lease, waitSeconds }, context) => {
      const held = desk.find(lease);
      if (held.state === 'pending' && waitSeconds > 0) await answerOf(held, waitSeconds, context);
      return viewOf(held, approveWith);
    },
  };
}

/** Resolves when the request is decided, when the waiting time has passed, or when the client no longer waits. */
async function answerOf(
  held: HeldLease,
  seconds: number,
  { signal, sendNotification, _meta }: CallContext,
): Promise<void> {
  const progressToken = _meta?.progressToken;
  let waited = 0;
  const report = () => {
    waited += REPORT_EVERY / 1000;
    if (progressToken === undefined || waited >= seconds) return;
    const params = { progressToken, progress: waited, total: seconds, message: `${held.id} waits for people` };
    // Errors are ignored, because the client may have disconnected.
    sendNotification({ method: 'notifications/progress', params }).catch(() => {});
  };
  const reports = setInterval(report, REPORT_EVERY);
  const done = new AbortController();
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    done.signal.addEventListener('abort', () => clearTimeout(timer));
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: done.signal });
  });
  try {
    await Promise.race([held.settled, over]);
  } finally {
    clearInterval(reports);
    done.abort();
  }
}
