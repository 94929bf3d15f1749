/**
 * Converts JSON from the model to the input of an operation, according to the operation's schema. Unknown members and
 * wrong types are rejected. Members cannot change the destination of the request.
 */
import { nearest } from '@leasehold/policy';
import { Refusal } from '../error';
import { type FileFolder, LARGEST_FILE } from '../files';
import { noFolder, streams } from './refusals';
import { membersOf, type Shape } from './shape';

/** Maximum nesting depth of an input. */
const DEEPEST = 40;

/** The input of an operation. @throws Refusal */
export async function readInput(
  shape: Shape,
  value: Readonly<Record<string, unknown>>,
  files: FileFolder | undefined,
): Promise<Record<string, unknown>> {
  return new Reader(files).structure(shape, value, 'input', 0);
}

class Reader {
  readonly #files: FileFolder | undefined;
  /** Maximum total size, in bytes, of further files in the input. */
  #left = LARGEST_FILE;

  constructor(files: FileFolder | undefined) {
    this.#files = files;
  }

  async structure(shape: Shape, value: unknown, at: string, depth: number): Promise<Record<string, unknown>> {
    const given = objectAt(value, at);
    if (shape.getEventStreamMember() !== '') throw streams();
    const members = shape.isUnitSchema() ? new Map<string, Shape>() : membersOf(shape);
    const read: [string, unknown][] = [];
    for (const [name, inner] of Object.entries(given)) {
      const member = members.get(name);
      if (member === undefined) throw unknownMember(at, name, members);
      // A model may write null for an omitted member.
      if (inner !== null) read.push([name, await this.#value(member, inner, `${at}.${name}`, depth + 1)]);
    }
    return Object.fromEntries(read);
  }

  async #value(shape: Shape, value: unknown, at: string, depth: number): Promise<unknown> {
    if (depth > DEEPEST) throw wrong(at, `at most ${DEEPEST} levels`);
    if (shape.isStructSchema()) return this.structure(shape, value, at, depth);
    if (shape.isListSchema()) {
      if (!Array.isArray(value)) throw wrong(at, 'a list');
      const element = shape.getValueSchema();
      const list: unknown[] = [];
      // The elements are read one after the other, because the files of all elements share one size limit.
      for (const [index, each] of value.entries()) {
        list.push(await this.#value(element, each, `${at}[${index}]`, depth + 1));
      }
      return list;
    }
    if (shape.isMapSchema()) return this.#map(shape.getValueSchema(), value, at, depth);
    if (shape.isDocumentSchema()) return document(value, at, depth);
    if (shape.isBlobSchema()) return this.#blob(value, at);
    if (shape.isTimestampSchema()) return time(value, at);
    return scalar(shape, value, at);
  }

  async #map(shape: Shape, value: unknown, at: string, depth: number): Promise<Record<string, unknown>> {
    const read: [string, unknown][] = [];
    for (const [key, inner] of Object.entries(objectAt(value, at))) {
      if (key === '__proto__') throw wrong(at, 'no key "__proto__"');
      read.push([key, await this.#value(shape, inner, `${at}[${JSON.stringify(key).slice(0, 60)}]`, depth + 1)]);
    }
    return Object.fromEntries(read);
  }

  async #blob(value: unknown, at: string): Promise<Uint8Array> {
    if (typeof value === 'string') return Buffer.from(value, 'utf8');
    const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
    const [[kind, text] = []] = entries;
    if (entries.length === 1 && typeof text === 'string') {
      if (kind === '$base64' && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return Buffer.from(text, 'base64');
      if (kind === '$file') return this.#file(text);
    }
    throw wrong(at, 'a text, or {"$file": "name"}, or {"$base64": "…"}');
  }

  async #file(name: string): Promise<Buffer> {
    if (this.#files !== undefined) {
      const contents = await this.#files.read(name, this.#left);
      this.#left -= contents.length;
      return contents;
    }
    throw noFolder('Give a short content as a text');
  }
}

function objectAt(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(at, 'an object');
}

function scalar(shape: Shape, value: unknown, at: string): unknown {
  if (shape.isStringSchema()) {
    if (typeof value === 'string') return value;
    throw wrong(at, 'a text');
  }
  if (shape.isBooleanSchema()) {
    if (typeof value === 'boolean') return value;
    throw wrong(at, 'true or false');
  }
  if (shape.isBigIntegerSchema()) {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === 'string' && /^-?\d{1,1000}$/.test(value)) return BigInt(value);
    throw wrong(at, 'a whole number');
  }
  if (shape.isNumericSchema() && !shape.isBigDecimalSchema()) {
    if (typeof value === 'number') return value;
    throw wrong(at, 'a number');
  }
  throw wrong(at, 'a value of a type that can be given through a tool');
}

function time(value: unknown, at: string): Date {
  const found = typeof value === 'string' && ISO.test(value) ? new Date(value) : undefined;
  if (found !== undefined && !Number.isNaN(found.getTime())) return found;
  throw wrong(at, 'a time such as "2026-11-30T08:00:00Z"');
}

const ISO = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Checks a document member, which may contain any JSON. */
function document(value: unknown, at: string, depth: number): unknown {
  if (depth > DEEPEST) throw wrong(at, `at most ${DEEPEST} levels`);
  if (Array.isArray(value)) return value.map((each, index) => document(each, `${at}[${index}]`, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (key === '__proto__') throw wrong(at, 'no key "__proto__"');
      return [key, document(each, `${at}.${key.slice(0, 60)}`, depth + 1)];
    }),
  );
}

function unknownMember(at: string, name: string, members: ReadonlyMap<string, Shape>): Refusal {
  const similar = nearest(name.slice(0, 100), members.keys());
  const known = [...members.keys()].slice(0, MOST_NAMED).join(', ');
  return new Refusal(
    'invalid-input',
    `${at} has no member ${JSON.stringify(name.slice(0, 60))}${similar === undefined ? '' : `; the nearest is ${similar}`}`,
    members.size === 0
      ? 'Leave it out: nothing is expected.'
      : `Use the parameter names of the API reference: ${known}.`,
  );
}

/** Maximum number of members that an error message lists. */
const MOST_NAMED = 60;

function wrong(at: string, expected: string): Refusal {
  return new Refusal(
    'invalid-input',
    `${at.slice(0, 200)} should be ${expected}`,
    'Correct the input, then call again.',
  );
}
