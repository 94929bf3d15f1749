/**
 * A broker that answers what a test tells it to: a real HTTP server, which verifies every signature and holds every
 * request to the contract. On the side it is an STS that cuts less out of a lease.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  EXCHANGES,
  type Exchange,
  type LeaseView,
  PROBLEM_STATUS,
  type Problem,
  type ProblemCode,
} from '@leasehold/contract';
import { OPERATIONS, type Operation, ROUTES } from '@leasehold/contract/routes';
import { manifest } from '@leasehold/documents';
import type { LeaseClientOptions } from '@leasehold/runtime';
import type { Environment } from '../../../lib/definitions/model';
import { readSignature } from '../../../lib/sandbox/sigv4/signature';
import { SigningKeys } from '../../../lib/sandbox/sigv4/signing-key';
import { verify } from '../../../lib/sandbox/sigv4/verify';
import { rawRequest } from '../../../lib/sandbox/wire/raw-request';
import { aborted } from '../../../runtime/src/errors';
import { Client } from '../../../runtime/src/lease/create-lease-client';
import { anAgent, anEnvironment, aParameter, aReleaseRole, aRole, IDENTITIES } from '../../support/environment';
import { callerIdentity } from '../support/desk';
import { LEASE_ID } from './examples';

const BROKER: NonNullable<Environment['broker']> = {
  budgets: { requests: { limit: 100, windowSeconds: 60 }, denials: { limit: 10, windowSeconds: 60 } },
  subjects: [],
  locate: () => ({ file: 'roles/broker.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 }),
};
const RULES = {
  humans: 1,
  windowSeconds: 1800,
  reviewer: 'off' as const,
  eligible: { agents: ['agent', 'worker'], groups: [] },
};

/** Roles by gate: `s3-deploy` and `customer` by the broker, `both`, and `by-code`. */
export const DEV: Environment = anEnvironment({
  agents: [anAgent(), anAgent({ name: 'other' }), anAgent({ name: 'worker', identity: IDENTITIES.lambda })],
  broker: BROKER,
  roles: [
    aReleaseRole({ gates: ['broker'], agents: [], broker: RULES, lease: { defaultSeconds: 900, maxSeconds: 1800 } }),
    aReleaseRole({ name: 'both', gates: ['broker', 'mfa'], broker: RULES }),
    aRole({ name: 'by-code' }),
    aRole({
      name: 'customer',
      gates: ['broker'],
      agents: [],
      broker: RULES,
      parameters: [
        aParameter({ name: 'customer', pattern: '[a-z0-9-]{1,64}', from: 'subject.sub' }),
        aParameter({ name: 'month', pattern: '[0-9]{4}-[0-9]{2}' }),
      ],
    }),
  ],
});

