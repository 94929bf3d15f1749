/** The client of a login: reports who is signed in to a broker, returns an access token, and ends the login. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { extname, join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { HolderError } from '../holder/error';
import { ownSocket, socketPath } from '../holder/folder';
import { connected } from '../holder/private-socket';
import { over, unreachable } from './error';
import { type IssuerMetadata, type Revocation, revoked, type SignedIn } from './oidc';
import { socketName } from './socket-name';
import { type Handover, type LoginFacts, type LoginRequest, readFacts, receive, send } from './wire';

/** A person who is signed in at a broker. */
export interface Login extends Pick<LoginFacts, 'name' | 'sub' | 'issuer'> {
  /** Returns a valid access token. @throws {import('./error').SignInError} if the sign-in has ended */
  readonly token: () => Promise<string>;
}

/** Milliseconds to wait for a response. The process may call the issuer before it responds. */
const PATIENCE = 60_000;
/** Milliseconds to wait for the process to start. */
const START = 30_000;

/**
 * The login for a broker. A login that is over is returned as well: its `token` rejects.
 * @param folder The folder of the sockets, as returned by `privateFolder`.
 * @returns undefined if nobody is signed in
 * @throws {HolderError} if the socket is not the user's own
 */
export async function loginAt(broker: string, folder: string): Promise<Login | undefined> {
  const reply = await asked(broker, folder, { ask: 'facts' });
  const facts = reply && factsOf(reply, broker);
  if (facts === undefined) return undefined;
  const { name, sub, issuer } = facts;
  return { name, sub, issuer, token: () => tokenOf(broker, folder, facts) };
}

/** A sign-in that is to be kept. */
export interface NewLogin {
  readonly broker: string;
  /** The folder of the sockets, as returned by `privateFolder`. */
  readonly folder: string;
  readonly metadata: IssuerMetadata;
  /** Called if somebody was already signed in and is now signed out. */
  readonly onEnded: (earlier: EndedLogin) => void;
}

/**
 * Ends the existing login for a broker, and keeps the new login. If the new login cannot be kept, its tokens are
 * revoked.
 * @throws {HolderError}
 */
export async function replaceLogin(signedIn: SignedIn, { onEnded, ...place }: NewLogin): Promise<void> {
  try {
    const earlier = await endLogin(place.broker, place.folder);
    if (earlier !== undefined) onEnded(earlier);
    await keepLogin({ ...signedIn, ...place, id: randomBytes(16).toString('hex') });
  } catch (error) {
    await revoked(place.metadata, signedIn.tokens);
    throw error;
  }
}

/** Keeps a login in a separate process, which continues to run after this process ends. @throws {HolderError} */
async function keepLogin(handover: Handover): Promise<void> {
  const child = start(handover);
  const deadline = Date.now() + START;
  while (Date.now() < deadline) {
    const reply = await asked(handover.broker, handover.folder, { ask: 'facts' }).catch(() => undefined);
    const facts = readFacts(reply?.facts);
    if (facts?.id === handover.id) return;
    if (facts !== undefined) {
      throw new HolderError(
        'Another sign-in to this broker finished first.',
        'End it: leasehold logout. Then sign in.',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill();
  throw new HolderError(
    'The process leasehold-login, which keeps you signed in, does not start.',
    'Look whether programs may start.',
  );
}

/** How a login ended. */
export interface EndedLogin {
  readonly name: string;
  readonly issuer: Revocation;
}

/** Ends the login for a broker, and revokes its tokens. @returns undefined if nobody is signed in */
export async function endLogin(broker: string, folder: string): Promise<EndedLogin | undefined> {
  const reply = await asked(broker, folder, { ask: 'end' });
  if (reply === undefined) return undefined;
  const { ended } = reply;
  const facts = factsOf(reply, broker);
  if (ended !== 'revoked' && ended !== 'not-revoked' && ended !== 'unsupported') throw unreadable();
  return { name: facts.name, issuer: ended };
}

type Reply = Readonly<Record<string, unknown>>;

async function tokenOf(broker: string, folder: string, login: LoginFacts): Promise<string> {
  const reply = await asked(broker, folder, { ask: 'token' });
  if (reply === undefined) throw over(login.name);
  if (typeof reply.unavailable === 'string') throw unreachable(`the issuer ${login.issuer} cannot be reached`);
  const { id } = factsOf(reply, broker);
  // Somebody else signed in since: this command began as the earlier person.
  if (id !== login.id || reply.over !== undefined) throw over(login.name);
  if (typeof reply.token !== 'string') throw unreadable();
  return reply.token;
}

function factsOf(reply: Reply, broker: string): LoginFacts {
  const facts = readFacts(reply.facts ?? reply.over);
  if (facts === undefined || facts.broker !== broker) throw unreadable();
  return facts;
}

function unreadable(): HolderError {
  return new HolderError(
    'The response of the process leasehold-login, which keeps you signed in, cannot be read.',
    'End the process leasehold-login, and sign in again.',
  );
}

/** The answer of the login's process. Undefined if there is none. */
async function asked(broker: string, folder: string, request: LoginRequest): Promise<Reply | undefined> {
  // Most people are never signed in. For them, the folder is neither created nor checked.
  if (!existsSync(join(folder, socketName(broker)))) return undefined;
  const path = socketPath(folder, socketName(broker));
  if (!ownSocket(path)) return undefined;
  const socket = await connected(path);
  if (socket === undefined) return undefined;
  try {
    return await answered(socket, request);
  } finally {
    socket.destroy();
  }
}

function answered(socket: Socket, request: LoginRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unreadable()), PATIENCE);
    const lost = () => {
      clearTimeout(timer);
      reject(unreadable());
    };
    socket.once('close', lost).once('error', lost);
    receive(socket, (reply) => {
      clearTimeout(timer);
      resolve(reply);
    });
    send(socket, request);
  });
}

/** Environment variables of the process: where programs and certificate authorities are. */
const { PATH, NODE_EXTRA_CA_CERTS } = process.env;

/** Starts the process. It inherits no key and no variable that loads code. */
function start(handover: Handover): ChildProcess {
  const extension = extname(__filename);
  // TypeScript sources need the loader of this process. Compiled code needs no loader.
  const loader = extension === '.ts' ? process.execArgv : [];
  const child = spawn(process.execPath, [...loader, join(__dirname, `main${extension}`)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: defined({ PATH, NODE_EXTRA_CA_CERTS }),
  });
  // A failed start is noticed by whoever waits for the socket.
  child.once('error', () => {});
  child.stdin.once('error', () => {});
  child.stdin.end(JSON.stringify(handover));
  child.unref();
  (child.stdin as Socket).unref?.();
  return child;
}
