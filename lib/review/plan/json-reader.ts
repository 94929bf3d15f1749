/** Reads JSON text incrementally: wanted values are parsed, all other values are only validated. */
import { KeysOfObjects } from './json-keys';
import {
  COLON,
  COMMA,
  JsonFault,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  skipSpace,
  skipString,
  skipValue,
  TO_CLOSE,
  unexpected,
} from './json-scan';

/** A part of the text that has been validated as one JSON value. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A reader whose position is at the beginning of a value. Each method moves the position past the value, unless stated
 * otherwise. A callback of {@link JsonReader.object} or {@link JsonReader.list} may parse, walk or ignore its value.
 * Throws {@link JsonFault}.
 */
export class JsonReader {
  private readonly text: Buffer;
  private readonly keys: KeysOfObjects;
  private depth = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private at = 0,
  ) {
    this.text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.keys = new KeysOfObjects(bytes);
    this.at = skipSpace(bytes, at);
  }

  /** Byte offset of the next value. */
  get offset(): number {
    return this.at;
  }

  /** The type of the next value. Does not move the position. */
  get next(): 'object' | 'list' | 'other' {
    const byte = this.bytes[this.at];
    return byte === OPEN_OBJECT ? 'object' : byte === OPEN_LIST ? 'list' : 'other';
  }

  /** Validates the next value, and moves the position past this value. */
  skip(): Span {
    const start = this.at;
    this.at = skipValue(this.bytes, start, this.depth, this.keys);
    return { start, end: this.at };
  }

  /** Parses the next value, and moves the position past this value. */
  take(): unknown {
    const isText = this.bytes[this.at] === QUOTE;
    const span = this.skip();
    return isText ? this.textOf(span.start, span.end) : this.parse(span);
  }

  /** Parses a validated part of the text. */
  parse({ start, end }: Span): unknown {
    return JSON.parse(this.text.toString('utf8', start, end));
  }

  /** Walks an object. If the next value is not an object, skips it and returns false. */
  object(each: (key: string) => void): boolean {
    if (this.next !== 'object') {
      this.skip();
      return false;
    }
    this.keys.enter();
    this.walk(() => {
      const [start, end] = [this.at, skipString(this.bytes, this.at)];
      if (!this.keys.add(start, end)) throw new JsonFault('duplicate-key', start, 'each key once in an object');
      this.at = skipSpace(this.bytes, end);
      if (this.bytes[this.at] !== COLON) throw unexpected(this.bytes, this.at, '":"');
      this.at = skipSpace(this.bytes, this.at + 1);
      this.step(() => each(this.textOf(start, end)));
    });
    this.keys.leave();
    return true;
  }

  /** Walks a list. If the next value is not a list, skips it and returns false. */
  list(each: (index: number) => void): boolean {
    if (this.next !== 'list') {
      this.skip();
      return false;
    }
    let index = 0;
    this.walk(() => {
      this.step(() => each(index));
      index += 1;
    });
    return true;
  }

  /** Throws if the rest of the text contains anything except white space. */
  finish(): void {
    const at = skipSpace(this.bytes, this.at);
    if (at < this.bytes.length) throw new JsonFault('invalid-json', at, 'the end of the text');
  }

  private textOf(start: number, end: number): string {
    const inner = this.text.toString('utf8', start + 1, end - 1);
    return inner.includes('\\') ? String(JSON.parse(`"${inner}"`)) : inner;
  }

  private step(each: () => void): void {
    const start = this.at;
    each();
    if (this.at === start) this.skip();
  }

  private walk(each: () => void): void {
    const close = (this.bytes[this.at] ?? 0) + TO_CLOSE;
    this.depth += 1;
    this.at = skipSpace(this.bytes, this.at + 1);
    if (this.bytes[this.at] !== close) {
      for (;;) {
        each();
        this.at = skipSpace(this.bytes, this.at);
        if (this.bytes[this.at] === close) break;
        if (this.bytes[this.at] !== COMMA) {
          throw unexpected(this.bytes, this.at, `"," or "${String.fromCharCode(close)}"`);
        }
        this.at = skipSpace(this.bytes, this.at + 1);
      }
    }
    this.at += 1;
    this.depth -= 1;
  }
}

/**
 * JSON pointer (RFC 6901) to the value that contains the byte at an offset. The pointer is built from the text before
 * the byte, as far as this text can be parsed.
 */
export function pointerAt(bytes: Uint8Array, offset: number): string {
  const open: { at: string | number; key: boolean }[] = [];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < Math.min(offset, bytes.length); at += 1) {
    const byte = bytes[at];
    const inner = open[open.length - 1];
    if (byte === QUOTE) {
      const end = closingQuote(bytes, at);
      if (inner?.key && end < offset) inner.at = keyText(text.toString('utf8', at, end + 1));
      if (inner) inner.key = false;
      at = end;
    } else if (byte === OPEN_OBJECT) open.push({ at: '', key: true });
    else if (byte === OPEN_LIST) open.push({ at: 0, key: false });
    else if (byte === OPEN_OBJECT + TO_CLOSE || byte === OPEN_LIST + TO_CLOSE) open.pop();
    else if (byte === COMMA && inner) {
      if (typeof inner.at === 'number') inner.at += 1;
      else {
        inner.key = true;
        inner.at = '';
      }
    }
  }
  const steps = open.map(({ at }) => String(at).replaceAll('~', '~0').replaceAll('/', '~1'));
  while (steps[steps.length - 1] === '') steps.pop();
  return steps.map((step) => `/${step}`).join('');
}

/** The offset of the quote that closes the string at `start`, or the end of the text. */
export function closingQuote(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === 0x5c ? 2 : 1;
  return at;
}

function keyText(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
