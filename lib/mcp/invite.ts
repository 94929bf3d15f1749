/**
 * URL elicitation: the client opens the page on which people answer. Never a form, which could ask for a code. What the
 * user does with the invitation decides nothing: only the page, the broker and AWS do.
 */
import { randomUUID } from 'node:crypto';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { HeldLease } from './lease/held-lease';
import type { CallContext } from './tools/tool';

/** Milliseconds for which an invitation is open. */
const OPEN = 3_600_000;

/** Sends at most one invitation for each lease, without waiting for its answer. */
export function inviter(
  { server }: McpServer,
  page: ((lease: string) => string | undefined) | undefined,
): (held: HeldLease, context: CallContext) => void {
  const invited = new WeakSet<HeldLease>();
  return (held, { requestId }) => {
    const { id, asked } = held;
    const url = id === undefined ? undefined : page?.(id);
    if (id === undefined || url === undefined || invited.has(held)) return;
    if (server.getClientCapabilities()?.elicitation?.url === undefined) return;
    invited.add(held);
    const elicitationId = randomUUID();
    const message = `The lease ${id}${asked.role === undefined ? '' : ` of ${asked.role}`} waits for approval on this page.`;
    const params = { mode: 'url' as const, message, elicitationId, url };
    // Declining changes nothing: the question stays open, as others may answer it.
    server.elicitInput(params, { timeout: OPEN, relatedRequestId: requestId }).catch(() => {});
    const completed = server.createElicitationCompletionNotifier(elicitationId);
    held.settled.then(completed).catch(() => {});
  };
}
