/** Requests a lease from a credentials endpoint, without any SDK. */
import { request as httpRequest } from 'node:http';
import { defined } from '@leasehold/contract/defined';
import { LeaseholdError } from '@leasehold/contract/error';
import type { DeskRequest } from './client-leases';

/** The request to an endpoint. */
export interface EndpointQuestion extends DeskRequest {
  readonly role: string;
  /** Any URL of the endpoint: its base URL, or one of its credentials URLs. */
  readonly url: string;
  readonly token: string;
  readonly signal?: AbortSignal;
}

/**
 * The error if the endpoint refused the request or could not be reached.
 * @public
 */
export class EndpointRefusal extends LeaseholdError {
  override readonly name = 'EndpointRefusal';

  constructor(code: string, message: string, hint: string, options?: ErrorOptions) {
    super({ code, message, hint }, options);
  }
}

/**
 * Requests a lease and waits for a person's decision. The credentials remain in the endpoint.
 * @returns the id, the role and the end time of the lease.
 * @throws EndpointRefusal
 * @public
 */
export async function askEndpoint(question: EndpointQuestion): Promise<{ id: string; role: string; expiresAt: Date }> {
  const { role, url, token, signal, ...body } = question;
  const { status, text } = await post(leasesUrl(url, role), token, JSON.stringify(body), signal);
  const answer = parsed(text);
  const { id, expiresAt } = answer;
  if (status === 200 && typeof id === 'string' && typeof expiresAt === 'string') {
    return { id, role, expiresAt: new Date(expiresAt) };
  }
  const { code, hint, message } = answer;
  const told =
    typeof message === 'string' ? message : `The endpoint responded with status ${status} and an unreadable body.`;
  throw new EndpointRefusal(
    typeof code === 'string' ? code : 'unavailable',
    typeof hint === 'string' ? told.replace(` ${hint}`, '') : told,
    typeof hint === 'string' ? hint : 'Look whether it is an endpoint of `leasehold serve`.',
  );
}

/** Rejects a URL that refers to another machine, so that the token is never sent to another machine. */
function leasesUrl(url: string, role: string): URL {
  const given = URL.canParse(url) ? new URL(url) : undefined;
  if (given?.protocol === 'http:' && given.hostname === '127.0.0.1' && given.username === '') {
    return new URL(`/leases/${encodeURIComponent(role)}`, given.origin);
  }
  throw new EndpointRefusal(
    'invalid-request',
    'This address is not the address of a Leasehold endpoint on this machine.',
    'Use the address that `leasehold serve` printed: http://127.0.0.1:PORT.',
  );
}

/** Uses the Node.js HTTP client, which has no timeout, because `fetch` fails after five minutes without a response. */
function post(url: URL, token: string, body: string, signal?: AbortSignal): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error) =>
      reject(
        signal?.aborted
          ? new EndpointRefusal('aborted', 'The request was withdrawn.', 'Ask anew.', { cause })
          : new EndpointRefusal('unavailable', `${url.origin} does not respond.`, 'Start it: leasehold serve.', {
              cause,
            }),
      );
    const headers = {
      authorization: token,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const sent = httpRequest(url, { method: 'POST', headers, ...defined({ signal }) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', failed);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.once('error', failed);
    sent.end(body);
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