/** Keys that the broker's account knows, by access key id: an IAM user's, and the session of a workload's role. */
export const USER = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'users/SECRET/wJalrXUtnFEMIK7MDENGbPxRfiCY',
};
export const SESSION = {
  accessKeyId: 'ASIAI44QH8DHBEXAMPLE',
  secretAccessKey: 'sessions/SECRET/je7MtGbClwBF2Zp9Utk',
  sessionToken: 'sessions-TOKEN/FwoGZXIvYXdzEXAMPLE==',
};
const LEASED = { ASIAIOSFODNN7EXAMPLE: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const SECRETS: Readonly<Record<string, string>> = {
  [USER.accessKeyId]: USER.secretAccessKey,
  [SESSION.accessKeyId]: SESSION.secretAccessKey,
  ...LEASED,
};

/** A request as it came in. */
export interface Call {
  readonly operation: Operation;
  /** The path's parameter. */
  readonly parameter: string | undefined;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** What it is answered with; `lost`: it arrived, and the connection broke. */
export type Reply = Said | 'lost';

export interface Said {
  readonly status: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object | string;
}

/** An answer to any call, or one that depends on it. */
export type Answer = Reply | ((call: Call) => Reply | Promise<Reply>);

/** Seconds since 1970 at which everything here happens. */
export const NOW = 1_800_000_000;

export class FakeBroker {
  readonly #server: Server;
  readonly #replies: ((call: Call) => Reply | Promise<Reply>)[] = [];
  readonly #keys = new SigningKeys();
  /** Everything that came in with a good signature, in order. */
  readonly calls: Call[] = [];
  /** How requests broke the contract. */
  readonly faults: string[] = [];
  /** Milliseconds that clients waited between calls. */
  readonly pauses: number[] = [];
  /** Milliseconds since 1970, by which clients go; waiting is what passes it. */
  now = NOW * 1000;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => void this.#handle(request, response));
  }

  static async open(): Promise<FakeBroker> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FakeBroker(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** With the stage, as API Gateway has it. */
  get url(): string {
    return `${this.origin}/leasehold-hermes-dev`;
  }

  /** Answers the next calls with these, one each. The last one answers every further call, too. */
  answers(...replies: readonly Answer[]): void {
    this.#replies.splice(0, this.#replies.length);
    this.#replies.push(...replies.map((reply) => (typeof reply === 'function' ? reply : () => reply)));
  }

  /** A client of agent `agent`, by the time of this broker. */
  client(options: Partial<LeaseClientOptions> = {}): Client {
    return new Client(
      {
        manifest: manifest(DEV, this.url),
        agent: 'agent',
        credentials: USER,
        endpoint: this.origin,
        ...options,
      },
      () => this.now,
      async (milliseconds, signal) => {
        if (signal.aborted) throw aborted();
        this.pauses.push(milliseconds);
        this.now += milliseconds;
      },
    );
  }

  /** Operations in the order in which they came. */
  get heard(): readonly Operation[] {
    return this.calls.map(({ operation }) => operation);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    // A client that breaks the contract breaks every test.
    if (this.faults.length > 0) throw new Error(`the contract was broken: ${this.faults.join('; ')}`);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const service = this.#service(request, body);
    if (service === undefined) return send(response, { status: 403, body: { message: 'Forbidden' } });
    if (service === 'sts') {
      const asksWho = body.includes('Action=GetCallerIdentity');
      return send(response, { status: 200, type: 'text/xml', body: asksWho ? callerIdentity() : LESS });
    }
    const call = this.#read(request, body);
    if (call === undefined) return send(response, { status: 404, body: { message: 'Not Found' } });
    this.calls.push(call);
    const reply = this.#replies.length > 1 ? this.#replies.shift() : this.#replies[0];
    const answer = reply === undefined ? refusal('unavailable') : await reply(call);
    if (answer === 'lost') request.socket.destroy();
    else send(response, answer);
  }

  /** The service for which it is signed; undefined for a signature that is none. */
  #service(request: IncomingMessage, body: Buffer): string | undefined {
    try {
      const raw = rawRequest(request);
      if (raw === undefined) return undefined;
      const signature = readSignature({ ...raw, body });
      const secret = SECRETS[signature.accessKeyId];
      const token = request.headers['x-amz-security-token'];
      if (secret === undefined || (signature.accessKeyId === SESSION.accessKeyId && token !== SESSION.sessionToken)) {
        return undefined;
      }
      verify({ ...raw, body }, signature, { secret, keys: this.#keys, now: Date.now() });
      const { service, region } = signature.scope;
      return region === DEV.region && ['execute-api', 'sts'].includes(service) ? service : undefined;
    } catch {
      return undefined;
    }
  }

  #read(request: IncomingMessage, body: Buffer): Call | undefined {
    const { pathname, searchParams } = new URL(request.url ?? '', this.origin);
    for (const operation of OPERATIONS) {
      const { method, path } = ROUTES[operation];
      const pattern = new RegExp(`^/leasehold-hermes-dev${path.replace(/\{\w+\}/, '([^/]+)')}$`);
      const match = method === request.method ? pattern.exec(pathname) : null;
      if (match === null) continue;
      const query = Object.fromEntries(searchParams);
      const text = body.toString('utf8');
      this.#check(EXCHANGES[operation], { text, query, type: request.headers['content-type'] });
      const parameter = match[1] === undefined ? undefined : decodeURIComponent(match[1]);
      const headers = request.headers as Record<string, string | undefined>;
      return { operation, parameter, query, headers, body: text === '' ? undefined : JSON.parse(text) };
    }
    return undefined;
  }

  #check(
    exchange: Exchange,
    { text, query, type }: { text: string; query: Readonly<Record<string, string>>; type: string | undefined },
  ): void {
    if (exchange.query === undefined ? Object.keys(query).length > 0 : !exchange.query.safeParse(query).success) {
      this.faults.push(`query ${JSON.stringify(query)}`);
    }
    if (exchange.body === undefined) {
      if (text !== '') this.faults.push(`a body: ${text}`);
      return;
    }
    if (type !== 'application/json' || !exchange.body.safeParse(JSON.parse(text)).success) {
      this.faults.push(`body ${type} ${text}`);
    }
  }
}

/** A good answer. */
export function good(body: object, status = 200): Said {
  return { status, body };
}

/** A refusal as the contract has it. */
export function refusal(code: ProblemCode, details: Partial<Problem> = {}): Said {
  const problem: Problem = {
    type: `https://leasehold.dev/problems/${code}`,
    title: 'Refused',
    status: PROBLEM_STATUS[code],
    detail: `The broker says ${code}.`,
    code,
    hint: 'Do something else.',
    retryable: code === 'busy' || code === 'unavailable' || details.retryAfter !== undefined,
    ...details,
  };
  const { retryAfter } = problem;
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return { status: problem.status, type: 'application/problem+json', headers, body: problem };
}

/** Whose view it is that comes with a lease in a state. */
export function inState(state: LeaseView['state'], view: LeaseView, sequence = view.sequence): LeaseView {
  return { ...view, id: LEASE_ID, state, sequence };
}

function send(response: ServerResponse, reply: Said): void {
  const { status, type = 'application/json', headers = {}, body } = reply;
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** What STS cuts out of a lease. */
const LESS = `<GetScopedCredentialsResponse><GetScopedCredentialsResult><Credentials>
<AccessKeyId>ASIALESS</AccessKeyId><SecretAccessKey>less</SecretAccessKey><SessionToken>less</SessionToken>
<Expiration>${new Date((NOW + 60) * 1000).toISOString()}</Expiration>
</Credentials></GetScopedCredentialsResult></GetScopedCredentialsResponse>`;
