/**
 * Reads an operation and its input from an event, or refuses the request. Never guesses, and never ignores unknown
 * input.
 */

import { EXCHANGES, IDEMPOTENCY_KEY, LEASE_ID, PRINCIPAL_NAME } from '@leasehold/contract';
import { OPERATIONS, type Operation, peopleRoute, ROUTES } from '@leasehold/contract/routes';
import { strictJson } from '@leasehold/contract/strict-json';
import type * as z from 'zod';
import { canonicalJson, type Json } from '../canonical';
import { BrokerFault } from '../service/fault';
import type { ApiEvent } from './event';

/** Maximum size of a request body in bytes. */
const LONGEST_BODY = 16 * 1024;
/** Maximum length of a query string in characters. */
const LONGEST_QUERY = 4096;

/** How API Gateway authenticated the caller: by an IAM signature, or by a token from a sign-in. */
export type Door = 'iam' | 'token';

const BY_ROUTE = new Map<string, { readonly operation: Operation; readonly door: Door }>();
for (const operation of OPERATIONS) {
  const signed = ROUTES[operation];
  const signedIn = peopleRoute(signed);
  BY_ROUTE.set(`${signed.method} ${signed.path}`, { operation, door: 'iam' });
  BY_ROUTE.set(`${signedIn.method} ${signedIn.path}`, { operation, door: 'token' });
}

/** The operation for a route. Undefined for an unknown route. */
export function operationByRoute(routeKey: string): Operation | undefined {
  return BY_ROUTE.get(routeKey)?.operation;
}

/** The authentication door for the matched route. Undefined for an unknown route. */
export function doorOf({ routeKey }: ApiEvent): Door | undefined {
  return BY_ROUTE.get(routeKey)?.door;
}

/** The operation for the matched route. @throws {BrokerFault} `not-found` */
export function operationOf({ routeKey }: ApiEvent): Operation {
  const operation = operationByRoute(routeKey);
  if (operation === undefined) throw new BrokerFault('not-found', 'There is no such route.');
  return operation;
}

/**
 * Parses a body according to the contract.
 * @throws {BrokerFault} `malformed`, `unsupported-media-type`, `too-large-body`
 */
export function readBody<T>(event: ApiEvent, schema: z.ZodType<T>): T {
  const type = event.headers['content-type'] ?? '';
  if (!/^application\/json(; ?charset=utf-8)?$/i.test(type)) {
    throw new BrokerFault('unsupported-media-type', 'The body is not declared as JSON.');
  }
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > LONGEST_BODY) {
    throw new BrokerFault('too-large-body', `The body has more than ${LONGEST_BODY} bytes.`);
  }
  return parsed(jsonOf(bytes), schema, 'The body');
}

/** Parses a query string according to the contract. @throws {BrokerFault} `malformed` */
export function readQuery<T>({ rawQueryString = '' }: ApiEvent, schema: z.ZodType<T>): T {
  if (rawQueryString.length > LONGEST_QUERY) throw new BrokerFault('malformed', 'The query is too long.');
  const given: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    if (name in given) throw new BrokerFault('malformed', 'The query contains a parameter twice.');
    given[name] = value;
  }
  return parsed({ ...given }, schema, 'The query');
}

/** Refuses a query or a body if the operation does not accept one. @throws {BrokerFault} `malformed` */
export function refuseWhatIsNotTaken(event: ApiEvent, operation: Operation): void {
  const exchange = EXCHANGES[operation];
  if (!('query' in exchange) && (event.rawQueryString ?? '') !== '') {
    throw new BrokerFault('malformed', 'This operation accepts no query.');
  }
  if (!('body' in exchange) && (event.body ?? '') !== '') {
    throw new BrokerFault('malformed', 'This operation accepts no body.');
  }
}

/**
 * The lease id in the path. An invalid id is treated like the id of a lease that does not exist.
 * @throws {BrokerFault} `not-found`
 */
export function leaseOf({ pathParameters }: ApiEvent): string {
  const id = pathParameters?.lease ?? '';
  if (!LEASE_ID.test(id))
    throw new BrokerFault('not-found', 'This lease does not exist, or you are not permitted to see it.');
  return id;
}

/** The principal's name in the path. @throws {BrokerFault} `not-found` */
export function principalOf({ pathParameters }: ApiEvent): string {
  const name = pathParameters?.principal ?? '';
  if (!PRINCIPAL_NAME.test(name)) throw new BrokerFault('not-found', 'The definitions do not contain this principal.');
  return name;
}

/** The idempotency key. @throws {BrokerFault} `malformed` */
export function idempotencyKeyOf({ headers }: ApiEvent): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || IDEMPOTENCY_KEY.test(key)) return key;
  throw new BrokerFault('malformed', 'The idempotency key is not 16 to 64 letters, digits, `_` and `-`.');
}

function jsonOf(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = strictJson(text);
    // A value without a canonical form, such as half a surrogate pair, cannot be recorded.
    canonicalJson(value as Json);
    return value;
  } catch {
    throw new BrokerFault('malformed', 'The body is not JSON, or is ambiguous JSON.');
  }
}

function parsed<T>(value: unknown, schema: z.ZodType<T>, what: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  if (isObject(value) && ('subject' in value || 'onBehalfOf' in value)) {
    throw new BrokerFault('malformed', "A subject cannot be given as a field; send the user's token.", {
      hint: "Pass the signed-in user's token as `subjectToken`.",
    });
  }
  throw new BrokerFault('malformed', `${what} does not fit the contract: ${faultsOf(read.error)}.`);
}

/** The locations at which a value does not match the schema, with the kind of fault but without the value. */
function faultsOf({ issues }: z.ZodError): string {
  const told = issues.slice(0, 3).map((issue) => {
    const place = issue.path.length === 0 ? 'as a whole' : `at \`${issue.path.map(String).join('.').slice(0, 80)}\``;
    return `${place} (${issue.code.replaceAll('_', ' ')})`;
  });
  return told.join(', ');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
