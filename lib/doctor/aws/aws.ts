/**
 * Calls AWS, reads only: a call that is not in the table `CALLS` is never sent. Throttling is retried by the SDK, which
 * also slows down; a fixed number of calls run at once.
 */

import { Unread } from '../unread';
import { callNamed } from './calls';
import { Gate } from './gate';
import { LOADERS, type Modules, moduleOf, type Service } from './modules';
import { tokensOf } from './pages';

/** A command of a client, without the suffix `Command`. */
export type CommandOf<S extends Service> =
  Extract<keyof Modules[S], `${string}Command`> extends `${infer C}Command` ? C : never;
type CommandClass<S extends Service, C extends string> = Modules[S][`${C}Command` & keyof Modules[S]];
type InputOf<K> = K extends new (...input: never[]) => { input: infer I } ? I : never;
type OutputOf<K> = K extends new (
  ...input: never[]
) => { resolveMiddleware(...stack: never[]): (...args: never[]) => Promise<{ output: infer O }> }
  ? O
  : never;
/** The input and the output of a command. */
export type CallInput<S extends Service, C extends string> = InputOf<CommandClass<S, C>>;
export type CallOutput<S extends Service, C extends string> = OutputOf<CommandClass<S, C>>;

export interface AwsOptions {
  /** The region of calls that name none. */
  readonly region: string;
  /** The configuration of a client: credentials, endpoint, connections. @default what the SDK finds */
  readonly configure?: (service: Service, region: string) => object;
  /** Called before each call. For a progress line and for tests. */
  readonly onCall?: (call: { readonly service: Service; readonly command: string }) => void;
  /** Called with each client before its first call, for example to add middleware. */
  readonly onClient?: (client: { readonly middlewareStack: Pluggable; readonly config: object }) => void;
  /** Calls at the same time. @default 8 */
  readonly parallel?: number;
  /** Attempts for each call, with growing pauses. @default 8 */
  readonly attempts?: number;
}

/** Seconds after which a call is given up, with all its attempts. */
const PATIENCE_SECONDS = 90;

/** A client's middleware stack, as far as all clients have the same. */
interface Pluggable {
  // The types of middleware differ from client to client.
  add(middleware: unknown, options: { readonly step: 'initialize'; readonly name: string }): void;
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

  constructor(options: AwsOptions) {
    this.#options = options;
    this.#gate = new Gate(options.parallel ?? 8);
  }

  /** The answer to one call. @throws Unread */
  async call<S extends Service, C extends CommandOf<S>>(
    service: S,
    command: C,
    input: CallInput<S, C>,
    region: string = this.#options.region,
  ): Promise<CallOutput<S, C>> {
    const { action } = callNamed(service, command);
    const sdk = moduleOf(service) as unknown as Readonly<Record<string, new (input: unknown) => unknown>>;
    const Command = sdk[`${command}Command`];
    if (Command === undefined) throw new TypeError(`${LOADERS[service].from} has no ${command}Command`);
    return this.#gate.through(async () => {
      this.#options.onCall?.({ service, command });
      try {
        const answer = await this.#client(service, region).send(new Command(input), {
          abortSignal: AbortSignal.timeout(PATIENCE_SECONDS * 1000),
        });
        return answer as CallOutput<S, C>;
      } catch (error) {
        throw unread(error, action);
      }
    });
  }

  /** The same; `undefined` if AWS answers that there is no such thing. */
  async find<S extends Service, C extends CommandOf<S>>(
    ...call: [service: S, command: C, input: CallInput<S, C>, region?: string]
  ): Promise<CallOutput<S, C> | undefined> {
    try {
      return await this.call(...call);
    } catch (error) {
      if (error instanceof Unread && isAbsence(error.cause)) return undefined;
      throw error;
    }
  }

  /** Every page of a list, one after the other. */
  async all<S extends Service, C extends CommandOf<S>>(
    service: S,
    command: C,
    input: CallInput<S, C>,
    region?: string,
  ): Promise<readonly CallOutput<S, C>[]> {
    const { sent, answered } = tokensOf(service);
    const pages: CallOutput<S, C>[] = [];
    const seen = new Set<unknown>();
    let token: unknown;
    do {
      const asked = token === undefined ? input : { ...(input as object), [sent]: token };
      const page = await this.call(service, command, asked as CallInput<S, C>, region);
      pages.push(page);
      token = (page as Readonly<Record<string, unknown>>)[answered] || undefined;
      if (seen.has(token)) {
        throw new Unread({
          code: 'unreadable',
          message: `the pages of ${service}:${command} never end`,
          hint: 'Run the doctor again.',
        });
      }
      seen.add(token);
    } while (token !== undefined);
    return pages;
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
      ...(service === 's3' ? { followRegionRedirects: true } : {}),
      ...this.#options.configure?.(service, region),
    });
    this.#options.onClient?.(client);
    this.#clients.set(key, client);
    return client;
  }
}

/** Whether an error of AWS means that there is no such resource. */
function isAbsence(error: unknown): boolean {
  return /NotFound|NoSuch|DoesNotExist|NonExistent|NotInUse/.test(nameOf(error));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Names the cause. AWS's own text is not repeated: it may contain anything. */
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
        hint: 'Check credentials, network and region, then run the doctor again.',
      },
      options,
    );
  }
  return new Unread(
    {
      code: 'refused',
      message: `AWS refused ${action} (${/^[\w.]{1,80}$/.test(name) ? name : 'an error'})`,
      hint: 'Run the doctor again; if it repeats, check this by hand.',
    },
    options,
  );
}
