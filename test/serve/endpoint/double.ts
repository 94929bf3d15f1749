/** A client that leases roles without AWS: a test answers for the human. */
import { LeaseCredentials } from '../../../runtime/src/credentials/lease-credentials';
import type { Lease, LeaseClient, LeaseRequest } from '../../../runtime/src/lease-client';
import { LeaseError } from '../../../runtime/src/lease-error';
import type { Manifest } from '../../../runtime/src/manifest';

/** One question that waits for its human. */
export interface Asked {
  readonly role: string;
  readonly request: LeaseRequest;
  /** Whether the asker has taken the question back. */
  readonly takenBack: () => boolean;
  approve(): void;
  refuse(error?: Error): void;
}

export interface Double {
  readonly client: LeaseClient;
  /** Everything that was asked, in order. */
  readonly asked: Asked[];
  /** The next question, when it comes. */
  question(): Promise<Asked>;
}

/** What no answer, message or file may ever contain. */
export const SECRETS = ['SECRET-ACCESS-KEY', 'SESSION-TOKEN'] as const;

export const DENIED = () => new LeaseError('denied', 'oncall said no.', 'Do something else.', false);

/** A lease that ends so many milliseconds from `now`. */
export function aLease(role: string, request: LeaseRequest, now = Date.now(), length = 900_000): Lease {
  const id = `lh-${role}-${++leases}`;
  const expiresAt = new Date(now + length);
  return {
    id,
    role,
    expiresAt,
    grant: {
      role,
      parameters: request.parameters ?? {},
      permissions: [],
      reason: request.reason,
      durationSeconds: length / 1000,
    },
    credentials: async () =>
      new LeaseCredentials({
        accessKeyId: `ASIA${id}`,
        secretAccessKey: SECRETS[0],
        sessionToken: SECRETS[1],
        expiresAt: expiresAt.getTime(),
      }),
    attenuate: () => Promise.reject(new Error('not in this test')),
  };
}

let leases = 0;

export function aClient(now: () => number = Date.now): Double {
  const asked: Asked[] = [];
  const eager: ((question: Asked) => void)[] = [];
  let taken = 0;
  const lease = (role: string, request: LeaseRequest) =>
    new Promise<Lease>((resolve, reject) => {
      request.signal?.addEventListener('abort', () =>
        reject(new LeaseError('aborted', 'The request was withdrawn.', 'Ask anew.', false)),
      );
      const question: Asked = {
        role,
        request,
        takenBack: () => request.signal?.aborted === true,
        approve: () => resolve(aLease(role, request, now())),
        refuse: (error = DENIED()) => reject(error),
      };
      asked.push(question);
      eager.shift()?.(question);
    });
  return {
    asked,
    question: () => {
      const waiting = asked[taken++];
      return waiting ? Promise.resolve(waiting) : new Promise((resolve) => eager.push(resolve));
    },
    client: {
      manifest: {} as Manifest,
      lease,
      leaseFor: () => Promise.reject(new Error('not in this test')),
      withLease: () => Promise.reject(new Error('not in this test')),
    },
  };
}
