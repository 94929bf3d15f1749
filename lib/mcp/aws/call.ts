/** Calls one AWS operation with the credentials of a lease. */
import { randomUUID } from 'node:crypto';
import { isKnownRegion, nearest, partitionOf } from '@leasehold/policy';
import type { Manifest } from '@leasehold/runtime';
import { Refusal } from '../error';
import type { FileFolder, ReservedFile } from '../files';
import type { HeldLease } from '../lease/held-lease';
import { servicesOf } from '../roles';
import type { SecretList } from '../secrets';
import { answersWithCredentials, returnsCredentials } from './credential-operations';
import { failureOf } from './failure';
import { guardedClient } from './guarded-client';
import { readInput } from './read-input';
import { isRead } from './reads';
import { noFolder, streams } from './refusals';
import { prefixOf, type SdkOperation, type SdkPackages } from './sdk-package';
import { namedService } from './services';
import { type Trimmed, trimmed } from './trim';
import { type SavedFile, writeOutput } from './write-output';

/** An AWS call as requested by the model. */
export interface AwsCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly region?: string | undefined;
  /** Name of a new file for the body of the response. */
  readonly saveAs?: string | undefined;
}

/** AWS's response, without credentials and shortened to the size limit. */
export interface AwsAnswer {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly requestId?: string;
  readonly output: Readonly<Record<string, unknown>>;
  readonly trimmed: readonly Trimmed[];
  readonly files: readonly SavedFile[];
  readonly notes: readonly string[];
}

export interface CallerOptions {
  readonly manifest: Manifest;
  readonly packages: SdkPackages;
  readonly secrets: SecretList;
  readonly files?: FileFolder | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/** Maximum length, in characters, of a response as JSON. */
const LONGEST_ANSWER = 32 * 1024;
/** Maximum length, in characters, of an input as JSON. Larger content must be passed in files. */
const LONGEST_INPUT = 256 * 1024;
/** Timeout of a call, in milliseconds. */
const LONGEST_CALL = 300_000;

export class AwsCaller {
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /**
   * @throws Refusal, LeaseError
   */
  async call(held: HeldLease, call: AwsCall, signal: AbortSignal): Promise<AwsAnswer> {
    const credentials = held.credentials();
    const { operation, prefix } = this.#operation(held, call);
    const at = { prefix, operation: operation.name, region: this.#region(call.region) };
    const { files, env, manifest, secrets } = this.#options;
    const input = await readInput(operation.input, demandSmall(call.input), files);
    const reads = await isRead(prefix, operation.name);
    // The file is created before the call, so that no call takes effect if its response cannot be saved.
    const saveAs = await this.#reserved(call.saveAs);
    try {
      const client = await guardedClient(operation, { region: at.region, credentials, env, isRead: reads });
      try {
        if (prefixOf(client) !== prefix) throw outside(prefixOf(client) ?? call.service, servicesOfLease(held));
        const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_CALL)]);
        const answer = await client.send(operation.newCommand(input), { abortSignal });
        return await this.#answer(answer, operation, at.region, call.service, saveAs);
      } finally {
        client.destroy();
      }
    } catch (error) {
      throw failureOf(error, { held, manifest, secrets, isRead: reads, ...at });
    } finally {
      await saveAs?.discard();
    }
  }

  #operation(held: HeldLease, { service, operation: name, input }: AwsCall) {
    const services = servicesOfLease(held);
    const named = namedService(service);
    if (named === undefined || !services.includes(named.prefix)) throw outside(service, services);
    const { prefix } = named;
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) {
      throw new Refusal(
        'unknown-operation',
        'that is no name of an operation',
        'Write the operation as in the API reference, for example PutObject.',
      );
    }
    if (returnsCredentials(prefix, name, input)) throw withheld(prefix, name);
    const operation = this.#options.packages.operation(named, name);
    if (answersWithCredentials(prefix, name, operation.output)) throw withheld(prefix, name);
    if (operation.output.getEventStreamMember() !== '') throw streams();
    return { prefix, operation };
  }

  async #reserved(name: string | undefined): Promise<ReservedFile | undefined> {
    if (name === undefined) return undefined;
    if (this.#options.files === undefined) throw noFolder('Leave `saveAs` out');
    return this.#options.files.reserve(name);
  }

  #region(region: string | undefined): string {
    const { manifest } = this.#options;
    if (region === undefined) return manifest.region;
    if (isKnownRegion(region) && partitionOf(region) === manifest.partition) return region;
    throw new Refusal(
      'invalid-input',
      `there is no such region in ${manifest.partition}`,
      `Leave it out for ${manifest.region}.`,
    );
  }

  async #answer(
    answer: Readonly<Record<string, unknown>>,
    operation: SdkOperation,
    region: string,
    service: string,
    saveAs: ReservedFile | undefined,
  ): Promise<AwsAnswer> {
    const { files, secrets } = this.#options;
    const written = await writeOutput(operation.output, answer, {
      files,
      saveAs,
      scrub: (text, isCut) => secrets.scrub(text, isCut),
      fallbackName: () => `${operation.name}-${randomUUID()}.bin`,
      longestText: LONGEST_ANSWER,
    });
    const short = trimmed(secrets.scrubbed(written.output), LONGEST_ANSWER);
    const isUnused = saveAs !== undefined && !written.files.some(({ file }) => file === saveAs.name);
    const notes = [
      ...written.notes,
      ...(isUnused ? [`The response has no body: ${saveAs.name} was not written.`] : []),
      ...(short.trimmed.length > 0 ? [smaller(operation)] : []),
    ];
    const { requestId } = (answer.$metadata ?? {}) as { readonly requestId?: unknown };
    return {
      service,
      operation: operation.name,
      region,
      ...(typeof requestId === 'string' ? { requestId } : {}),
      ...short,
      files: written.files,
      notes,
    };
  }
}

