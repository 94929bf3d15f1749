/**
 * Events as CloudTrail writes them, with the verdict and what decided it.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import { defined } from '@leasehold/contract/defined';
import type { Decision } from './authorize';
import { type Caller, callerArn, callerId } from './credentials/caller';

/** Who called, in CloudTrail's words. */
export interface UserIdentity {
  readonly type: 'IAMUser' | 'AssumedRole' | 'WebIdentityUser' | 'Unknown';
  readonly principalId?: string;
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  readonly identityProvider?: string;
  readonly sessionContext?: {
    readonly sessionIssuer?: {
      readonly type: 'Role';
      readonly principalId: string;
      readonly arn: string;
      readonly accountId: string;
      readonly userName: string;
    };
    readonly attributes: { readonly creationDate: string; readonly mfaAuthenticated: 'true' | 'false' };
    readonly sourceIdentity?: string;
  };
}

/** One call. No field holds a secret: neither keys nor tokens nor codes. */
export interface Event {
  readonly eventVersion: '1.11';
  readonly userIdentity: UserIdentity;
  /** By the sandbox's clock. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  readonly requestID: string;
  readonly eventID: string;
  readonly eventType: 'AwsApiCall';
  readonly recipientAccountId?: string;
  /** Not CloudTrail's: what the sandbox answered. `refused` where no policy was asked, since the sender was not proven or the request not understood. */
  readonly verdict: 'allowed' | 'denied' | 'refused';
  /** Not CloudTrail's: every decision that the call needed, in order. */
  readonly decisions: readonly Decision[];
}

/** What an operation adds to its event while it runs. */
export interface EventDraft {
  eventName: string;
  requestParameters: Readonly<Record<string, unknown>> | null;
  responseElements: Readonly<Record<string, unknown>> | null;
  readonly decisions: Decision[];
  userIdentity: UserIdentity;
}

/** Keeps the last events, and hands each one on. */
export class EventLog implements Iterable<Event> {
  readonly #events: Event[] = [];
  readonly #listeners = new Set<(event: Event) => void>();

  /** The last events, oldest first; at most {@link MOST_EVENTS}. */
  get events(): readonly Event[] {
    return [...this.#events];
  }

  /** The last event. */
  get last(): Event | undefined {
    return this.#events.at(-1);
  }

  [Symbol.iterator](): Iterator<Event> {
    return this.events[Symbol.iterator]();
  }

  /** Calls the listener with every event from now on. Returns a function that ends this. */
  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets all events so far. */
  clear(): void {
    this.#events.length = 0;
  }

  /** @internal */
  append(event: Event): void {
    this.#events.push(event);
    // Cut seldom and much: cutting one event a call would move the whole list each time.
    if (this.#events.length > MOST_EVENTS * 2) this.#events.splice(0, this.#events.length - MOST_EVENTS);
    for (const listener of this.#listeners) listener(event);
  }
}

/** Events that the log keeps at least, before it forgets the oldest. */
export const MOST_EVENTS = 5000;

/** A caller in CloudTrail's words: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export function userIdentity(caller: Caller): UserIdentity {
  const { account, accessKeyId, session } = caller;
  const base = { principalId: callerId(caller), arn: callerArn(caller), accountId: account.id, accessKeyId };
  const attributes = session && {
    creationDate: `${new Date(session.issuedAt * 1000).toISOString().slice(0, 19)}Z`,
    mfaAuthenticated: session.mfaAt === undefined ? ('false' as const) : ('true' as const),
  };
  if (caller.kind === 'user') {
    return {
      type: 'IAMUser',
      ...base,
      userName: caller.user.name,
      ...defined({ sessionContext: attributes && { attributes } }),
    };
  }
  const { role } = caller;
  return {
    type: 'AssumedRole',
    ...base,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId: role.id, arn: role.arn, accountId: account.id, userName: role.name },
      attributes: attributes ?? { creationDate: '', mfaAuthenticated: 'false' },
      ...defined({ sourceIdentity: session?.sourceIdentity }),
    },
  };
}
