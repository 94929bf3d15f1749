/**
 * Sends read-only calls to AWS. A call that is not in the table `CALLS` is never sent. The SDK retries throttled calls
 * and reduces the call rate. The number of parallel calls is limited.
 */

import { isOfAws, type RequestAddress } from '@leasehold/contract/aws-endpoint';
import type * as Sdk from '@leasehold/contract/sdk-command';
import { present, Unread } from '../unread';
import { bucketRegion } from './bucket-region';
import { callNamed } from './calls';
import { Gate } from './gate';
import { LOADERS, type Modules, moduleOf, type Service } from './modules';
import { isEmptyList, nextPage, tokensOf } from './pages';

/** Name of a client's command class, without the suffix `Command`. */
export type CommandOf<S extends Service> = Sdk.CommandOf<Modules[S]>;
/** The input and the output of a command. */
export type CallInput<S extends Service, C extends string> = Sdk.CommandInput<Modules[S], C>;
export type CallOutput<S extends Service, C extends string> = Sdk.CommandOutput<Modules[S], C>;
/** The fields of a response that are lists, with the types of their items. */
type Lists<O> = {
  readonly [K in keyof O as NonNullable<O[K]> extends readonly unknown[] ? K : never]-?: NonNullable<O[K]>;
};
type ItemOf<L> = L extends readonly (infer T)[] ? T : never;
/** A call, and the call's region if it is not the environment's region. */
type Call<S extends Service, C extends CommandOf<S>> = [
  service: S,
  command: C,
  input: CallInput<S, C>,
  region?: string,
];

export interface AwsOptions {
  /** The region of calls without an explicit region. */
  readonly region: string;
  /**
   * The configuration of a client: credentials, endpoint and connection settings.
   * @default the configuration that the SDK finds
   */
  readonly configure?: (service: Service, region: string) => object;
  /** Callback before each call, for a progress line and for tests. */
  readonly onCall?: (call: { readonly service: Service; readonly command: string }) => void;
  /** Called with each client before its first call, for example to add middleware. */
  readonly onClient?: (client: { readonly middlewareStack: Pluggable; readonly config: object }) => void;
  /** Maximum number of parallel calls. @default 8 */
  readonly parallel?: number;
  /** The machine's clock, in milliseconds. @default `Date.now` */
  readonly clock?: () => number;
  /** Maximum number of attempts for each call, with increasing pauses. @default 8 */
  readonly attempts?: number;
}

/** Timeout of a call including retries, in seconds. */
const PATIENCE_SECONDS = 90;
/** Maximum number of pages of a list. */
const MOST_PAGES = 5_000;

/** The part of a middleware stack that is common to all clients. */
interface Pluggable {
  // The types of middleware differ from client to client.
  add(
    middleware: unknown,
    options: {
      readonly step: 'initialize' | 'build' | 'finalizeRequest';
      readonly name: string;
      readonly priority?: 'high';
    },
  ): void;
}

/** The difference between two clocks. */
export interface ClockSkew {
  /** At least so much is AWS's time ahead of this machine's, or, if negative, behind it. */
  readonly milliseconds: number;
  /** Milliseconds that the answer took from which the difference is known. */
  readonly duration: number;
}

interface TimedResult {
  readonly output: object;
  readonly response?: { readonly headers?: Readonly<Record<string, string | undefined>> };
}

