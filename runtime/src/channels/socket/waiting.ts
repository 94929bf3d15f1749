/** The approver's side of the approval socket: lists the requests on this machine and answers them. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ApprovalRequest } from '../../approval';
import { approvalLines } from '../../approval-text';
import { onLine } from '../../on-line';
import { approvalDirectory, currentUser, demandPrivateDirectory } from './directory';
import { type Answer, encode, LONGEST_QUESTION, type Reply, readAsked, readReply } from './protocol';

/**
 * A pending request. Its entire content comes from the agent's process, so the content is untrusted data that must be
 * escaped when it is shown.
 */
export interface WaitingRequest {
  readonly request: ApprovalRequest;
  /** The whole request as plain lines. */
  readonly lines: readonly string[];
  /** Aborts when the request no longer accepts answers. The signal's `reason` is a sentence. */
  readonly over: AbortSignal;
  /** Approves with the six-digit code that the approver's device shows. Never rejects. */
  approve(approver: string, code: string): Promise<Reply>;
  /** Denies the request. Never rejects. */
  deny(approver: string): Promise<Reply>;
  /**
   * The outcome after an accepted approval: `opened` or `not-opened`, as the agent reports after AWS has responded.
   * `over` if the agent reports no outcome. Never rejects.
   */
  outcome(): Promise<Reply>;
}

/** The pending requests, sorted by their deadline. */
export interface WaitingList {
  readonly requests: readonly WaitingRequest[];
  /** Number of connected agents that have not sent a valid request yet. */
  readonly unreadable: number;
  /** Closes the connections. The requests remain pending. */
  close(): void;
}

/**
 * Connects to every pending request of this user on this machine. Removes stale sockets of agents that no longer run.
 *
 * @param directory As {@link SocketOptions.directory}.
 * @throws LeaseError `channel-failed` when the folder is not safe
 * @public
 */
export async function waitingRequests(directory: string = approvalDirectory()): Promise<WaitingList> {
  demandPrivateDirectory(directory);
  const user = currentUser();
  const paths = readdirSync(directory)
    .filter((name) => name.endsWith('.sock') && !name.startsWith('.') && name !== HOLDER)
    .map((name) => join(directory, name))
    .filter((path) => {
      const found = lstatSync(path, { throwIfNoEntry: false });
      return found?.isSocket() === true && found.uid === user;
    });
  const met = await Promise.all(paths.map(meet));
  const calls = met.filter((each): each is Call => each instanceof Call);
  return {
    requests: calls.sort((a, b) => a.request.answerBy.getTime() - b.request.answerBy.getTime()),
    unreadable: met.filter((each) => each === 'unreadable').length,
    close: () => {
      for (const call of calls) call.close();
    },
  };
}

/**
 * The credential holder's socket may be in the same folder. This socket does not send a request, so a connection to it
 * would time out.
 */
const HOLDER = 'holder.sock';
/** Maximum number of milliseconds that an agent may take to send its request. */
const PATIENCE = 5_000;

/** Connects to a socket and reads the request. */
function meet(path: string): Promise<Call | 'gone' | 'unreadable'> {
  return new Promise((resolve) => {
    const connection = connect(path);
    let call: Call | undefined;
    const giveUp = (why: 'gone' | 'unreadable') => {
      connection.destroy();
      resolve(why);
    };
    const timer = setTimeout(() => giveUp('unreadable'), PATIENCE);
    connection.on('error', (error: NodeJS.ErrnoException) => {
      // A socket has its final name only while a process listens on it, so a refused connection means that the agent no
      // longer runs.
      if (error.code === 'ECONNREFUSED') rmSync(path, { force: true });
      giveUp('gone');
    });
    connection.on('close', () => {
      clearTimeout(timer);
      resolve('gone');
      call?.ended(GONE);
    });
    onLine(connection, LONGEST_QUESTION, (line) => {
      if (call !== undefined) return call.heard(readReply(line));
      clearTimeout(timer);
      const asked = readAsked(line);
      if (asked === undefined) return giveUp('unreadable');
      call = new Call(connection, asked.key, asked.request);
      resolve(call);
    });
  });
}

const GONE = 'The agent has disconnected.';

/** An open connection to one request. */
class Call implements WaitingRequest {
  readonly request: ApprovalRequest;
  readonly #connection: Socket;
  readonly #key: string;
  readonly #over = new AbortController();
  readonly #outcome: Promise<Reply>;
  #settle: (reply: Reply) => void = () => {};
  #answered: ((reply: Reply) => void) | undefined;

  constructor(connection: Socket, key: string, request: ApprovalRequest) {
    this.#connection = connection;
    this.#key = key;
    this.request = request;
    this.#outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get lines(): readonly string[] {
    return approvalLines(this.request);
  }

  get over(): AbortSignal {
    return this.#over.signal;
  }

  approve(approver: string, code: string): Promise<Reply> {
    return this.#send({ key: this.#key, answer: 'approve', approver, code });
  }

  deny(approver: string): Promise<Reply> {
    return this.#send({ key: this.#key, answer: 'deny', approver });
  }

  outcome(): Promise<Reply> {
    return this.#outcome;
  }

  heard(reply: Reply): void {
    if (reply.result === 'opened' || reply.result === 'not-opened') {
      this.#settle(reply);
      return;
    }
    this.#answered?.(reply);
    this.#answered = undefined;
    if (reply.result === 'over') this.ended(reply.because ?? GONE);
  }

  ended(because: string): void {
    this.#settle({ result: 'over', because });
    this.#answered?.({ result: 'over', because });
    this.#answered = undefined;
    if (!this.over.aborted) this.#over.abort(because);
  }

  close(): void {
    this.#connection.destroy();
  }

  #send(answer: Answer): Promise<Reply> {
    if (this.over.aborted) return Promise.resolve({ result: 'over', because: String(this.over.reason) });
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#connection.write(encode(answer));
    });
  }
}
