/**
 * Builds tool results. A result contains data that matches the output schema, and the same data as text. The data for
 * an error contains a hint.
 */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type {
  CallToolResult,
  ServerNotification,
  ServerRequest,
  ToolAnnotations,
} from '@modelcontextprotocol/sdk/types.js';
import type * as z from 'zod';
import { problemOf } from '../error';

/** The context of a tool call: abort signal, progress token, and functions that send messages to the client. */
export type CallContext = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** The definition of an MCP tool. */
export interface Tool<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly annotations: ToolAnnotations;
  readonly run: (input: z.output<Input>, context: CallContext) => Promise<z.input<Output>>;
}

/** Logs one line for the person who runs the server. The line contains no input. */
export type ToolLog = (line: string) => void;

export function register<Input extends z.ZodObject, Output extends z.ZodObject>(
  server: McpServer,
  { name, title, description, input, output, annotations, run }: Tool<Input, Output>,
  log: ToolLog,
): void {
  const answer = async (given: unknown, context: CallContext): Promise<CallToolResult> => {
    try {
      const result = await run(given as z.output<Input>, context);
      log(`${name}: ok`);
      return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
    } catch (error) {
      const problem = problemOf(error);
      log(`${name}: ${problem.code}`);
      return { content: [{ type: 'text', text: JSON.stringify(problem) }], isError: true };
    }
  };
  server.registerTool(
    name,
    { title, description, inputSchema: input as z.ZodObject, outputSchema: output as z.ZodObject, annotations },
    answer as never,
  );
}
