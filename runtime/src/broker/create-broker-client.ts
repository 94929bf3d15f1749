/** The broker client: each operation of the contract is one signed call. */

import type { EXCHANGES, Exchange, KeyRecord, LeaseView } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { type Operation, PEOPLE_PREFIX, ROUTES, type Route } from '@leasehold/contract/routes';
import type * as z from 'zod';
import { LeaseCredentials } from '../credentials/lease-credentials';
import { invalidRequest } from '../errors';
import type { BrokerClient, BrokerClientOptions, CallOptions } from './broker-client';
import { brokerUrl } from './broker-url';
import { ConsoleAddress } from './console-address';
import { checked, contract, notUnderstood, readAnswer } from './reading';
import { Caller } from './signed-call';

/**
 * Creates a client for one broker. Sends no request and loads no SDK before the first call.
 * @throws LeaseError `invalid-request` for an invalid address or region
 * @example
 * const broker = createBrokerClient(readManifest('leasehold.json').broker);
 * const { leases } = await broker.leases({ open: true });
 * @public
 */
export function createBrokerClient(options: BrokerClientOptions): BrokerClient {
  return new Client(options);
}

type Answered<O extends Operation> = z.output<(typeof EXCHANGES)[O]['answer']>;

/** The arguments of an operation other than the path parameter. */
interface Given {
  readonly parameter?: string;
  readonly body?: object;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

class Client implements BrokerClient {
  readonly #caller: Caller;
  /** Prefix of the routes. */
  readonly #prefix: string;

  constructor({ url, region, credentials, signIn }: BrokerClientOptions) {
    if (!/^[a-z0-9-]{4,40}$/.test(region))
      throw invalidRequest('the region is invalid', 'Use the region of the broker.');
    if (signIn !== undefined && credentials !== undefined) {
      throw invalidRequest('the caller is both a person who signed in and an AWS identity', 'Pass only one of them.');
    }
    this.#prefix = signIn === undefined ? '' : PEOPLE_PREFIX.replace('{as}', signIn.as);
    this.#caller = new Caller(brokerUrl(url), region, credentials, signIn?.token);
  }

  async request(body: Parameters<BrokerClient['request']>[0], options: Parameters<BrokerClient['request']>[1] = {}) {
    const { idempotencyKey, signal } = options;
    if (idempotencyKey !== undefined && !contract().IDEMPOTENCY_KEY.test(idempotencyKey)) {
      throw invalidRequest('the idempotency key is invalid', 'Use 16 to 64 random letters, digits, - and _.');
    }
    const headers = defined({ 'idempotency-key': idempotencyKey });
    const { lease, credentials } = await this.#call('request', { body, headers, signal });
    return credentials === undefined ? { lease } : { lease, credentials: handedOver(lease, credentials) };
  }

  propose(body: Parameters<BrokerClient['propose']>[0], { signal }: CallOptions = {}) {
    return this.#call('propose', { body, signal });
  }

  leases({ open, role, next }: Parameters<BrokerClient['leases']>[0] & object = {}, { signal }: CallOptions = {}) {
    return this.#call('leases', { query: { open: open === true ? 'true' : undefined, role, next }, signal });
  }

