/** A call to the authorizing proxy. */
import type { RequestFacts } from './context';
import type { Caller } from './credentials/caller';
import type { Exchange } from './exchange';
import type { ServiceMapping, SignedRequest } from './service-mapping';
import type { Payload } from './sigv4/verify';

/** A request with an authenticated sender. */
export interface ProxyCall {
  readonly mapping: ServiceMapping;
  readonly request: SignedRequest;
  readonly payload: Payload;
  readonly caller: Caller;
  readonly facts: RequestFacts;
  readonly exchange: Exchange;
}