function servicesOfLease({ grant }: HeldLease): readonly string[] {
  return servicesOf((grant?.permissions ?? []).filter(({ effect }) => effect === 'Allow'));
}

function outside(service: string, services: readonly string[]): Refusal {
  const similar = nearest(service.slice(0, 100), services);
  return new Refusal(
    'outside-role',
    `the lease's role does not name the service ${JSON.stringify(service.slice(0, 60))}${similar === undefined ? '' : `; the nearest is ${similar}`}`,
    `Call a service of the role: ${services.join(', ')}. If the task needs another one, tell the human.`,
  );
}

function withheld(prefix: string, operation: string): Refusal {
  return new Refusal(
    'credentials-withheld',
    `${prefix}:${operation} returns credentials or secrets, which are never shown to a model`,
    'Do not look for them elsewhere. A human can run the program that needs them with `leasehold exec`.',
  );
}

function demandSmall(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const json = jsonOf(input);
  if (json === undefined) {
    throw new Refusal('too-large', 'the input has too many levels', 'Pass deep JSON as a text or as a file.');
  }
  if (json.length <= LONGEST_INPUT) return input;
  throw new Refusal(
    'too-large',
    `the input has more than ${LONGEST_INPUT} characters`,
    'Send large contents as {"$file": "name"}.',
  );
}

/** A value as JSON; undefined if the value is too deep for the stack. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Names of input members that set the page size. */
const PAGE_SIZES = [
  'MaxKeys',
  'MaxResults',
  'MaxItems',
  'MaxRecords',
  'Limit',
  'PageSize',
  'maxResults',
  'limit',
  'maxItems',
];

/**
 * What the model can do about a shortened response. The pagination token does not help: the next page begins after the
 * removed elements.
 */
function smaller({ input }: SdkOperation): string {
  const members = new Set([...input.structIterator()].map(([name]) => name));
  const size = PAGE_SIZES.find((name) => members.has(name));
  return size === undefined
    ? 'The response was shortened. Request less data, for example with a filter.'
    : `The response was shortened, and its pagination token continues after the omitted part. Call again with a smaller ${size} to see everything.`;
}
