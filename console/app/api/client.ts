/** Calls the broker as a person who signed in. Requests and responses are checked against the contract. */
import { EXCHANGES, type Problem, problem } from '@leasehold/contract';
import { type CallerKind, type Operation, peopleRoute, ROUTES } from '@leasehold/contract/routes';
import { strictJson } from '@leasehold/contract/strict-json';
import type * as z from 'zod';
import { BrokerRefusal, UnexpectedAnswer } from './errors.ts';

/** The capacity in which a person calls. */
export type Capacity = Exclude<CallerKind, 'agent'>;

type Exchanges = typeof EXCHANGES;
/** What an operation answers. */
type AnswerOf<O extends Operation> = z.output<Exchanges[O]['answer']>;
type BodyOf<O extends Operation> = Exchanges[O] extends { readonly body: infer B extends z.ZodType }
  ? z.input<B>
  : never;

export interface CallOptions<O extends Operation> {
  readonly as: Capacity;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: BodyOf<O>;
  /** A request with the same key and the same body returns the same lease. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** The person's access token, which is held only in the page's memory. */
export interface TokenSource {
  /**
   * @param refused The token that the broker refused. Another token is then returned, if necessary after the person has
   *   signed in again.
   */
  accessToken(refused?: string): Promise<string>;
  /** Whether answers are still for the person. @throws {SignedOut} after a sign-out, and after another person signed in */
  demandCurrent(): void;
}

/** Calls one operation of the broker. */
export type Broker = <O extends Operation>(operation: O, options: CallOptions<O>) => Promise<AnswerOf<O>>;

/** A client of the broker at an address. */
export function brokerAt(api: string, tokens: TokenSource): Broker {
  return async (operation, options) => {
    const token = await tokens.accessToken();
    const first = await send(api, operation, options, token);
    // The token has ended, or was revoked. Nothing was done, so the same call is sent again with a new token.
    const response =
      first.status === 401 ? await send(api, operation, options, await tokens.accessToken(token)) : first;
    const text = await response.text();
    // Nothing happens with an answer that arrives after the person has signed out: it opens no AWS console.
    tokens.demandCurrent();
    return answerOf(operation, response, text);
  };
}

async function send<O extends Operation>(
  api: string,
  operation: O,
  { as, path = {}, query, body, idempotencyKey, signal }: CallOptions<O>,
  token: string,
): Promise<Response> {
  const { method, path: template } = peopleRoute(ROUTES[operation]);
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(name === 'as' ? as : (path[name] ?? '')),
  );
  const search = query === undefined ? '' : `?${new URLSearchParams(query)}`;
  return fetch(`${api}${filled}${search}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
    // No cookie is sent, and nothing is stored: answers contain the reasons of other people.
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
  });
}

function answerOf<O extends Operation>(operation: O, response: Response, text: string): AnswerOf<O> {
  const json = jsonOf(text);
  if (!response.ok) {
    const told: Problem | undefined = problem.safeParse(json).data;
    throw told === undefined ? new UnexpectedAnswer(response.status) : new BrokerRefusal(told);
  }
  const exchange = EXCHANGES[operation];
  const { data, success } = (exchange.answer as unknown as z.ZodType<AnswerOf<O>>).safeParse(json);
  if (!success || !(exchange.statuses as readonly number[]).includes(response.status)) {
    throw new UnexpectedAnswer(response.status);
  }
  return data;
}

function jsonOf(text: string): unknown {
  try {
    return strictJson(text);
  } catch {
    return undefined;
  }
}
