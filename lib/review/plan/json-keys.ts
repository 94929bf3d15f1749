/** Stores the keys of all open objects during a JSON scan, to detect duplicate keys. */
import { randomInt } from 'node:crypto';

/** If an object has more keys than this number, keys are looked up in a set. */
const FEW = 32;

/** A random value that is different in every process, so that nobody can construct a plan with colliding hashes. */
const BASIS = randomInt(2 ** 32) | 0;

export class KeysOfObjects {
  /** For each key of an open object: the hash of the key, the offset of its first byte, and the offset of its end. */
  private readonly hashes: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** For each open object: the index of the object's first key, and a set of hashes if the object has many keys. */
  private readonly bases: number[] = [];
  private readonly many: (Set<number> | undefined)[] = [];

  constructor(private readonly bytes: Uint8Array) {}

  enter(): void {
    this.bases.push(this.hashes.length);
    this.many.push(undefined);
  }

  leave(): void {
    this.many.pop();
    const base = this.bases.pop() ?? 0;
    this.hashes.length = base;
    this.starts.length = base;
    this.ends.length = base;
  }

  /**
   * Adds a key (including its quotes) to the innermost object. Returns false if the object already contains the key.
   */
  add(start: number, end: number): boolean {
    const { hashes } = this;
    const base = this.bases[this.bases.length - 1] ?? 0;
    const many = this.many[this.many.length - 1];
    const hash = this.hash(start, end);
    if (many === undefined || many.has(hash)) {
      for (let index = base; index < hashes.length; index += 1) {
        if (hashes[index] === hash && this.isText(index, start, end)) return false;
      }
    }
    hashes.push(hash);
    this.starts.push(start);
    this.ends.push(end);
    if (many !== undefined) many.add(hash);
    else if (hashes.length - base > FEW) this.many[this.many.length - 1] = new Set(hashes.slice(base));
    return true;
  }

  /** The FNV-1a hash of the bytes. For a key with escapes, the hash of the decoded characters. */
  private hash(start: number, end: number): number {
    const { bytes } = this;
    let hash = BASIS;
    for (let at = start + 1; at < end - 1; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === 0x5c) return hashOf(Buffer.from(this.text(start, end)));
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    return hash;
  }

  private isText(index: number, start: number, end: number): boolean {
    return this.text(this.starts[index] ?? 0, this.ends[index] ?? 0) === this.text(start, end);
  }

  private text(start: number, end: number): string {
    const slice = this.bytes.subarray(start, end);
    return String(JSON.parse(Buffer.from(slice.buffer, slice.byteOffset, slice.byteLength).toString('utf8')));
  }
}

function hashOf(bytes: Uint8Array): number {
  let hash = BASIS;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}
