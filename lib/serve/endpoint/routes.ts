/**
 * The routes of the endpoint and their authorization: `GET /credentials/<role>`, `POST /leases/<role>`, `GET
 * /leases/<role>`.
 */
import type { IncomingMessage } from 'node:http';
import type { Lease } from '@leasehold/runtime';
import type { DeskRequest } from './client-leases';
import type { EndpointClient } from './endpoint-client';
import { readQuestion } from './lease-request-body';
import { Refusal } from './refusal';

/**
 * Defaults that an endpoint sets for its clients: the gate, and the token of the user on whose behalf the clients
 * request leases.
 */
export type RequestDefaults = Pick<DeskRequest, 'gate' | 'subjectToken'>;

/** The context of a request. */
export interface Surroundings {
  /** The host and port that a request must contain in the header `Host`. */
  readonly authority: string;
  readonly clients: readonly EndpointClient[];
  /** Aborts when the caller disconnects. */
  readonly gone: AbortSignal;
  readonly now: () => number;
  /** Returns the default settings for requesting a role. */
  readonly defaults: (role: string) => RequestDefaults;
}

/**
 * The body of a successful response.
 * @throws Refusal, LeaseError
 */
export async function answer(request: IncomingMessage, around: Surroundings): Promise<object> {
  const client = clientOf(request, around);
  const [, place = '', encoded = '', ...rest] = (request.url ?? '').split('/');
  const role = decoded(encoded);
  if (role === '' || rest.length > 0) throw nothingHere();
  switch (`${request.method} ${place}`) {
    case 'GET credentials':
      return credentials(client.desk.lease(role));
    case 'GET leases':
      return described(client.desk.lease(role));
    case 'POST leases':
      return described(
        await client.desk.ask(role, { ...around.defaults(role), ...(await readQuestion(request)) }, around.gone),
      );
    default:
      if (place !== 'credentials' && place !== 'leases') throw nothingHere();
      throw new Refusal(405, 'method-not-allowed', `${place} does not support ${request.method}.`, ROUTES);
  }
}

/**
 * The client with the given token. Requests from web pages are rejected first: a page that reaches the loopback
 * interface through DNS rebinding sends its own host name in the header `Host`, or sends the header `Origin`.
 */
function clientOf(request: IncomingMessage, { authority, clients }: Surroundings): EndpointClient {
  const { headers } = request;
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length !== 1 || headers.host !== authority || headers.origin !== undefined || 'sec-fetch-site' in headers) {
    throw new Refusal(403, 'wrong-host', 'The request is not for this endpoint.', `Send it to http://${authority}.`);
  }
  const token = headers.authorization ?? '';
  // Compares the token with all clients, so that the time does not reveal which client matched.
  const matching = clients.filter((client) => client.hasToken(token));
  const [client] = matching;
  if (client) return client;
  throw new Refusal(
    401,
    'unauthorized',
    'The request carries no token of a client.',
    'Point AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE at the token file that `leasehold serve` named.',
  );
}

async function credentials(lease: Lease): Promise<object> {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = await lease.credentials();
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: expiration.toISOString(),
  };
}

function described({ id, role, expiresAt, grant }: Lease): object {
  return { id, role, expiresAt: expiresAt.toISOString(), reason: grant.reason, parameters: grant.parameters };
}

const ROUTES = 'Use GET /credentials/<role>, GET /leases/<role> or POST /leases/<role>.';

function nothingHere(): Refusal {
  return new Refusal(404, 'not-found', 'This path does not exist.', ROUTES);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
