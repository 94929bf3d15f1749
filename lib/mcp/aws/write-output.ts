/** Converts the output of an operation to JSON for the model, according to the operation's schema. */
import { types } from 'node:util';
import { clipped } from '@leasehold/contract/text';
import { Refusal } from '../error';
import type { FileFolder, ReservedFile } from '../files';
import { REMOVED } from '../secrets';
import {
  MOST_LEVELS,
  withoutNamedSecrets,
  withoutOptionValues,
  withoutSecretPair,
  withoutSecretsInNamedText,
  withoutSecretsInText,
  withoutTexts,
  withoutVariables,
} from './named-values';
import { redactText } from './redact';
import { withoutCopies } from './removed-copies';
import { isEnvironmentName, isSecretName } from './secret-names';
import { membersOf, type Shape } from './shape';

/** A body that was saved to a file. */
export interface SavedFile {
  readonly at: string;
  /** Name in the folder. */
  readonly file: string;
  readonly bytes: number;
}

/** A response as JSON. */
export interface WrittenOutput {
  readonly output: Readonly<Record<string, unknown>>;
  readonly files: readonly SavedFile[];
  /** Notes for the model about bodies that are not in the output. */
  readonly notes: readonly string[];
}

export interface WriteOptions {
  readonly files: FileFolder | undefined;
  /** The file for the body, if the model specified a file. The file was created before the call. */
  readonly saveAs: ReservedFile | undefined;
  /**
   * Removes the process's secrets from text. If the text was truncated and ends with the first part of a secret, this
   * part is removed too.
   */
  readonly scrub: (text: string, isCut: boolean) => string;
  /** Returns a file name for a body if the model did not specify a name. */
  readonly fallbackName: () => string;
  /** Maximum size in bytes of a body that is returned as text. */
  readonly longestText: number;
}

/** Maximum number of files that one response may produce. The same maximum applies to the notes about that response. */
const MOST_FILES = 16;
const MOST_NOTES = 16;
/** Maximum number of characters of a member's path, including the keys of maps. */
const LONGEST_PATH = 200;

/** @throws Refusal if the file that the model named cannot be written */
export async function writeOutput(
  shape: Shape,
  value: Readonly<Record<string, unknown>>,
  options: WriteOptions,
): Promise<WrittenOutput> {
  const writer = new Writer(options);
  const output = shape.isUnitSchema() ? {} : await writer.structure(shape, value, 'output');
  return { output: withoutCopies(value, output), files: writer.files, notes: writer.notes };
}

class Writer {
  readonly files: SavedFile[] = [];
  readonly notes: string[] = [];
  readonly #options: WriteOptions;
  #saveAs: ReservedFile | undefined;
  /** Number of lists, maps and structures around the value that is being written. */
  #level = 0;

  constructor(options: WriteOptions) {
    this.#options = options;
    this.#saveAs = options.saveAs;
  }

  async structure(shape: Shape, value: unknown, at: string): Promise<Readonly<Record<string, unknown>>> {
    const written: [string, unknown][] = [];
    for (const [name, member] of membersOf(shape)) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner === undefined || inner === null) continue;
      written.push([name, await this.#member(name, member, inner, `${at}.${name}`)]);
    }
    return withoutSecretPair(Object.fromEntries(written));
  }

