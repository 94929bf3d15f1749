/**
 * Log events in CloudTrail's format, with the verdict and the statement that determined it.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import { defined } from '@leasehold/contract/defined';
import type { Decision } from './authorize';
import { type Caller, callerArn, callerId } from './credentials/caller';

/** The caller, in CloudTrail's format. */
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

/** One call. No field contains a secret: no keys, tokens or codes. */
export interface Event {
  readonly eventVersion: '1.11';
  readonly userIdentity: UserIdentity;
  /** The time of the sandbox's clock. */
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
  /**
   * Not in CloudTrail: the sandbox's verdict. `refused` means that no policy was evaluated, because the sender was not
   * authenticated or the request could not be parsed.
   */
  readonly verdict: 'allowed' | 'denied' | 'refused';
  /** Not in CloudTrail: all authorization decisions about the call, in order. */
  readonly decisions: readonly Decision[];
}

/** The fields that an operation adds to its event while it runs. */
export interface EventDraft {
  eventName: string;
  requestParameters: Readonly<Record<string, unknown>> | null;
  responseElements: Readonly<Record<string, unknown>> | null;
  readonly decisions: Decision[];
  userIdentity: UserIdentity;
}

/** Keeps the latest events, and passes each event to the listeners. */
export class EventLog implements Iterable<Event> {
  readonly #events: Event[] = [];
  readonly #listeners = new Set<(event: Event) => void>();

  /** The latest events, oldest first; at most `MOST_EVENTS`. */
  get events(): readonly Event[] {
    return [...this.#events];
  }

  /** The latest event. */
  get last(): Event | undefined {
    return this.#events.at(-1);
  }

  [Symbol.iterator](): Iterator<Event> {
    return this.events[Symbol.iterator]();
  }

  /** Adds a listener, which is called with every new event. Returns a function that removes the listener. */
  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Removes all events. */
  clear(): void {
    this.#events.length = 0;
  }

  /** @internal */
  append(event: Event): void {
    this.#events.push(event);
    // Events are removed rarely but many at a time, because removing one event per call would move the whole list each
    // time.
    if (this.#events.length > MOST_EVENTS * 2) this.#events.splice(0, this.#events.length - MOST_EVENTS);
    for (const listener of this.#listeners) listener(event);
  }
}

/** Minimum number of events that the log keeps before it removes the oldest. */
export const MOST_EVENTS = 5000;

/**
 * A caller in CloudTrail's format:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
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
