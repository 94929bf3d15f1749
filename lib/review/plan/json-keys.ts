/** The keys of the objects that are open while JSON is walked, so that one that stands twice is seen. */
import { randomInt } from 'node:crypto';

/** Objects with more keys than this look them up in a set. */
const FEW = 32;

/** Another one in every process, so that no plan can be made of keys that collide. */
const BASIS = randomInt(2 ** 32) | 0;

export class KeysOfObjects {
  /** Of each key that is open: hash, first byte, byte after. */
  private readonly hashes: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** Of each open object: where its keys begin, and the hashes of all of them once they are many. */
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

  /** Notes a key of the innermost object, quotes included; false when it stands there already. */
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

  /** FNV-1a over the bytes; of what is written with an escape, over the characters it stands for. */
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
