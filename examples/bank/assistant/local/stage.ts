/** The bank, its broker and the assistant on this machine: for the demo and for tests. */
import type { LeaseCredentials } from '@leasehold/runtime';
import { createBrokerClient } from '@leasehold/runtime/broker';
import type { LanguageModel } from 'ai';
import { type Stage, setStage, tableName } from '../../demo/stage';
import { tokenVerifier } from '../core/verify-token';
import type { LeasedTables } from '../tools/bank-tool';
import { leasedTables } from '../tools/leased-tables';
import { type ToolRunner, toolRunner } from '../tools/tool-runner';
import type { Served } from './server';
import { type LocalAssistant, startLocalAssistant } from './server';

/** Customers who can sign in for the chat. */
export const CUSTOMERS = ['c-1001', 'c-1002', 'c-1003'];

export interface ChatStage {
  readonly stage: Stage;
  readonly assistant: LocalAssistant;
  readonly runner: ToolRunner;
  /** The tables of the bank, with the credentials of a lease. */
  readonly tables: (credentials: LeaseCredentials) => LeasedTables;
  readonly stop: () => Promise<void>;
}

export interface ChatStageOptions {
  readonly model: LanguageModel;
  /** Port of the broker. @default a free port */
  readonly port?: number;
  /** Port of the assistant. @default a free port */
  readonly assistantPort?: number;
  /** Called when the broker runs, before anybody can chat. @default nothing is done */
  readonly prepare?: (stage: Stage) => Promise<void>;
}

export async function setChatStage({ model, port, assistantPort = 0, prepare }: ChatStageOptions): Promise<ChatStage> {
  const assistant = await startLocalAssistant(assistantPort);
  let stage: Stage | undefined;
  try {
    stage = await setStage({
      approveWith: 'passkey',
      chat: { address: assistant.address, customers: CUSTOMERS },
      ...(port === undefined ? {} : { port }),
    });
    await prepare?.(stage);
    const tables = tablesOf(stage);
    const served = servedBy(stage, model, tables);
    assistant.serve(served);
    const running = stage;
    return {
      stage,
      assistant,
      runner: served.runner,
      tables,
      stop: async () => {
        await assistant.stop();
        await running.stop();
      },
    };
  } catch (error) {
    await assistant.stop();
    await stage?.stop();
    throw error;
  }
}

function tablesOf({ dev }: Stage): ChatStage['tables'] {
  const place = { region: dev.broker.region, prefix: tableName(''), endpoint: dev.sandbox.url };
  return (credentials) => leasedTables(place, credentials);
}

function servedBy({ dev, agent }: Stage, model: LanguageModel, tables: ChatStage['tables']): Served {
  const { signIn, broker } = dev;
  if (signIn === undefined) throw new TypeError('nobody signs in here');
  const { issuer, clientId } = signIn.settings;
  const runner = toolRunner({
    assistant: agent('assistant'),
    person: (token) =>
      createBrokerClient({ ...broker, signIn: { as: 'requester', token: async () => token.reveal() } }),
    tables,
  });
  const verify = tokenVerifier({
    issuer,
    clientId,
    // The local issuer has no TLS.
    fetcher: { fetch: async (uri) => (await fetch(uri)).arrayBuffer() },
  });
  return { model, runner, verify, origin: new URL(signIn.console).origin };
}
