/** A model's client before the MCP server, in memory, with every message that the server sent to it. */

import { type McpOptions, McpService } from '@leasehold/mcp';
import type { LeaseClient } from '@leasehold/runtime';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';

/** What a tool call came to: its data, or its problem. */
export interface Called {
  readonly isError: boolean;
  readonly data: Record<string, unknown>;
}

export class McpSession {
  /** Everything that the server sent, as text. */
  received = '';

  private constructor(
    readonly client: Client,
    readonly service: McpService,
    readonly stop: () => Promise<void>,
  ) {}

  static async open(
    client: LeaseClient,
    options: Partial<McpOptions> = {},
    {
      capabilities = {},
      before = () => {},
    }: { capabilities?: ClientCapabilities; before?: (client: Client) => void } = {},
  ): Promise<McpSession> {
    const service = new McpService({ client, version: '0.0.0', env: {}, ...options });
    const [ours, theirs] = InMemoryTransport.createLinkedPair();
    const model = new Client({ name: 'model', version: '1' }, { capabilities });
    before(model);
    const stop = await service.serve(theirs);
    const session = new McpSession(model, service, stop);
    await model.connect(ours);
    const { onmessage } = ours;
    ours.onmessage = (message, extra) => {
      session.received += `${JSON.stringify(message)}\n`;
      onmessage?.(message, extra);
    };
    return session;
  }

  async call(name: string, args: object = {}, options: RequestOptions = {}): Promise<Called> {
    const result = await this.client.callTool({ name, arguments: { ...args } }, undefined, options);
    const [{ text = '{}' } = {}] = result.content as { text?: string }[];
    const isError = result.isError === true;
    if (!isError) return { isError, data: result.structuredContent as Record<string, unknown> };
    return { isError, data: text.startsWith('{') ? JSON.parse(text) : { message: text } };
  }

  async close(): Promise<void> {
    await this.stop();
    await this.client.close();
  }
}
