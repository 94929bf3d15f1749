/**
 * Runs one turn: calls the model, and the function that runs tools. It can reach neither the broker nor a table of the
 * bank.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CONVERSATION_ID } from '@leasehold/contract/assistant';
import * as z from 'zod';
import { DynamoDbStore } from '../core/dynamodb-store';
import { runTurn, type TurnDeps } from '../core/turn';
import { type ModelSettings, modelOf } from '../models';
import type { ToolCall, ToolProgress, ToolRunner } from '../tools/tool-runner';
import { sender } from './connections';
import { VARIABLES, variable } from './settings';
import { signedInOf } from './signed-in';

const order = z.strictObject({
  turn: z.strictObject({
    conversation: z.string().regex(CONVERSATION_ID),
    id: z.string().regex(/^[0-9a-f]{32}$/),
    sequence: z.int().min(1),
  }),
  signedIn: z.unknown(),
});

/** Loads the package of the model's provider, which the bundle contains. */
export type LoadProvider = NonNullable<Parameters<typeof modelOf>[1]>;

/** The function. `bundle.ts` writes its entry, because the provider is chosen at synth. */
export function handlerWith(load: LoadProvider) {
  let deps: Promise<TurnDeps> | undefined;
  return async (event: unknown): Promise<void> => {
    const { turn, signedIn } = order.parse(event);
    deps ??= create(load);
    await runTurn(await deps, { turn, ...signedInOf(signedIn) });
  };
}

async function create(load: LoadProvider): Promise<TurnDeps> {
  return {
    store: new DynamoDbStore(new DynamoDBClient({}), variable('conversations')),
    send: sender(variable('endpoint')),
    runner: runnerFunction(new LambdaClient({}), variable('runner')),
    model: await modelOf(await modelSettings(), load),
  };
}

async function modelSettings(): Promise<ModelSettings> {
  const provider = variable('provider') as ModelSettings['provider'];
  const url = process.env[VARIABLES.modelUrl];
  const secret = process.env[VARIABLES.modelSecret];
  return {
    provider,
    model: variable('model'),
    ...(url && { url }),
    ...(secret && { apiKey: await secretNamed(secret) }),
  };
}

async function secretNamed(SecretId: string): Promise<string> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const { SecretString = '' } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId }));
  return SecretString;
}

/** The function that runs tools. The token is in the payload of a call, and never in a log. */
export function runnerFunction(lambda: Pick<LambdaClient, 'send'>, FunctionName: string): ToolRunner {
  const invoke = async (payload: object): Promise<ToolProgress> => {
    const { Payload, FunctionError } = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)) }),
    );
    if (FunctionError !== undefined || Payload === undefined) throw new Error('the tool could not be run');
    return JSON.parse(Buffer.from(Payload).toString('utf8')) as ToolProgress;
  };
  const sent = ({ token, ...call }: ToolCall) => ({ ...call, token: token.reveal(), expiresAt: token.expiresAt });
  return {
    start: (call) => invoke({ call: sent(call) }),
    proceed: (call, lease, after) => invoke({ call: sent(call), lease, after }),
  };
}
