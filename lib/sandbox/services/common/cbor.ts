/**
 * Reads CBOR in the form that AWS's SDKs write: definite lengths, and unique text keys. Bytes are converted to
 * base64, and times to numbers. Source: https://www.rfc-editor.org/rfc/rfc8949 and
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
import { UnmappedRequest } from '../../service-mapping';
import type { Json } from '../../wire/read';
import type { Fields } from './input';

/** Maximum nesting depth. */
const DEEPEST = 32;

/**
 * The map in a body; empty for an empty body.
 * @throws {UnmappedRequest} for a body that is invalid or ambiguous.
 */
export function readCbor(body: Buffer): Fields {
  if (body.length === 0) return {};
  const reader = new Reader(body);
  const value = reader.value(0);
  if (!reader.done || typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable();
  return value as Fields;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(depth: number): Json {
    if (depth > DEEPEST) throw unreadable();
    const head = this.#take(1)[0] ?? 0;
    const major = head >> 5;
    const minor = head & 31;
    if (major === 7) return this.#simple(minor);
    const argument = this.#argument(minor);
    switch (major) {
      case 0:
        return argument;
      case 1:
        return -1 - argument;
      case 2:
        return this.#take(argument).toString('base64');
      case 3:
        return this.#text(argument);
      case 4:
        return this.#items(argument, depth);
      case 5:
        return this.#map(argument, depth);
      default:
        if (argument !== EPOCH_TIME) throw unreadable();
        return this.value(depth + 1);
    }
  }

  #items(length: number, depth: number): Json {
    const items: Json[] = [];
    for (let index = 0; index < length; index++) items.push(this.value(depth + 1));
    return items;
  }

  #map(length: number, depth: number): Json {
    const map: { [name: string]: Json } = Object.create(null);
    for (let index = 0; index < length; index++) {
      const name = this.value(depth + 1);
      if (typeof name !== 'string' || name in map) throw unreadable();
      map[name] = this.value(depth + 1);
    }
    return map;
  }

  #text(length: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#take(length));
    } catch {
      throw unreadable();
    }
  }

  #simple(minor: number): Json {
    if (minor === 20 || minor === 21) return minor === 21;
    if (minor === 22 || minor === 23) return null;
    if (minor === 26) return this.#take(4).readFloatBE();
    if (minor === 27) return this.#take(8).readDoubleBE();
    throw unreadable();
  }

  #argument(minor: number): number {
    if (minor < 24) return minor;
    if (minor === 24) return this.#take(1).readUInt8();
    if (minor === 25) return this.#take(2).readUInt16BE();
    if (minor === 26) return this.#take(4).readUInt32BE();
    const long = minor === 27 ? this.#take(8).readBigUInt64BE() : undefined;
    if (long === undefined || long > BigInt(Number.MAX_SAFE_INTEGER)) throw unreadable();
    return Number(long);
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw unreadable();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

const EPOCH_TIME = 1;

function unreadable(): UnmappedRequest {
  return new UnmappedRequest('the body is not unambiguous CBOR');
}
