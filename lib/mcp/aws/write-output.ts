/** Turns the output of an operation into JSON for a model, by the operation's own model. */
import type { FileFolder } from '../files';
import { REMOVED } from '../secrets';
import { isCredentialMember, redactText } from './redact';
import { membersOf, type Shape } from './shape';

/** A binary body that went to a file. */
export interface SavedFile {
  readonly at: string;
  /** Name in the folder. */
  readonly file: string;
  readonly bytes: number;
}

/** An answer as JSON. */
export interface WrittenOutput {
  readonly output: Readonly<Record<string, unknown>>;
  readonly files: readonly SavedFile[];
  /** What the model should know about bodies that are not in the output. */
  readonly notes: readonly string[];
}

export interface WriteOptions {
  readonly files: FileFolder | undefined;
  /** Name of the file for the body, if the model gave one. */
  readonly saveAs: string | undefined;
  /** A name for a file that the model did not name. */
  readonly fallbackName: () => string;
  /** Maximum bytes of a body that is returned as text. */
  readonly longestText: number;
}

/** @throws Refusal if a file cannot be written */
export async function writeOutput(
  shape: Shape,
  value: Readonly<Record<string, unknown>>,
  options: WriteOptions,
): Promise<WrittenOutput> {
  const writer = new Writer(options);
  const output = shape.isUnitSchema() ? {} : await writer.structure(shape, value, 'output');
  return { output, files: writer.files, notes: writer.notes };
}

class Writer {
  readonly files: SavedFile[] = [];
  readonly notes: string[] = [];
  readonly #options: WriteOptions;
  #saveAs: string | undefined;

  constructor(options: WriteOptions) {
    this.#options = options;
    this.#saveAs = options.saveAs;
  }

  async structure(shape: Shape, value: unknown, at: string): Promise<Record<string, unknown>> {
    const written: [string, unknown][] = [];
    for (const [name, member] of membersOf(shape)) {
      const inner = (value as Record<string, unknown>)[name];
      if (inner === undefined || inner === null) continue;
      written.push([name, isCredentialMember(name) ? REMOVED : await this.#value(member, inner, `${at}.${name}`)]);
    }
    return Object.fromEntries(written);
  }

  async #value(shape: Shape, value: unknown, at: string): Promise<unknown> {
    if (shape.isStructSchema()) return this.structure(shape, value, at);
    if (shape.isListSchema() && Array.isArray(value)) {
      const element = shape.getValueSchema();
      const list: unknown[] = [];
      for (const [index, each] of value.entries()) list.push(await this.#value(element, each, `${at}[${index}]`));
      return list;
    }
    if (shape.isMapSchema()) return this.#map(shape, value as Record<string, unknown>, at);
    if (shape.isBlobSchema()) return this.#blob(value, at);
    return plain(value);
  }

  /** Maps that the model marks as sensitive are environment variables and the like: names are kept, values are not. */
  async #map(shape: Shape, value: Readonly<Record<string, unknown>>, at: string): Promise<Record<string, unknown>> {
    const isSensitive = Boolean(shape.getMergedTraits().sensitive);
    const inner = shape.getValueSchema();
    const written: [string, unknown][] = [];
    for (const [key, each] of Object.entries(value)) {
      written.push([redactText(key), isSensitive ? REMOVED : await this.#value(inner, each, `${at}.${key}`)]);
    }
    return Object.fromEntries(written);
  }

  async #blob(value: unknown, at: string): Promise<unknown> {
    const { files, saveAs, longestText } = this.#options;
    const chunks = chunksOf(value);
    if (chunks === undefined) return undefined;
    if (files !== undefined && this.#saveAs !== undefined) {
      this.#saveAs = undefined;
      return this.#save(at, saveAs ?? '', chunks);
    }
    const { start, rest, isWhole } = await beginning(chunks, longestText);
    const text = textOf(start, isWhole);
    if (isWhole && text !== undefined) return redactText(text);
    if (files !== undefined) return this.#save(at, this.#options.fallbackName(), joined(start, rest));
    await rest.return?.(undefined);
    if (text !== undefined) {
      this.notes.push(`${at} is cut after ${start.length} bytes. Request a part of it, for example with Range.`);
      return redactText(text);
    }
    this.notes.push(`${at} is binary and is left out. A human can start the server with --files FOLDER.`);
    return { $omitted: isWhole ? `${start.length} bytes` : `more than ${start.length} bytes` };
  }

  async #save(at: string, name: string, chunks: AsyncIterable<Uint8Array>): Promise<unknown> {
    const { files } = this.#options;
    const bytes = (await files?.write(name, chunks)) ?? 0;
    this.files.push({ at, file: name, bytes });
    return { $file: name };
  }
}

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

function plain(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Uint8Array) return { $omitted: `${value.length} bytes` };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  // A number of arbitrary precision of the SDK.
  if ('string' in value && 'type' in value && Object.keys(value).length === 2) return String(value.string);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
