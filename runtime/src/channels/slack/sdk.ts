/** Slack's own SDK: an optional peer, loaded when something is asked, and kept from logging what it carries. */
import { setTimeout as sleep } from 'node:timers/promises';
import { clipped } from '@leasehold/contract/text';
import type { SocketModeClient } from '@slack/socket-mode';
import type { LogLevel, WebClient } from '@slack/web-api';
import { LeaseError } from '../../lease-error';
import { channelFailed } from '../question';

/** Something that a person did in Slack, and how to answer it within 3 seconds. */
export type Heard = (body: unknown, acknowledge: (response?: Record<string, unknown>) => void) => void;

/** The Web API as a bot. @throws LeaseError `channel-failed` when the SDK is missing */
export function webClient(botToken: string, slackApiUrl: string): WebClient {
  return new (sdk().WebClient)(botToken, options(slackApiUrl));
}

/**
 * A Socket Mode connection that is kept up until it is closed.
 *
 * It reconnects by itself: the SDK's own reconnecting leaves a rejection unhandled when Slack refuses it, which ends the
 * process.
 */
export class Connection {
  readonly #client: SocketModeClient;
  readonly #closing = new AbortController();
  #reconnecting: Promise<void> | undefined;

  private constructor(client: SocketModeClient) {
    this.#client = client;
  }

  /** @param failed Hears why the connection cannot be kept up. @throws LeaseError `channel-failed` */
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
        // An answer that Slack does not get is one that the person sees fail.
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
      // Attempts that fail are heard here, too.
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

  /** Slack renews connections every few hours. @throws what Slack refuses for good */
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

/** Starts the client. One that connects and is never greeted would otherwise wait for ever. */
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

/** A failure of Slack's as the channel tells it. The SDK's own errors hold requests and answers, so they stay here. */
export function slackFailed(error: unknown): LeaseError {
  const code = slackCode(error);
  if (code !== undefined) return channelFailed(`Slack answered ${clipped(code, 100)}`, hintOf(code), false);
  if (error instanceof LeaseError) return error;
  return channelFailed('Slack cannot be reached', 'See that this machine reaches Slack.', true);
}

/** What Slack answered, for example `invalid_auth`; `undefined` when it answered nothing. */
function slackCode(error: unknown): string | undefined {
  const data = error instanceof Error && 'data' in error ? error.data : undefined;
  const code = typeof data === 'object' && data !== null && 'error' in data ? data.error : undefined;
  return typeof code === 'string' ? code : undefined;
}

function hintOf(code: string): string {
  if (/auth|token|account_inactive/.test(code)) return 'See that both tokens are those of the app, and not revoked.';
  if (/scope/.test(code)) return 'Give the app chat:write, and its app-level token connections:write.';
  if (/channel|is_archived/.test(code)) return 'Name a conversation that exists, and invite the app to it.';
  return 'Look the code up in the reference of the Slack API.';
}

/** Milliseconds that a call may take, and between a lost connection and the next. */
const PATIENCE = 10_000;
/** Milliseconds from a new connection to Slack's `hello`. */
const GREETED_WITHIN = 5_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

interface Envelope {
  readonly ack: (response?: Record<string, unknown>) => Promise<void>;
  readonly body: unknown;
}

/** At its level `debug`, which a caller or an environment might set, the SDK logs every payload, and codes with them. */
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
