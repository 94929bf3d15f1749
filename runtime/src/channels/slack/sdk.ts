/** Slack's SDK: an optional peer dependency that is loaded on the first request and prevented from logging payloads. */
import { setTimeout as sleep } from 'node:timers/promises';
import { clipped } from '@leasehold/contract/text';
import type { SocketModeClient } from '@slack/socket-mode';
import type { LogLevel, WebClient } from '@slack/web-api';
import { LeaseError } from '../../lease-error';
import { channelFailed } from '../question';

/**
 * Handles an interaction. The second argument is a function that the handler must call within 3 seconds to acknowledge
 * the interaction.
 */
export type Heard = (body: unknown, acknowledge: (response?: Record<string, unknown>) => void) => void;

/** A Web API client for the bot. @throws LeaseError `channel-failed` if the SDK is missing */
export function webClient(botToken: string, slackApiUrl: string): WebClient {
  return new (sdk().WebClient)(botToken, options(slackApiUrl));
}

/**
 * A Socket Mode connection that is kept open until `close` is called.
 *
 * The SDK's own reconnection is disabled, and this class reconnects instead. If Slack refused to reconnect, the SDK
 * would leave a promise rejection unhandled, which would end the process.
 */
export class Connection {
  readonly #client: SocketModeClient;
  readonly #closing = new AbortController();
  #reconnecting: Promise<void> | undefined;

  private constructor(client: SocketModeClient) {
    this.#client = client;
  }

  /** @param failed Receives the reason why the connection cannot be kept open. @throws LeaseError `channel-failed` */
  static async open(
    appToken: string,
    slackApiUrl: string,
    heard: Heard,
    failed: (error: LeaseError) => void,
  ): Promise<Connection> {
    const client = new (sdk().SocketModeClient)({
      appToken,
      logger: SILENT,
      autoReconnectEnabled: false,
      clientOptions: options(slackApiUrl),
    });
    client.on('interactive', ({ ack, body }: Envelope) => {
      heard(body, (response) => {
        // If Slack does not receive the acknowledgement, Slack shows an error to the person.
        ack(response).catch(() => {});
      });
    });
    const connection = new Connection(client);
    try {
      await started(client);
    } catch (error) {
      throw slackFailed(error);
    }
    client.on('disconnected', () => {
      // Failed attempts are also reported here.
      connection.#reconnecting ??= connection
        .#reconnect()
        .catch((error: unknown) => failed(slackFailed(error)))
        .finally(() => {
          connection.#reconnecting = undefined;
        });
    });
    return connection;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client.disconnect();
  }

  /** Slack renews connections every few hours. @throws permanent refusals of Slack */
  async #reconnect(): Promise<void> {
    const { signal } = this.#closing;
    for (let pause = FIRST_PAUSE; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        await started(this.#client);
        return;
      } catch (error) {
        if (slackCode(error) !== undefined) throw error;
        await sleep(pause, undefined, { signal }).catch(() => {});
      }
    }
  }
}

/**
 * Starts the client with a timeout. Without a timeout, a client that connects and receives no `hello` would wait
 * forever.
 */
async function started(client: SocketModeClient): Promise<void> {
  const greeted = new AbortController();
  const tooLate = sleep(GREETED_WITHIN, undefined, { signal: greeted.signal }).then(() => {
    throw new Error('Slack did not greet the connection.');
  });
  try {
    await Promise.race([client.start(), tooLate]);
  } catch (error) {
    client.disconnect().catch(() => {});
    throw error;
  } finally {
    greeted.abort();
    tooLate.catch(() => {});
  }
}

/**
 * Converts a Slack error to a channel error. The SDK's own error contains requests and responses, so it is not passed
 * on.
 */
export function slackFailed(error: unknown): LeaseError {
  const code = slackCode(error);
  if (code !== undefined) return channelFailed(`Slack answered ${clipped(code, 100)}`, hintOf(code), false);
  if (error instanceof LeaseError) return error;
  return channelFailed('Slack cannot be reached', 'See that this machine reaches Slack.', true);
}

/** Slack's error code, for example `invalid_auth`; `undefined` without a response. */
function slackCode(error: unknown): string | undefined {
  const data = error instanceof Error && 'data' in error ? error.data : undefined;
  const code = typeof data === 'object' && data !== null && 'error' in data ? data.error : undefined;
  return typeof code === 'string' ? code : undefined;
}

function hintOf(code: string): string {
  if (/auth|token|account_inactive/.test(code)) return 'Check that both tokens belong to the app and are not revoked.';
  if (/scope/.test(code)) return 'Grant chat:write to the app, and grant connections:write to its app-level token.';
  if (/channel|is_archived/.test(code)) return 'Specify an existing conversation, and invite the app to it.';
  return 'Look up the error code in the Slack API reference.';
}

/** Timeout of a call in milliseconds. Also the pause between a lost connection and the next connection. */
const PATIENCE = 10_000;
/** Maximum milliseconds from a new connection to Slack's `hello`. */
const GREETED_WITHIN = 5_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

interface Envelope {
  readonly ack: (response?: Record<string, unknown>) => Promise<void>;
  readonly body: unknown;
}

/**
 * A silent logger. At the level `debug`, which a caller or the environment might set, the SDK logs every payload,
 * including codes.
 */
const SILENT = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  setName: () => {},
  getLevel: () => 'error' as LogLevel,
};

function options(slackApiUrl: string) {
  return { slackApiUrl, logger: SILENT, timeout: PATIENCE, retryConfig: { retries: 3, minTimeout: FIRST_PAUSE } };
}

function sdk() {
  try {
    return {
      WebClient: (require('@slack/web-api') as typeof import('@slack/web-api')).WebClient,
      SocketModeClient: (require('@slack/socket-mode') as typeof import('@slack/socket-mode')).SocketModeClient,
    };
  } catch (error) {
    throw channelFailed(
      "Slack's SDK is not installed",
      'Install it: npm install @slack/web-api @slack/socket-mode',
      false,
      error,
    );
  }
}
