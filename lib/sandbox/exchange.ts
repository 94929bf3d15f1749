/**
 * A request that the sandbox is processing, with the data that is known so far. The response and the log use this data.
 */
import { defined } from '@leasehold/contract/defined';
import { requestId } from './account/ids';
import type { Event, EventDraft } from './log';
import type { Protocol } from './wire/protocol';
import type { RawRequest } from './wire/raw-request';

export class Exchange {
  readonly requestId = requestId();
  readonly raw: RawRequest;
  /**
   * The protocol in which an error is returned. Parsing the request determines the protocol more precisely.
   */
  protocol: Protocol;
  namespace: string | undefined;
  /** Whether the request is for an HTTP API, which has its own error format. */
  forApi = false;
  /** Whether the caller was authenticated with an access token. No policy is evaluated for such a caller. */
  admittedByToken = false;
  region: string;
  eventSource = 'unknown';
  account: string | undefined;
  readonly draft: EventDraft = {
    eventName: 'Unknown',
    requestParameters: null,
    responseElements: null,
    decisions: [],
    userIdentity: { type: 'Unknown' },
  };

  constructor(raw: RawRequest, protocol: Protocol, region: string) {
    this.raw = raw;
    this.protocol = protocol;
    this.region = region;
  }

  /** The log event of this exchange. `error` is the error in the response; `undefined` on success. */
  event(now: number, sourceIp: string, error: { readonly code: string; readonly message: string } | undefined): Event {
    const { decisions, ...draft } = this.draft;
    const last = decisions.at(-1);
    return {
      eventVersion: '1.11',
      userIdentity: draft.userIdentity,
      eventTime: `${new Date(now).toISOString().slice(0, 19)}Z`,
      eventSource: this.eventSource,
      eventName: draft.eventName,
      awsRegion: this.region,
      sourceIPAddress: sourceIp,
      userAgent: this.raw.headers['user-agent'] ?? '',
      ...defined({ errorCode: error?.code, errorMessage: error?.message }),
      requestParameters: draft.requestParameters,
      responseElements: error === undefined ? draft.responseElements : null,
      requestID: this.requestId,
      eventID: requestId(),
      eventType: 'AwsApiCall',
      ...defined({ recipientAccountId: this.account }),
      verdict: this.#verdict(last),
      decisions,
    };
  }

  #verdict(last: EventDraft['decisions'][number] | undefined): Event['verdict'] {
    if (this.admittedByToken) return 'allowed';
    return last === undefined ? 'refused' : last.outcome === 'allowed' ? 'allowed' : 'denied';
  }
}