  async status(lease: string, { wait, after, signal }: Parameters<BrokerClient['status']>[1] & object = {}) {
    return about(lease, await this.#call('status', { parameter: lease, query: { wait, after }, signal }));
  }

  events(lease: string, { signal }: CallOptions = {}) {
    return this.#call('events', { parameter: lease, signal });
  }

  async collect(lease: string, { signal }: CallOptions = {}) {
    const { lease: view, credentials } = await this.#call('collect', { parameter: lease, signal });
    return { lease: about(lease, view), credentials: handedOver(view, credentials) };
  }

  async console(lease: string, { signal }: CallOptions = {}) {
    const { lease: view, url, expiresAt } = await this.#call('console', { parameter: lease, signal });
    if (!URL.canParse(url) || new URL(url).protocol !== 'https:') throw notUnderstood('at url (no https address)');
    return new ConsoleAddress(about(lease, view), url, new Date(expiresAt * 1000));
  }

  async approve(lease: string, body: Parameters<BrokerClient['approve']>[1], { signal }: CallOptions = {}) {
    return about(lease, await this.#call('approve', { parameter: lease, body, signal }));
  }

  async deny(lease: string, body: Parameters<BrokerClient['deny']>[1], { signal }: CallOptions = {}) {
    return about(lease, await this.#call('deny', { parameter: lease, body, signal }));
  }

  revoke(lease: string, body: Parameters<BrokerClient['revoke']>[1], { signal }: CallOptions = {}) {
    return this.#call('revoke', { parameter: lease, body, signal });
  }

  revokeMany(body: Parameters<BrokerClient['revokeMany']>[0], { signal }: CallOptions = {}) {
    return this.#call('revokeMany', { body, signal });
  }

  revocations({ after, signal }: Parameters<BrokerClient['revocations']>[0] & object = {}) {
    return this.#call('revocations', { query: { after }, signal });
  }

  roles({ signal }: CallOptions = {}) {
    return this.#call('roles', { signal });
  }

  principals({ signal }: CallOptions = {}) {
    return this.#call('principals', { signal });
  }

  principal(name: string, { signal }: CallOptions = {}) {
    return this.#call('principal', { parameter: name, signal });
  }

  principalEvents(name: string, { after, signal }: Parameters<BrokerClient['principalEvents']>[1] & object = {}) {
    return this.#call('principalEvents', { parameter: name, query: { after }, signal });
  }

  putPrincipal(name: string, body: Parameters<BrokerClient['putPrincipal']>[1], { signal }: CallOptions = {}) {
    return this.#call('putPrincipal', { parameter: name, body, signal });
  }

  budgets({ signal }: CallOptions = {}) {
    return this.#call('budgets', { signal });
  }

  groups({ signal }: CallOptions = {}) {
    return this.#call('groups', { signal });
  }

  nonce({ signal }: CallOptions = {}) {
    return this.#call('nonce', { signal });
  }

  async keys(person: string, { signal }: CallOptions = {}) {
    return ofPerson(person, await this.#call('keys', { parameter: person, signal }));
  }

  async issueCode(person: string, body: Parameters<BrokerClient['issueCode']>[1], { signal }: CallOptions = {}) {
    return ofPerson(person, await this.#call('issueCode', { parameter: person, body, signal }));
  }

  async registerKey(person: string, body: Parameters<BrokerClient['registerKey']>[1], { signal }: CallOptions = {}) {
    return ofPerson(person, await this.#call('registerKey', { parameter: person, body, signal }));
  }

  async removeKey(person: string, body: Parameters<BrokerClient['removeKey']>[1], { signal }: CallOptions = {}) {
    return ofPerson(person, await this.#call('removeKey', { parameter: person, body, signal }));
  }

  async #call<O extends Operation>(operation: O, given: Given): Promise<Answered<O>> {
    const { method }: Route = ROUTES[operation];
    const exchange: Exchange = contract().EXCHANGES[operation];
    const query = texts(given.query ?? {});
    if (exchange.query) checked(exchange.query, query, 'query');
    const body = exchange.body && JSON.stringify(checked(exchange.body, given.body, 'body'));
    const answer = await this.#caller.send({
      method,
      path: `${this.#prefix}${pathOf(operation, given.parameter)}`,
      query,
      headers: { ...given.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...defined({ body, signal: given.signal }),
      secrets: secretsIn(given.body),
    });
    return readAnswer(exchange, answer) as Answered<O>;
  }
}

/** The path of an operation, with the value of its parameter inserted. @throws LeaseError `invalid-request` */
function pathOf(operation: Operation, parameter: string | undefined): string {
  const { LEASE_ID, PRINCIPAL_NAME } = contract();
  return ROUTES[operation].path.replace(/\{(\w+)\}/, (_, name: string) => {
    const pattern = name === 'lease' ? LEASE_ID : PRINCIPAL_NAME;
    if (typeof parameter === 'string' && pattern.test(parameter)) return encodeURIComponent(parameter);
    throw invalidRequest(`there is no ${name} of that name`, `Use the ${name} exactly as the broker returned it.`);
  });
}

function texts(query: Readonly<Record<string, string | number | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** Rejects a response about a different lease. */
function about(lease: string, view: LeaseView): LeaseView {
  if (view.id === lease) return view;
  throw notUnderstood('its answer is about another lease');
}

/** Values in a request body that error messages must not contain: a user's token, and a one-time code. */
function secretsIn(body: Given['body']): readonly string[] {
  const members: Readonly<Record<string, unknown>> = { ...body };
  return ['subjectToken', 'code'].flatMap((name) => (typeof members[name] === 'string' ? [members[name]] : []));
}

/** Rejects a response about a different person. */
function ofPerson(person: string, record: KeyRecord): KeyRecord {
  if (record.person === person) return record;
  throw notUnderstood('it answers about another person than was asked for');
}

function handedOver(
  { state, grant }: LeaseView,
  { expiresAt, ...parts }: NonNullable<Answered<'request'>['credentials']>,
): LeaseCredentials {
  if (state !== 'issued' || grant === undefined) throw notUnderstood('it hands over a lease that is not issued');
  return new LeaseCredentials({ ...parts, expiresAt: expiresAt * 1000 });
}
