/** Finds the SDK client that the user installed for a service, and the operations in the client's schemas. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { nearest } from '@leasehold/policy';
import { Refusal } from '../error';
import { entryOf, modulesAbove } from './package-folders';
import { type NamedService, prefixOfSigningName } from './services';
import type { Shape } from './shape';

/** A command of an SDK client. */
export interface SdkCommand {
  readonly schema?: unknown;
}

/** The part of an SDK client that this package uses. */
export interface SdkClient {
  readonly config: {
    readonly serviceId?: string;
    readonly defaultSigningName?: string;
    readonly useFipsEndpoint?: () => Promise<boolean>;
    readonly useDualstackEndpoint?: () => Promise<boolean>;
    readonly endpointProvider?: (parameters: object, context: object) => { readonly url: URL };
  };
  readonly middlewareStack: {
    add(middleware: SdkMiddleware, options: { step: 'deserialize'; priority: 'low'; name: string }): void;
  };
  send(command: SdkCommand, options: { abortSignal: AbortSignal }): Promise<Record<string, unknown>>;
  destroy(): void;
}

/** A middleware for the last step before a request is sent. */
export type SdkMiddleware = (
  next: (args: SdkArguments) => Promise<unknown>,
) => (args: SdkArguments) => Promise<unknown>;

export interface SdkArguments {
  readonly request: { readonly hostname: string; readonly protocol: string; readonly port?: number };
}

/** An operation of an installed client. */
export interface SdkOperation {
  readonly name: string;
  /** The SDK's name for the service, for example `S3 Control`. */
  readonly serviceId: string | undefined;
  readonly input: Shape;
  readonly output: Shape;
  readonly newClient: (options: object) => SdkClient;
  readonly newCommand: (input: object) => SdkCommand;
}

/** Finds operations in SDK packages that are installed beside Leasehold, or in other folders. */
export class SdkPackages {
  /** The `node_modules` folders that are searched for SDK clients. */
  readonly #from: readonly string[];
  readonly #loaded = new Map<string, LoadedPackage | undefined>();

  /** @param folders Further folders with installed packages, searched after the folder beside Leasehold. */
  constructor(folders: readonly string[]) {
    this.#from = [...modulesAbove(__dirname), ...folders.map((folder) => join(folder, 'node_modules'))];
  }

  /** @throws Refusal */
  operation({ prefix, packages }: NamedService, name: string): SdkOperation {
    const installed = packages.map((each) => this.#load(each)).filter((each) => each !== undefined);
    const [first] = installed;
    if (first === undefined) throw missing(prefix, packages);
    const owner = installed.find((each) => each.operations.includes(name));
    if (owner !== undefined) return owner.operation(name);
    const known = installed.flatMap(({ operations }) => operations);
    const similar = nearest(pascal(name), known);
    throw new Refusal(
      'unknown-operation',
      `${first.name} has no such operation${similar === undefined ? '' : `; the nearest is ${similar}`}`,
      `Name an operation of the service as its API reference does, for example ${similar ?? first.operations[0] ?? 'ListTables'}.`,
    );
  }

  #load(short: string): LoadedPackage | undefined {
    const name = `@aws-sdk/client-${short}`;
    if (!this.#loaded.has(name)) this.#loaded.set(name, this.#found(name));
    return this.#loaded.get(name);
  }

  #found(name: string): LoadedPackage | undefined {
    for (const modules of this.#from) {
      const entry = entryOf(name, modules);
      if (entry !== undefined) return new LoadedPackage(name, entry);
    }
    return undefined;
  }
}

function missing(prefix: string, [name = prefix]: readonly string[]): Refusal {
  return new Refusal(
    'client-missing',
    `the SDK client of ${prefix} is not installed`,
    `Ask the human to install it beside leasehold, or in a folder that --sdk names, and to restart the server: npm install @aws-sdk/client-${name}`,
  );
}

class LoadedPackage {
  readonly #module: Readonly<Record<string, unknown>>;
  readonly #require: NodeJS.Require;
  #serviceId: string | undefined;
  /** Names of the client's operations. */
  readonly operations: readonly string[];

  constructor(
    readonly name: string,
    path: string,
  ) {
    this.#require = createRequire(path);
    this.#module = this.#require(path);
    this.operations = Object.keys(this.#module)
      .filter((key) => key.endsWith('Command') && key !== '$Command' && typeof this.#module[key] === 'function')
      .map((key) => key.slice(0, -'Command'.length));
  }

  operation(name: string): SdkOperation {
    const Command = this.#module[`${name}Command`] as new (input: object) => SdkCommand;
    const Client = this.#client();
    const { schema } = new Command({});
    const normalized = this.#normalized();
    if (normalized === undefined || !Array.isArray(schema) || Client === undefined) throw this.#unusable();
    this.#serviceId ??= serviceIdOf(Client);
    return {
      name,
      serviceId: this.#serviceId,
      input: normalized.of(schema[4]),
      output: normalized.of(schema[5]),
      newClient: (options) => new Client(options),
      newCommand: (input) => new Command(input),
    };
  }

  #client(): (new (options: object) => SdkClient) | undefined {
    const key = Object.keys(this.#module).find((each) => each.endsWith('Client') && !each.startsWith('_'));
    const found = key === undefined ? undefined : this.#module[key];
    return typeof found === 'function' ? (found as new (options: object) => SdkClient) : undefined;
  }

  /** The class `NormalizedSchema`, in the version that the client uses. */
  #normalized(): { of(schema: unknown): Shape } | undefined {
    try {
      return this.#require('@smithy/core/schema').NormalizedSchema;
    } catch {
      return undefined;
    }
  }

  #unusable(): Refusal {
    return new Refusal(
      'client-missing',
      `the installed version of ${this.name} is too old: it contains no model`,
      `Ask the human to update it where it is installed: npm install ${this.name}@latest`,
    );
  }
}

/** The service id. Only the configuration of a client contains this id, so a client is created to read the id. */
function serviceIdOf(Client: new (options: object) => SdkClient): string | undefined {
  const client = new Client({ region: 'us-east-1' });
  client.destroy();
  return client.config.serviceId;
}

/** Converts names such as `put-object` and `putObject` to the form in the SDK, `PutObject`. */
function pascal(name: string): string {
  return name
    .slice(0, 100)
    .split(/[-_]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}

/** IAM prefix of the client's service, derived from the client's signing name. */
export function prefixOf({ config }: SdkClient): string | undefined {
  const { defaultSigningName } = config;
  return defaultSigningName === undefined ? undefined : prefixOfSigningName(defaultSigningName);
}
