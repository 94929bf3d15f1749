/**
 * URL elicitation: the MCP client opens the approval page for its user. Form elicitation is never used, because a form
 * could ask for an MFA code. Accepting or declining the invitation does not decide the request.
 */
import { randomUUID } from 'node:crypto';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { HeldLease } from './lease/held-lease';
import type { CallContext } from './tools/tool';

/** Time in milliseconds after which an invitation times out. */
const OPEN = 3_600_000;

/** Sends at most one invitation for each lease, and does not wait for the response. */
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
    // Declining the invitation changes nothing. The request stays pending, because other people may answer it.
    server.elicitInput(params, { timeout: OPEN, relatedRequestId: requestId }).catch(() => {});
    const completed = server.createElicitationCompletionNotifier(elicitationId);
    held.settled.then(completed).catch(() => {});
  };
}
