/** The approver's side of the approval socket: what waits on this machine, and answering it. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ApprovalRequest } from '../../approval';
import { approvalLines } from '../../approval-text';
import { onLine } from '../../on-line';
import { approvalDirectory, currentUser, demandPrivateDirectory } from './directory';
import { type Answer, encode, LONGEST_QUESTION, type Reply, readAsked, readReply } from './protocol';

/**
 * A request that waits for an answer. Everything in it was sent by the agent's process: data, to be escaped for
 * wherever it is shown.
 */
export interface WaitingRequest {
  readonly request: ApprovalRequest;
  /** The whole request as plain lines. */
  readonly lines: readonly string[];
  /** Aborts when the request takes no more answers; its `reason` is a sentence that says why. */
  readonly over: AbortSignal;
  /** Says yes, with the six digits of the approver's device. Never rejects. */
  approve(approver: string, code: string): Promise<Reply>;
  /** Says no. Never rejects. */
  deny(approver: string): Promise<Reply>;
  /**
   * After a yes that was taken: `opened` or `not-opened`, as the agent tells what AWS answered; `over` when it does not tell.
   * Never rejects.
   */
  outcome(): Promise<Reply>;
}

/** What waits; what lapses first comes first. */
export interface WaitingList {
  readonly requests: readonly WaitingRequest[];
  /** Agents that are there but say nothing that can be read. */
  readonly unreadable: number;
  /** Hangs up. The requests go on waiting. */
  close(): void;
}

/**
 * Connects to every request of this user that waits on this machine. Removes what agents that are gone left behind.
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

/** The holder's socket may be in the same folder. It asks nothing, and would be waited for. */
const HOLDER = 'holder.sock';
/** Milliseconds that an agent has to show its request. */
const PATIENCE = 5_000;

/** Connects and reads the request. */
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
      // A name stands only before a socket that listens, so a refusal means that its agent is gone.
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

const GONE = 'The agent is gone.';

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
