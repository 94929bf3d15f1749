/** Sockets in the private folder: one process listens, and only the same user can connect. */
import { lstatSync, mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { HolderError } from './error';
import { ELSEWHERE, ownSocket } from './folder';

/** Connects to a socket. Returns `undefined` if no process is listening. */
export function connected(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

/** Listens on a socket. Returns `undefined` if another process is already listening. Replaces a stale socket. */
export async function bind(path: string): Promise<Server | undefined> {
  const first = await tryListen(path);
  if (first) return first;
  ownSocket(path);
  if (await answers(path)) return undefined;
  const lock = path.replace(/\.sock$/, '.lock');
  if (!takeLock(lock)) return undefined;
  try {
    if (await answers(path)) return undefined;
    try {
      unlinkSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    return await tryListen(path);
  } finally {
    rmdirSync(lock);
  }
}

function tryListen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(new HolderError(`${path} cannot be listened on: ${error.code}.`, ELSEWHERE, { cause: error }));
    });
    // The umask makes the new socket private from the start.
    const before = process.umask(0o077);
    try {
      server.listen(path, () => resolve(server));
    } finally {
      process.umask(before);
    }
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const tell = (yes: boolean) => () => {
      probe.destroy();
      resolve(yes);
    };
    probe.once('connect', tell(true));
    probe.once('error', tell(false));
  });
}

/** Milliseconds after which a lock counts as stale. Normally, a process keeps a lock only for a moment. */
const LOCK_OVER = 10_000;

/** Takes the lock by creating a folder, because only one process can create it. */
function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock, { mode: 0o700 });
    return true;
  } catch {
    const stats = lstatSync(lock, { throwIfNoEntry: false });
    if (stats && Date.now() - stats.mtimeMs > LOCK_OVER) rmdirSync(lock);
    return false;
  }
}

/** Removes the socket, unless another process has replaced the socket. */
export function removeOwn(path: string, ino: number): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.ino === ino) unlinkSync(path);
}