  /** Writes a named value. In a structure, the member names determine which values are secret. */
  async #member(name: string, shape: Shape, value: unknown, at: string): Promise<unknown> {
    const isSecret = isSecretName(name);
    // The value is not written to a file either.
    if (isSecret && (shape.isStringSchema() || shape.isBlobSchema())) return REMOVED;
    const written = await this.#named(name, shape, value, at);
    const hasElements = shape.isMapSchema() || shape.isListSchema();
    const isStructured = shape.isStructSchema() || (hasElements && shape.getValueSchema().isStructSchema());
    return isSecret && !isStructured ? withoutTexts(written) : written;
  }

  /** Writes the value of a member or of a map key. If it contains environment variables, their values are removed. */
  async #named(name: string, shape: Shape, boxed: unknown, at: string): Promise<unknown> {
    const value = unboxed(boxed);
    if (typeof value === 'string' && shape.isStringSchema()) return withoutSecretsInNamedText(name, value);
    const written = await this.#value(shape, value, at);
    const isOpen = shape.isMapSchema() || shape.isListSchema() || shape.isDocumentSchema();
    return isOpen && typeof written === 'object' && isEnvironmentName(name) ? withoutVariables(written) : written;
  }

  async #value(shape: Shape, value: unknown, at: string): Promise<unknown> {
    // A shape may contain itself, and AWS decides how deep an answer is.
    if (this.#level >= MOST_LEVELS) return REMOVED;
    this.#level++;
    try {
      return await this.#shown(shape, unboxed(value), at);
    } finally {
      this.#level--;
    }
  }

  async #shown(shape: Shape, value: unknown, at: string): Promise<unknown> {
    if (shape.isStructSchema()) return this.structure(shape, value, at);
    if (shape.isListSchema() && Array.isArray(value)) {
      const element = shape.getValueSchema();
      const list: unknown[] = [];
      for (const [index, each] of value.entries()) list.push(await this.#value(element, each, `${at}[${index}]`));
      return withoutOptionValues(list);
    }
    if (shape.isMapSchema()) return this.#map(shape, value as Record<string, unknown>, at);
    if (shape.isBlobSchema()) return this.#blob(value, at);
    return shape.isDocumentSchema() ? withoutNamedSecrets(plain(value)) : plain(value);
  }

  /**
   * A map that the service model marks as sensitive contains, for example, environment variables. The keys are kept,
   * and the values are removed.
   */
  async #map(shape: Shape, value: Readonly<Record<string, unknown>>, at: string): Promise<Record<string, unknown>> {
    const isSensitive = Boolean(shape.getMergedTraits().sensitive);
    const inner = shape.getValueSchema();
    const written: [string, unknown][] = [];
    for (const [key, each] of Object.entries(value)) {
      const name = this.#options.scrub(redactText(key), false);
      const shown = isSensitive ? REMOVED : await this.#named(key, inner, each, `${at}.${name}`);
      // A structure below a map key is the customer's data, for example an attribute of a DynamoDB item.
      written.push([name, isSecretName(key) && !inner.isStructSchema() ? withoutTexts(shown) : shown]);
    }
    return Object.fromEntries(written);
  }

  async #blob(value: unknown, at: string): Promise<unknown> {
    const { scrub, longestText } = this.#options;
    const chunks = chunksOf(value);
    if (chunks === undefined) return undefined;
    const named = this.#saveAs;
    if (named !== undefined) {
      this.#saveAs = undefined;
      return this.#fill(named, at, chunks);
    }
    const { start, rest, isWhole } = await beginning(chunks, longestText);
    const text = textOf(start, isWhole);
    if (isWhole && text !== undefined) return withoutSecretsInText(text);
    const file = await this.#ownFile();
    if (file !== undefined) return this.#fill(file, at, joined(start, rest));
    await rest.return?.(undefined);
    if (text !== undefined) {
      this.#note(at, `is cut after ${start.length} bytes. Request only a part of the data, for example with Range.`);
      return withoutSecretsInText(scrub(text, true));
    }
    this.#note(
      at,
      this.#options.files === undefined ? NO_FOLDER : 'is binary and is left out: no further file can be written.',
    );
    return { $omitted: isWhole ? `${start.length} bytes` : `more than ${start.length} bytes` };
  }

  /**
   * Creates a file with a generated name. If that fails, the response is shown without its body, because the call has
   * already taken effect.
   */
  async #ownFile(): Promise<ReservedFile | undefined> {
    const { files, fallbackName } = this.#options;
    if (files === undefined || this.files.length >= MOST_FILES) return undefined;
    try {
      return await files.reserve(fallbackName());
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  async #fill(file: ReservedFile, at: string, chunks: AsyncIterable<Uint8Array>): Promise<unknown> {
    const bytes = await file.fill(chunks);
    this.files.push({ at: clipped(at, LONGEST_PATH), file: file.name, bytes });
    return { $file: file.name };
  }

  #note(at: string, what: string): void {
    if (this.notes.length < MOST_NOTES) this.notes.push(`${clipped(at, LONGEST_PATH)} ${what}`);
  }
}

const NO_FOLDER = 'is binary and is left out. A human can start the server with --files FOLDER.';

/** The bytes of a body: a stream, or bytes in memory. */
function chunksOf(value: unknown): AsyncIterable<Uint8Array> | undefined {
  if (typeof value === 'string') return once(Buffer.from(value, 'utf8'));
  if (value instanceof Uint8Array) return once(value);
  if (typeof value === 'object' && value !== null && Symbol.asyncIterator in value) {
    return value as AsyncIterable<Uint8Array>;
  }
  return undefined;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Reads at most about `longest` bytes, and leaves the rest unread. */
async function beginning(chunks: AsyncIterable<Uint8Array>, longest: number) {
  const rest = chunks[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let bytes = 0;
  while (bytes <= longest) {
    const { value, done } = await rest.next();
    if (done) return { start: Buffer.concat(read), rest, isWhole: true };
    read.push(value);
    bytes += value.length;
  }
  const isWhole = false;
  return { start: Buffer.concat(read), rest, isWhole };
}

async function* joined(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield start;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** The text of UTF-8 bytes; undefined for binary data. */
function textOf(bytes: Uint8Array, isWhole: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * The primitive in an object such as `LazyJsonString`, which the SDK returns for strings whose media type is JSON. An
 * object of this kind has an enumerable member for every character of its text, and functions.
 */
function unboxed(value: unknown): unknown {
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  return types.isBoxedPrimitive(value) ? value.valueOf() : value;
}

/** Returns a value without a schema as JSON. Functions and symbols have no JSON and are left out. */
function plain(boxed: unknown, level = 0): unknown {
  const value = unboxed(boxed);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value === 'string') return withoutSecretsInText(value);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Uint8Array) return { $omitted: `${value.length} bytes` };
  if (typeof value !== 'object' || value === null) return value;
  if (level >= MOST_LEVELS) return REMOVED;
  if (Array.isArray(value)) return value.map((each) => plain(each, level + 1));
  // The SDK's number type for arbitrary precision.
  if ('string' in value && 'type' in value && Object.keys(value).length === 2) return String(value.string);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each, level + 1)]));
}
