/** The process of a login. It keeps the tokens of one person for one broker in its memory, and renews them. */
import { lstatSync } from 'node:fs';
import type { Socket } from 'node:net';
import { socketPath } from '../holder/folder';
import { bind, removeOwn } from '../holder/private-socket';
import { type HeldTokens, type IssuerMetadata, type Revocation, refreshed, revoked } from './oidc';
import { socketName } from './socket-name';
import { type Handover, type LoginFacts, type LoginReply, receive, send } from './wire';

/** A running login. */
export interface LoginHolder {
  /** Resolves when the login has ended, and its tokens are revoked. */
  readonly ended: Promise<void>;
  /** Ends the login. */
  stop(): void;
}

/** Options for tests. */
export interface LoginHolderOptions {
  /** Returns milliseconds since 1970. @default the system clock */
  readonly now?: () => number;
}

/**
 * Age in milliseconds at which an access token is renewed. A broker may accept tokens only until they are five minutes
 * old, even if they expire later.
 */
const STALE = 240_000;
/** Number of milliseconds before expiry at which an access token is renewed. */
const EARLY = 30_000;
/** Maximum duration of a login in milliseconds, even if the issuer permits more. */
const LONGEST = 86_400_000;
/** Maximum concurrent connections. */
const MOST_CONNECTIONS = 64;

/**
 * Starts to keep a login.
 * @returns `undefined` if another login for this broker is already kept.
 * @throws {import('../holder').HolderError} if the folder cannot be trusted
 */
export async function startLoginHolder(
  handover: Handover,
  { now = Date.now }: LoginHolderOptions = {},
): Promise<LoginHolder | undefined> {
  const path = socketPath(handover.folder, socketName(handover.broker));
  const server = await bind(path);
  if (!server) return undefined;
  const { ino } = lstatSync(path);
  const session = new Session(handover, now);
  const sockets = new Set<Socket>();
  const stop = () => {
    clearTimeout(timer);
    server.close();
    for (const socket of sockets) socket.destroySoon();
  };
  // The tombstone of a login that is over is kept as long, so that commands report it instead of using another identity.
  const timer = setTimeout(stop, LONGEST);
  const ended = new Promise<void>((resolve) =>
    server.once('close', () => {
      removeOwn(path, ino);
      resolve();
    }),
  ).then(() => session.drop().then(() => {}));
  server.maxConnections = MOST_CONNECTIONS;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    receive(socket, async ({ ask }) => {
      const reply = await session.answer(ask);
      if (reply === undefined) return socket.destroy();
      send(socket, reply);
      if ('ended' in reply) stop();
    });
  });
  return { ended, stop };
}

/** The tokens of one login. */
class Session {
  readonly #facts: LoginFacts;
  readonly #metadata: IssuerMetadata;
  readonly #now: () => number;
  readonly #until: number;
  /** Undefined when the issuer no longer accepts the sign-in. */
  #tokens: HeldTokens | undefined;
  #renewal: Promise<void> | undefined;

  constructor({ id, broker, account, metadata, tokens }: Handover, now: () => number) {
    this.#facts = { id, broker, issuer: metadata.server.issuer, sub: account.sub, name: account.name };
    this.#metadata = metadata;
    this.#tokens = tokens;
    this.#now = now;
    this.#until = now() + LONGEST;
  }

  /** @returns undefined for a request that cannot be read. */
  async answer(ask: unknown): Promise<LoginReply | undefined> {
    switch (ask) {
      case 'facts':
        return this.#tokens === undefined ? { over: this.#facts } : { facts: this.#facts };
      case 'token':
        return this.#token();
      case 'end':
        return this.#end();
      default:
        return undefined;
    }
  }

  async #token(): Promise<LoginReply> {
    if (this.#now() >= this.#until) await this.drop();
    try {
      if (this.#isStale()) await this.#renew();
    } catch {
      // A token that is valid can still be used while the issuer is not reachable.
      if (this.#tokens === undefined || this.#now() >= this.#tokens.expiresAt) {
        return { unavailable: this.#facts.issuer };
      }
    }
    return this.#tokens === undefined ? { over: this.#facts } : { token: this.#tokens.accessToken, facts: this.#facts };
  }

  #isStale(): boolean {
    if (this.#tokens === undefined) return false;
    const { issuedAt, expiresAt } = this.#tokens;
    return this.#now() >= Math.min(issuedAt + STALE, expiresAt - EARLY);
  }

  /** Renews the tokens. Concurrent callers share one renewal, because a refresh token can be used only once. */
  #renew(): Promise<void> {
    this.#renewal ??= this.#renewed().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewed(): Promise<void> {
    const { refreshToken, expiresAt } = this.#tokens ?? {};
    if (refreshToken === undefined) {
      if (expiresAt !== undefined && this.#now() >= expiresAt) this.#tokens = undefined;
      return;
    }
    const renewed = await refreshed(this.#metadata, refreshToken);
    this.#tokens = renewed === 'over' ? undefined : renewed;
  }

  async #end(): Promise<LoginReply> {
    return { ended: await this.drop(), facts: this.#facts };
  }

  /** Forgets the tokens, and revokes the refresh token. Never rejects. */
  async drop(): Promise<Revocation> {
    // A renewal in flight would leave a refresh token that nobody revokes.
    await this.#renewal?.catch(() => undefined);
    const tokens = this.#tokens;
    this.#tokens = undefined;
    return tokens === undefined ? 'revoked' : revoked(this.#metadata, tokens);
  }
}
