/** Calls one operation of AWS under a lease. */
import { isKnownRegion, nearest, partitionOf } from '@leasehold/policy';
import { LeaseError, type Manifest } from '@leasehold/runtime';
import { type Denial, denialOf, explainDenial } from '../denial';
import { Refusal } from '../error';
import type { FileFolder } from '../files';
import type { HeldLease } from '../lease/held-lease';
import { servicesOf } from '../roles';
import type { SecretList } from '../secrets';
import { returnsCredentials } from './credential-operations';
import { guardedClient } from './guarded-client';
import { readInput } from './read-input';
import { prefixOf, type SdkClient, type SdkOperation, type SdkPackages } from './sdk-package';
import { namedService } from './services';
import { type Trimmed, trimmed } from './trim';
import { type SavedFile, writeOutput } from './write-output';

/** A call as the model makes it. */
export interface AwsCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly region?: string | undefined;
  /** Name of a new file for the body of the answer. */
  readonly saveAs?: string | undefined;
}

/** The answer of AWS, without credentials and within the limit. */
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

/** Maximum characters of an answer as JSON. */
const LONGEST_ANSWER = 32 * 1024;
/** Maximum characters of an input as JSON. Larger contents go through files. */
const LONGEST_INPUT = 256 * 1024;
/** Maximum milliseconds of a call. */
const LONGEST_CALL = 300_000;

export class AwsCaller {
  readonly #options: CallerOptions;
  #files = 0;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /**
   * @throws Refusal, LeaseError
   */
  async call(held: HeldLease, call: AwsCall, signal: AbortSignal): Promise<AwsAnswer> {
    const credentials = held.credentials();
    const { operation, prefix } = this.#operation(held, call);
    const region = this.#region(call.region);
    const input = await readInput(operation.input, demandSmall(call.input), this.#options.files);
    if (operation.output.getEventStreamMember() !== '') throw streams();
    if (call.saveAs !== undefined && this.#options.files === undefined) throw noFolder();
    const client = await guardedClient(operation, { region, credentials, env: this.#options.env });
    try {
      if (prefixOf(client) !== prefix) throw outside(prefixOf(client) ?? call.service, servicesOfLease(held));
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_CALL)]);
      const answer = await this.#send(client, operation, input, abortSignal).catch((error: unknown) => {
        throw this.#failure(error, held, { prefix, operation: operation.name, region });
      });
      return await this.#answer(answer, operation, region, call);
    } finally {
      client.destroy();
    }
  }

  #operation(held: HeldLease, { service, operation: name, input }: AwsCall) {
    const services = servicesOfLease(held);
    const named = namedService(service);
    if (named === undefined || !services.includes(named.prefix)) throw outside(service, services);
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) {
      throw new Refusal(
        'unknown-operation',
        'that is no name of an operation',
        'Write it as in the API reference: PutObject.',
      );
    }
    if (returnsCredentials(named.prefix, name, input)) throw withheld(named.prefix, name);
    return { prefix: named.prefix, operation: this.#options.packages.operation(named, name) };
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

  #send(client: SdkClient, operation: SdkOperation, input: object, abortSignal: AbortSignal) {
    return client.send(operation.newCommand(input), { abortSignal });
  }

  async #answer(
    answer: Readonly<Record<string, unknown>>,
    operation: SdkOperation,
    region: string,
    { service, saveAs }: AwsCall,
  ): Promise<AwsAnswer> {
    const { files, secrets } = this.#options;
    const fallbackName = () => `${operation.name}-${Date.now()}-${++this.#files}.bin`;
    const written = await writeOutput(operation.output, answer, {
      files,
      saveAs,
      fallbackName,
      longestText: LONGEST_ANSWER,
    });
    const short = trimmed(secrets.scrubbed(written.output), LONGEST_ANSWER);
    const notes = [...written.notes, ...(short.trimmed.length > 0 ? [smaller(operation)] : [])];
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

  #failure(error: unknown, held: HeldLease, at: { prefix: string; operation: string; region: string }): unknown {
    if (error instanceof Refusal || error instanceof LeaseError) return error;
    const { secrets, manifest } = this.#options;
    const { name, message, $metadata } = error as Partial<Error> & { $metadata?: { httpStatusCode?: number } };
    const said = secrets.scrub(String(message ?? '')).slice(0, LONGEST_MESSAGE);
    const code = String(name ?? 'Error').slice(0, 100);
    const denial: Denial | undefined = denialOf(code, said, $metadata?.httpStatusCode, at);
    if (denial !== undefined) {
      const explained = explainDenial(held, denial, manifest, at.region);
      return new Refusal(
        'access-denied',
        said || `AWS denied ${denial.action}`,
        'Do not retry, neither in another spelling nor with another lease. Tell the human what was denied and why.',
        false,
        { awsCode: code, explanation: explained },
      );
    }
    if (code === 'AbortError' || code === 'TimeoutError') {
      return new Refusal(
        'aws-error',
        'the call was cancelled or took too long',
        'Find out whether it took effect before you repeat it.',
      );
    }
    const isAnswer = $metadata?.httpStatusCode !== undefined;
    return new Refusal(
      'aws-error',
      isAnswer ? `${code}: ${said}` : `AWS could not be called: ${code}: ${said}`,
      isAnswer
        ? 'Correct the call if the message says how; otherwise tell the human.'
        : 'Try again once, then tell the human.',
      !isAnswer,
      { awsCode: code },
    );
  }
}

const LONGEST_MESSAGE = 2000;

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

function streams(): Refusal {
  return new Refusal(
    'unsupported',
    'the operation streams events, which a tool cannot do',
    'Use another operation; if there is none, tell the human.',
  );
}

function noFolder(): Refusal {
  return new Refusal(
    'file-refused',
    'there is no folder for files',
    'Leave `saveAs` out, or ask the human to start the server with --files FOLDER.',
  );
}

function demandSmall(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (JSON.stringify(input).length <= LONGEST_INPUT) return input;
  throw new Refusal(
    'too-large',
    `the input has more than ${LONGEST_INPUT} characters`,
    'Send large contents as {"$file": "name"}.',
  );
}

/** Names of members that limit the size of a page. */
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

/** What to do about a shortened answer: the token of pagination leads behind what was cut. */
function smaller({ input }: SdkOperation): string {
  const members = new Set([...input.structIterator()].map(([name]) => name));
  const size = PAGE_SIZES.find((name) => members.has(name));
  return size === undefined
    ? 'The answer was shortened. Ask for less, for example with a filter.'
    : `The answer was shortened, and its pagination token leads behind what was cut. Call again with a smaller ${size} to see everything.`;
}
