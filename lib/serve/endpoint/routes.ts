/** Who may ask, and what: `GET /credentials/<role>`, `POST /leases/<role>`, `GET /leases/<role>`. */
import type { IncomingMessage } from 'node:http';
import type { Lease } from '@leasehold/runtime';
import type { DeskRequest } from './desk';
import type { EndpointClient } from './endpoint-client';
import { readQuestion } from './question';
import { Refusal } from './refusal';

/** What an endpoint can say for its clients: by which gate, and on whose behalf. */
export type RequestDefaults = Pick<DeskRequest, 'gate' | 'subjectToken'>;

/** What a request is answered with. */
export interface Surroundings {
  /** Host and port that a request must name. */
  readonly authority: string;
  readonly clients: readonly EndpointClient[];
  /** Fires when the caller hangs up. */
  readonly gone: AbortSignal;
  readonly now: () => number;
  /** What a request for a role says where it does not say it itself. */
  readonly defaults: (role: string) => RequestDefaults;
}

/**
 * The body of a good answer.
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
      throw new Refusal(405, 'method-not-allowed', `${place} takes no ${request.method}.`, ROUTES);
  }
}

/**
 * The client whose token came. Before it is looked at: a page of a browser that was led here by a name which resolves to
 * the loopback interface sends that name as `Host`, or says where it comes from.
 */
function clientOf(request: IncomingMessage, { authority, clients }: Surroundings): EndpointClient {
  const { headers } = request;
  const hosts = request.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length !== 1 || headers.host !== authority || headers.origin !== undefined || 'sec-fetch-site' in headers) {
    throw new Refusal(403, 'wrong-host', 'The request is not for this endpoint.', `Send it to http://${authority}.`);
  }
  const token = headers.authorization ?? '';
  // Every client is compared, so that the time says nothing of which one it was.
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
  return new Refusal(404, 'not-found', 'There is nothing at this path.', ROUTES);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
