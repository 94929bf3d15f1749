/**
 * Runs tools, with the identity of the agent `assistant`: its role can call the broker, and nothing else; not even write
 * a log. The credentials of a lease do not leave this function.
 */
import { createBrokerClient } from '@leasehold/runtime/broker';
import * as z from 'zod';
import { AccessToken } from '../core/person';
import { leasedTables } from '../tools/leased-tables';
import { type ToolProgress, type ToolRunner, toolRunner } from '../tools/tool-runner';
import { region, variable } from './settings';

const request = z.strictObject({
  call: z.strictObject({
    tool: z.string(),
    input: z.unknown(),
    key: z.string(),
    token: z.string(),
    expiresAt: z.number(),
  }),
  lease: z.string().optional(),
  after: z.int().optional(),
});

/** @param runner Runs the tools. */
export function runnerHandler(runner: ToolRunner) {
  return async (event: unknown): Promise<ToolProgress> => {
    const { call, lease, after = 0 } = request.parse(event);
    const { token, expiresAt, ...rest } = call;
    const toolCall = { ...rest, token: new AccessToken(token, expiresAt) };
    return lease === undefined ? runner.start(toolCall) : runner.proceed(toolCall, lease, after);
  };
}

let started: ReturnType<typeof runnerHandler> | undefined;

export const handler: ReturnType<typeof runnerHandler> = (event) => {
  started ??= runnerHandler(inAws());
  return started(event);
};

function inAws(): ToolRunner {
  const broker = { url: variable('broker'), region: region() };
  const place = { region: region(), prefix: variable('tables') };
  return toolRunner({
    assistant: createBrokerClient(broker),
    person: (token) =>
      createBrokerClient({ ...broker, signIn: { as: 'requester', token: async () => token.reveal() } }),
    tables: (credentials) => leasedTables(place, credentials),
  });
}
