/** `@leasehold/runtime/socket`: a request waits on this machine until a person answers it with `leasehold approve`. */
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ApprovalChannel } from '../../approval';
import { LeaseError } from '../../lease-error';
import { onLine } from '../../on-line';
import { channelFailed, endingText, PendingApproval, REFUSALS } from '../question';
import { approvalDirectory, demandPrivateDirectory } from './directory';
import { encode, LONGEST_ANSWER, LONGEST_QUESTION, type Reply, readAnswer } from './protocol';

export { approvalDirectory } from './directory';
export type { Reply } from './protocol';
export { type WaitingList, type WaitingRequest, waitingRequests } from './waiting';

/** The folder in which requests wait. */
export interface SocketOptions {
  /**
   * An absolute path of a folder that other users cannot access (mode 0700). The folder is created if it is missing.
   * @default `$XDG_RUNTIME_DIR/leasehold`, else `~/.leasehold/run`
   */
  readonly directory?: string;
}

/**
 * Asks on this machine. Each request waits behind its own Unix socket, in a folder that only the same user can open,
 * until a human runs `leasehold approve`. Any number of requests can wait at the same time.
 *
 * The folder protects against other users. It does not protect against the agent, which runs as the same user: against
 * the agent, the code from a human's device protects.
 *
 * @example
 * ```ts
 * import { socket } from '@leasehold/runtime/socket';
 *
 * const approval = socket();
 * ```
 * @public
 */
export function socket(options: SocketOptions = {}): ApprovalChannel {
  return async (request, { signal, ...known }) => {
    const question = new PendingApproval(request, signal, known);
    if (question.ending === undefined) {
      try {
        await wait(question, options.directory ?? approvalDirectory());
      } catch (error) {
        question.fail(
          error instanceof LeaseError
            ? error
            : channelFailed('the approval socket cannot be opened', 'Name another folder for it.', false, error),
        );
      }
    }
    return question.answer;
  };
}

/** Maximum number of concurrent connections. A person needs one connection; further connections are refused. */
const MOST_CONNECTIONS = 16;
/**
 * Maximum length of a socket path in bytes. Including the terminating zero, macOS accepts 104 bytes and Linux accepts
 * 108.
 */
const LONGEST_PATH = 103;

/** Opens the socket of a request, and removes it when the request ends. */
async function wait(question: PendingApproval, directory: string): Promise<void> {
  const line = encode({ leasehold: 1, key: question.key, request: question.request });
  if (Buffer.byteLength(line) > LONGEST_QUESTION) {
    throw channelFailed(
      'the request is too long for the approval socket',
      'Ask for a role with fewer permissions.',
      false,
    );
  }
  demandPrivateDirectory(directory);
  const path = join(directory, `${question.key}.sock`);
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    throw channelFailed(`${path} is too long for the path of a socket`, 'Name a folder with a shorter path.', false);
  }
  const server = createServer();
  server.maxConnections = MOST_CONNECTIONS;
  server.on('connection', (connection) => converse(connection, question, line));
  // The socket gets its final name only when the process listens and the socket is private to the user. If a socket
  // with a final name does not respond, it is stale.
  const unnamed = join(directory, `.${question.key}`);
  const close = () => {
    server.close();
    rmSync(path, { force: true });
    rmSync(unnamed, { force: true });
  };
  question.over.addEventListener('abort', close, { once: true });
  await listening(server, unnamed);
  if (question.ending !== undefined) return close();
  chmodSync(unnamed, 0o600);
  renameSync(unnamed, path);
  server.on('error', (error) => {
    question.fail(channelFailed('the approval socket broke', 'Ask again.', true, error));
  });
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Sends the request on a new connection, and reads the answer. */
function converse(connection: Socket, question: PendingApproval, line: string): void {
  const leave = (reply: Reply) => {
    question.over.removeEventListener('abort', tellOver);
    // A connection that stays open must not keep the agent's process alive.
    connection.unref();
    connection.end(encode(reply), () => connection.destroy());
  };
  const tellOver = () => leave(over(question));
  connection.on('error', () => connection.destroy());
  connection.on('close', () => question.over.removeEventListener('abort', tellOver));
  question.over.addEventListener('abort', tellOver, { once: true });
  connection.write(line);
  onLine(connection, LONGEST_ANSWER, (heard) => {
    const answer = readAnswer(heard);
    if (answer === undefined || answer.key !== question.key) {
      return leave({ result: 'refused', because: 'This is not an answer to this request.' });
    }
    question.over.removeEventListener('abort', tellOver);
    const { approver } = answer;
    const refusal = answer.answer === 'deny' ? question.deny(approver) : question.approve(approver, answer.code);
    if (refusal === undefined && answer.answer === 'approve' && question.outcome !== undefined) {
      connection.write(encode({ result: 'taken' }));
      void question.outcome.then(({ opened, because }) => leave({ result: opened ? 'opened' : 'not-opened', because }));
      return;
    }
    if (refusal === undefined) return leave({ result: 'taken' });
    if (refusal === 'over') return leave(over(question));
    question.over.addEventListener('abort', tellOver, { once: true });
    connection.write(encode({ result: 'refused', because: REFUSALS[refusal] }));
  });
}

function over({ ending }: PendingApproval): Reply {
  return { result: 'over', because: ending === undefined ? REFUSALS.over : endingText(ending) };
}
