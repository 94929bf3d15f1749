/** The SDK clients of a run. Each client is loaded at its first call. */

import { isOfAws, type RequestAddress } from '@leasehold/contract/aws-endpoint';
import type * as Sdk from '@leasehold/contract/sdk-command';
import type { ProbeClock } from '../clock';
import { ConformanceError } from '../error';
import type { HeldKeys } from './secrets';

/** SDK client modules, by the short service names of this package. */
export interface Modules {
  readonly dynamodb: typeof import('@aws-sdk/client-dynamodb');
  readonly events: typeof import('@aws-sdk/client-eventbridge');
  readonly iam: typeof import('@aws-sdk/client-iam');
  readonly s3: typeof import('@aws-sdk/client-s3');
  readonly sts: typeof import('@aws-sdk/client-sts');
}

export type Service = keyof Modules;

/** The argument of each `require` is a literal, because a bundler must be able to find the module names. */
const LOADERS: Readonly<
  Record<Service, { readonly from: string; readonly client: string; readonly load: () => unknown }>
> = {
  dynamodb: {
    from: '@aws-sdk/client-dynamodb',
    client: 'DynamoDBClient',
    load: () => require('@aws-sdk/client-dynamodb'),
  },
  events: {
    from: '@aws-sdk/client-eventbridge',
    client: 'EventBridgeClient',
    load: () => require('@aws-sdk/client-eventbridge'),
  },
  iam: { from: '@aws-sdk/client-iam', client: 'IAMClient', load: () => require('@aws-sdk/client-iam') },
  s3: { from: '@aws-sdk/client-s3', client: 'S3Client', load: () => require('@aws-sdk/client-s3') },
  sts: { from: '@aws-sdk/client-sts', client: 'STSClient', load: () => require('@aws-sdk/client-sts') },
};

/** Returns the configuration of an SDK client: endpoint, profile and connection settings. */
export type Configure = (service: Service, region: string) => object;

/** Name of a client's command class, without the suffix `Command`. */
export type CommandOf<S extends Service> = Sdk.CommandOf<Modules[S]>;
/** The input and the output of a command. */
export type CallInput<S extends Service, C extends string> = Sdk.CommandInput<Modules[S], C>;
export type CallOutput<S extends Service, C extends string> = Sdk.CommandOutput<Modules[S], C>;

interface Sender {
  readonly config: object;
  readonly middlewareStack: { add(middleware: unknown, options: object): void };
  send(command: unknown, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
  destroy(): void;
}

/** One call. */
export interface Sent<S extends Service, C extends CommandOf<S>> {
  readonly service: S;
  readonly command: C;
  readonly input: CallInput<S, C>;
  readonly region: string;
  /** The keys that sign the call. @default the credentials of the person who runs the probes */
  readonly keys?: HeldKeys | undefined;
}

/** Timeout of a call, in seconds. */
const PATIENCE_SECONDS = 60;

export class Clients {
  readonly #configure: Configure;
  readonly #clock: ProbeClock;
  readonly #own = new Map<string, Sender>();

  constructor(configure: Configure, clock: ProbeClock) {
    this.#configure = configure;
    this.#clock = clock;
  }

  /**
   * Sends one call and returns AWS's response; throws the errors of the SDK. A call with a probe's keys is never
   * retried, because an MFA code is valid only once.
   * @throws ConformanceError `not-installed`
   */
  async send<S extends Service, C extends CommandOf<S>>(
    { service, command, input, region, keys }: Sent<S, C>,
    signal: AbortSignal,
  ): Promise<CallOutput<S, C>> {
    const sdk = moduleOf(service) as unknown as Readonly<Record<string, new (input: unknown) => unknown>>;
    const Command = sdk[`${command}Command`];
    if (Command === undefined) {
      throw new ConformanceError(
        'not-installed',
        `the installed ${LOADERS[service].from} has no ${command}Command`,
        `Update it: \`npm install ${LOADERS[service].from}@latest\`.`,
      );
    }
    const client = keys === undefined ? this.#ownClient(service, region) : this.#client(service, region, keys);
    try {
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_SECONDS * 1000)]);
      return (await client.send(new Command(input), { abortSignal })) as CallOutput<S, C>;
    } finally {
      if (keys !== undefined) client.destroy();
    }
  }

  #ownClient(service: Service, region: string): Sender {
    const key = `${service} ${region}`;
    const client = this.#own.get(key) ?? this.#client(service, region, undefined);
    this.#own.set(key, client);
    return client;
  }

  #client(service: Service, region: string, keys: HeldKeys | undefined): Sender {
    const sdk = moduleOf(service) as unknown as Readonly<Record<string, new (config: object) => Sender>>;
    const Client = sdk[LOADERS[service].client];
    if (Client === undefined) throw new TypeError(`${LOADERS[service].from} has no ${LOADERS[service].client}`);
    const { profile: _, ...config } = this.#configure(service, region) as { readonly profile?: string };
    const client = new Client(
      keys === undefined
        ? { region, maxAttempts: 5, ...this.#configure(service, region) }
        : { region, maxAttempts: 1, ...config, credentials: keys.reveal() },
    );
    client.middlewareStack.add(this.#observing(service, region, client), {
      step: 'deserialize',
      name: 'leaseholdAnswer',
      priority: 'low',
    });
    return client;
  }

  /** Hosts outside AWS that responded to calls. Responses of such hosts are not evidence about AWS. */
  readonly otherHosts = new Set<string>();

  /** A middleware that records hosts outside AWS, and adjusts the clock to the time in AWS's responses. */
  #observing(service: Service, region: string, { config }: Sender) {
    return (next: (args: Requested) => Promise<TimedAnswer>) => async (args: Requested) => {
      const { input, request } = args;
      if (!(await isOfAws({ service, region, input }, request, config))) this.otherHosts.add(request.hostname);
      const answer = await next(args);
      const stated = answer.response?.headers?.date;
      const time = stated === undefined ? Number.NaN : Date.parse(stated);
      if (!Number.isNaN(time)) this.#clock.learn?.(new Date(time));
      return answer;
    };
  }
}

interface Requested {
  readonly input: object;
  readonly request: RequestAddress;
}

interface TimedAnswer {
  readonly response?: { readonly headers?: Readonly<Record<string, string>> };
}

function moduleOf<S extends Service>(service: S): Modules[S] {
  const { from, load } = LOADERS[service];
  try {
    return load() as Modules[S];
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new ConformanceError(
      'not-installed',
      `the package ${from} is not installed`,
      `Run \`npm install ${from}\` beside Leasehold.`,
      { cause },
    );
  }
}
