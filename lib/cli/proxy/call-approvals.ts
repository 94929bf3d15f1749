/**
 * Asks a human for each call with an action that the role lists under `perCall`. Each approved call has a lease of its
 * own, which permits this action on this resource only. No answer is remembered.
 */
import { CALL_PARAMETER, parameterFiller } from '@leasehold/contract/permission';
import type { Lease, LeaseRequest, RoleEntry } from '@leasehold/runtime';
import { LeaseError } from '@leasehold/runtime';
import { ONE_CALL, type SessionClient } from '@leasehold/runtime/internal';
import type { MappedCall } from '@leasehold/sandbox/requests';

/** The end of the resource of every call. */
const END = `\${aws:PrincipalTag/param.${CALL_PARAMETER}}`;
/** Maximum number of calls that wait until a question about another call is answered. */
const MOST_WAITING = 16;

export interface CallApprovalsOptions {
  /** The role of the lease, with `perCall`. */
  readonly role: Pick<RoleEntry, 'perCall'>;
  /** The role for single calls. */
  readonly callRole: Pick<RoleEntry, 'parameters'> | undefined;
  /** Values of the parameters of the lease. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Returns a client that does not combine requests with those of other calls. */
  readonly apart: () => Pick<SessionClient, 'withLease'>;
  /** The request for the lease. Called for each question, because tokens are renewed. */
  readonly request: () => Pick<LeaseRequest, 'reason' | 'gate' | 'subjectToken'>;
}

/** A call that must be approved. */
export interface UnapprovedCall {
  readonly action: string;
  readonly resource: string;
  /** The end of the resource, which is the value of the parameter. */
  readonly end: string;
}

/** The refusal of a call that was not approved. The call is not sent to AWS. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
}

export class CallApprovals {
  readonly #options: CallApprovalsOptions;
  readonly #actions: ReadonlySet<string>;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: CallApprovalsOptions) {
    this.#options = options;
    this.#actions = new Set(options.role.perCall?.actions.map((action) => action.toLowerCase()));
  }

  /** What a human must approve before a call is made. Undefined if the call needs no approval. @throws CallRefused */
  unapproved({ operation, needs }: MappedCall): UnapprovedCall | undefined {
    const found = needs.find(({ action }) => this.#actions.has(action.toLowerCase()));
    if (found === undefined) return undefined;
    const { action, resource } = found;
    if (needs.some((need) => need.action !== action || need.resource !== resource)) {
      throw new CallRefused(
        `${operation} needs several permissions, and a human can approve only calls with one action on one resource`,
      );
    }
    const start = this.#start();
    if (start === undefined || !resource.startsWith(start) || resource === start) {
      throw new CallRefused(`the role does not permit ${action} on ${resource}`);
    }
    return { action, resource, end: resource.slice(start.length) };
  }

  /**
   * Asks a human, and makes the call with a lease for this call only. Questions are asked one after the other. A call
   * whose client has left gives up its place at once.
   * @throws CallRefused, and what `work` throws
   */
  async approved<T>(call: UnapprovedCall, signal: AbortSignal, work: (lease: Lease) => Promise<T>): Promise<T> {
    if (this.#waiting >= MOST_WAITING) throw new CallRefused('too many calls wait for a human');
    this.#waiting++;
    const turn = this.#last;
    let done: () => void = () => {};
    const answered = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#last = answered.then(() => turn);
    try {
      await unlessAborted(turn, signal);
      return await this.#asked(call, signal, done, work);
    } finally {
      done();
      this.#waiting--;
    }
  }

  /** @param answered Called when the question has been answered, so that the next one can be asked. */
  async #asked<T>(
    { action, end }: UnapprovedCall,
    signal: AbortSignal,
    answered: () => void,
    work: (lease: Lease) => Promise<T>,
  ): Promise<T> {
    const { role, callRole, parameters, apart, request } = this.#options;
    let isOpen = false;
    try {
      signal.throwIfAborted();
      const names = Object.keys(callRole?.parameters ?? {});
      const values = Object.entries(parameters).filter(([name]) => names.includes(name));
      const asked = {
        ...request(),
        parameters: Object.fromEntries([...values.filter(([name]) => !this.#isBound(name)), [CALL_PARAMETER, end]]),
        narrow: { actions: [action] },
        signal,
        [ONE_CALL]: true,
      };
      return await apart().withLease(role.perCall?.role ?? '', asked, (lease) => {
        isOpen = true;
        answered();
        return work(lease);
      });
    } catch (error) {
      if (isOpen || signal.aborted || !(error instanceof LeaseError)) throw error;
      throw new CallRefused(`${error.message} [${error.code}]`, { cause: error });
    }
  }

  /** Whether the broker takes the value from a verified identity. */
  #isBound(name: string): boolean {
    return this.#options.callRole?.parameters[name]?.from !== undefined;
  }

  /** The beginning of the resource of every call, with the values of the parameters. */
  #start(): string | undefined {
    const { role, parameters } = this.#options;
    const filled = parameterFiller(parameters)(role.perCall?.resource ?? '');
    const start = filled.slice(0, -END.length);
    return filled.endsWith(END) && !start.includes('$') ? start : undefined;
  }
}

/** Waits for a promise that is never rejected. @throws the reason of the signal, as soon as it is aborted */
async function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let abort: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
