/** The MCP server over standard input and output, with one session for the client that started the process. */
import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { type McpOptions, McpService } from './server';

/** Maximum bytes of one message. */
const LONGEST_MESSAGE = 4 * 1024 * 1024;

/** Serves until the client closes the input or `signal` is aborted. Every lease is discarded at the end. */
export async function serveStdio(
  options: McpOptions,
  { input, output, signal }: { readonly input: Readable; readonly output: Writable; readonly signal: AbortSignal },
): Promise<void> {
  const service = new McpService(options);
  const transport = new StdioServerTransport(input, output, { maxBufferSize: LONGEST_MESSAGE });
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) input.once(event, () => resolve());
    output.once('error', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  const stop = await service.serve(transport);
  const closed = new Promise<void>((resolve) => {
    const before = transport.onclose;
    transport.onclose = () => {
      before?.();
      resolve();
    };
  });
  await Promise.race([ended, closed]);
  await stop();
}