interface Sender {
  readonly middlewareStack: Pluggable;
  readonly config: object;
  send(command: unknown, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

export class Aws {
  readonly #options: AwsOptions;
  readonly #clients = new Map<string, Sender>();
  readonly #gate: Gate;
  readonly #redirected = new Set<string>();
  readonly #times = new WeakMap<object, number>();
  #skew: ClockSkew | undefined;

  constructor(options: AwsOptions) {
    this.#options = options;
    this.#gate = new Gate(options.parallel ?? 8);
  }

  /** Sends one call. @throws Unread, also for a response that continues on another page */
  async call<S extends Service, C extends CommandOf<S>>(...call: Call<S, C>): Promise<CallOutput<S, C>> {
    const answer = await this.first(...call);
    const [service, command] = call;
    if (nextPage(service, command, answer as object) === undefined) return answer;
    throw new Unread({
      code: 'unreadable',
      message: `the answer to ${callNamed(service, command).action} continues on another page`,
      hint: 'Check this by hand.',
    });
  }

  /** The first page of a list, for verifications that need no more. @throws Unread */
  async first<S extends Service, C extends CommandOf<S>>(...call: Call<S, C>): Promise<CallOutput<S, C>> {
    const [service, command, input, region = this.#options.region] = call;
    const { action } = callNamed(service, command);
    const sdk = moduleOf(service) as unknown as Readonly<Record<string, new (input: unknown) => unknown>>;
    const Command = sdk[`${command}Command`];
    if (Command === undefined) throw new TypeError(`${LOADERS[service].from} has no ${command}Command`);
    return this.#gate.through(async () => {
      this.#options.onCall?.({ service, command });
      try {
        const options = { abortSignal: AbortSignal.timeout(PATIENCE_SECONDS * 1000) };
        const send = (where: string) => this.#client(service, where).send(new Command(input), options);
        const answer = await send(region).catch((error) => send(bucketRegion(error, service, region)));
        return answer as CallOutput<S, C>;
      } catch (error) {
        throw unread(error, action);
      }
    });
  }

  /** Like `call`, but returns `undefined` if AWS responds that the resource does not exist. @throws Unread */
  async find<S extends Service, C extends CommandOf<S>>(...call: Call<S, C>): Promise<CallOutput<S, C> | undefined> {
    try {
      return await this.call(...call);
    } catch (error) {
      if (error instanceof Unread && isAbsence(error.cause)) return undefined;
      throw error;
    }
  }

  /** Reads all pages of a list, one after the other. @throws Unread */
  async pages<S extends Service, C extends CommandOf<S>>(...call: Call<S, C>): Promise<readonly CallOutput<S, C>[]> {
    const [service, command, input, region] = call;
    const pages: CallOutput<S, C>[] = [];
    const seen = new Set<string>();
    let token: unknown;
    do {
      const asked = token === undefined ? input : { ...(input as object), [tokensOf(service).sent]: token };
      const page = await this.first(service, command, asked as CallInput<S, C>, region);
      pages.push(page);
      token = nextPage(service, command, page as object);
      const text = JSON.stringify(token);
      if (token !== undefined && (seen.has(text) || pages.length >= MOST_PAGES)) {
        throw new Unread({
          code: 'unreadable',
          message: `the pages of ${service}:${command} never end`,
          hint: 'Run the doctor again.',
        });
      }
      seen.add(text);
    } while (token !== undefined);
    return pages;
  }

  /** The items of a list from all pages. @throws Unread, also if a page does not contain the list */
  async list<S extends Service, C extends CommandOf<S>, F extends keyof Lists<CallOutput<S, C>> & string>(
    field: F,
    ...call: Call<S, C>
  ): Promise<readonly ItemOf<Lists<CallOutput<S, C>>[F]>[]> {
    const [service, command] = call;
    const pages = await this.pages(...call);
    return pages.flatMap((page) => {
      const items =
        (page as Readonly<Record<string, unknown>>)[field] ?? (isEmptyList(service, command) ? [] : undefined);
      return present(items, field, callNamed(service, command).action) as readonly ItemOf<Lists<CallOutput<S, C>>[F]>[];
    });
  }

  /** Services and hosts of all calls so far that were not sent to AWS, for example `iam: localhost`. */
  redirected(): readonly string[] {
    return [...this.#redirected].sort();
  }

  /** The time of AWS when it sent an answer, in milliseconds. @throws Unread if the answer states no time */
  timeOf(answer: object, action: string): number {
    return present(this.#times.get(answer), 'the header Date', action);
  }

  /**
   * The difference between this machine's clock and AWS's time in all answers so far; `undefined` if no answer stated a
   * time.
   */
  skew(): ClockSkew | undefined {
    return this.#skew;
  }

  #client(service: Service, region: string): Sender {
    const key = `${service} ${region}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const sdk = moduleOf(service) as unknown as Readonly<Record<string, new (config: object) => Sender>>;
    const Client = sdk[LOADERS[service].client];
    if (Client === undefined) throw new TypeError(`${LOADERS[service].from} has no ${LOADERS[service].client}`);
    const client = new Client({
      region,
      retryMode: 'adaptive',
      maxAttempts: this.#options.attempts ?? 8,
      // A queue URL comes from a response and is not trusted as an AWS endpoint.
      ...(service === 'sqs' ? { useQueueUrlAsEndpoint: false } : {}),
      ...this.#options.configure?.(service, region),
    });
    client.middlewareStack.add(this.#observing(service, region, client), { step: 'build', name: 'leaseholdEndpoint' });
    client.middlewareStack.add(this.#timing, { step: 'initialize', name: 'leaseholdTime', priority: 'high' });
    this.#options.onClient?.(client);
    this.#clients.set(key, client);
    return client;
  }

  /** A middleware that records AWS's time in each answer. */
  readonly #timing =
    (next: (args: unknown) => Promise<TimedResult>) =>
    async (args: unknown): Promise<TimedResult> => {
      const clock = this.#options.clock ?? Date.now;
      const before = clock();
      const result = await next(args);
      const time = Date.parse(result.response?.headers?.date ?? '');
      if (Number.isNaN(time)) return result;
      this.#times.set(result.output, time);
      this.#learn(time, before, clock());
      return result;
    };

  /**
   * The time is that of a moment between the request and its answer, cut to a whole second. The fastest answer tells the
   * most.
   */
  #learn(time: number, before: number, after: number): void {
    const duration = after - before;
    if (this.#skew !== undefined && this.#skew.duration <= duration) return;
    this.#skew = { milliseconds: Math.max(time - after, Math.min(0, time + 1000 - before)), duration };
  }

  /** A middleware that records requests to hosts outside AWS. */
  #observing(service: Service, region: string, { config }: Sender) {
    return (next: (args: unknown) => Promise<unknown>) =>
      async (args: { readonly input: object; readonly request: RequestAddress }): Promise<unknown> => {
        const { input, request } = args;
        if (!(await isOfAws({ service, region, input }, request, config))) {
          this.#redirected.add(`${service}: ${request.hostname}`);
        }
        return next(args);
      };
  }
}

/** Whether an AWS error means that the resource does not exist. */
function isAbsence(error: unknown): boolean {
  return /NotFound|NoSuch|DoesNotExist|NonExistent|NotInUse/.test(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Converts an SDK error. AWS's message is not included, because its content is untrusted. */
function unread(error: unknown, action: string): unknown {
  if (error instanceof Unread) return error;
  const name = nameOf(error);
  const metadata = (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata;
  const options = { cause: error };
  if (/AccessDenied|Unauthorized|NotAuthorized|AuthorizationError/.test(name) || metadata?.httpStatusCode === 403) {
    return new Unread(
      {
        code: 'no-permission',
        message: `${action} was denied`,
        hint: 'Permit the call: `leasehold doctor --policy` prints the policy that the doctor needs.',
      },
      options,
    );
  }
  if (/Throttl|TooManyRequests|RequestLimitExceeded|LimitExceededException/.test(name)) {
    return new Unread(
      { code: 'throttled', message: `AWS throttled ${action} again and again`, hint: 'Run the doctor again later.' },
      options,
    );
  }
  if (metadata?.httpStatusCode === undefined) {
    if (!(error instanceof Error) || error instanceof TypeError) return error;
    return new Unread(
      {
        code: 'no-answer',
        message: `AWS gave no answer to ${action} (${/^[A-Za-z.]{1,80}$/.test(name) ? name : 'an error'})`,
        hint: 'Check the credentials, the network and the region, then run the doctor again.',
      },
      options,
    );
  }
  return new Unread(
    {
      code: 'refused',
      message: `AWS refused ${action} (${/^[\w.]{1,80}$/.test(name) ? name : 'an error'})`,
      hint: 'Run the doctor again. If the error occurs again, check this item by hand.',
    },
    options,
  );
}
