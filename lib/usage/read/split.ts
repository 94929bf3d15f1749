/**
 * Splits a stream of bytes into records without parsing them. A parser that builds a value for each token reads only
 * about 20 MB a second. For most records the boundaries are sufficient, because the records belong to other identities.
 *
 * Accepted forms are `{"Records":[…]}` (trail files), `{"Events":[…]}` (`aws cloudtrail lookup-events`), a JSON array
 * of records, and JSON lines (the sandbox's log).
 */
import { LONGEST_RECORD, type ProblemKind } from './problem';

export interface SplitOptions {
  /**
   * Called with the complete bytes of each record, which is one JSON object. The bytes are valid only during the call.
   */
  readonly record: (bytes: Buffer) => void;
  readonly problem: (kind: ProblemKind) => void;
  /** Called before the records of `{"Events":[…]}` are read. @default nothing is called */
  readonly listing?: (() => void) | undefined;
  /** Maximum length of a record in bytes. @default LONGEST_RECORD */
  readonly longest?: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const COMMA = 0x2c;

/** Maximum length in bytes of the text before the first record, and of the text after the last record. */
const LONGEST_FRAME = 64 * 1024;
const NOTHING = Buffer.alloc(0);

export class RecordSplitter {
  readonly #record: SplitOptions['record'];
  readonly #problem: SplitOptions['problem'];
  readonly #listing: SplitOptions['listing'];
  readonly #longest: number;
  /** `start`: before the first record. `end`: after the list. `lost`: the rest of the text cannot be read. */
  #place: 'start' | 'records' | 'end' | 'lost' = 'start';
  /** The JSON structure around the records; `none` for JSON lines. */
  #frame: Frame['kind'] = 'none';
  /** Text before the first record or after the list. */
  #outside: Buffer = NOTHING;
  /** Nesting depth within the current record; 0 between records. */
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** The parts of the current record that were in earlier chunks, and their total length. */
  #parts: Buffer[] = [];
  #length = 0;
  /** Whether a record has just ended. In an array, a comma or the end of the array must follow. */
  #afterRecord = false;

  constructor({ record, problem, listing, longest = LONGEST_RECORD }: SplitOptions) {
    this.#record = record;
    this.#problem = problem;
    this.#listing = listing;
    this.#longest = longest;
  }

  write(chunk: Buffer): void {
    let bytes = chunk;
    let at = 0;
    if (this.#place === 'start') {
      bytes = Buffer.concat([this.#outside, chunk]);
      at = this.#start(bytes);
    }
    while (at < bytes.length && this.#place === 'records') {
      at = this.#depth === 0 ? this.#between(bytes, at) : this.#within(bytes, at, at);
    }
    if (at < bytes.length && this.#place === 'end') this.#keepOutside(bytes.subarray(at));
  }

  /** Marks the end of the input, and reports a problem if the input is incomplete. */
  end(): void {
    // CloudTrail writes no empty files, so an empty text was cut off as well.
    if (this.#place === 'start') this.#lose('cut-off');
    else if (this.#place === 'records' && (this.#depth > 0 || this.#frame !== 'none')) this.#lose('cut-off');
    else if (this.#place === 'end') this.#checkEnd();
  }

  /**
   * Detects the JSON structure around the records. Returns the offset of the first record, or the length of the bytes
   * if more input is needed.
   */
  #start(bytes: Buffer): number {
    const frame = frameOf(bytes.subarray(0, LONGEST_FRAME).toString('latin1'));
    if (frame === 'unknown-yet' && bytes.length < LONGEST_FRAME) {
      this.#outside = Buffer.from(bytes);
      return bytes.length;
    }
    if (frame === 'unknown-yet' || frame === 'none-of-them') {
      this.#lose('not-a-trail');
      return bytes.length;
    }
    this.#frame = frame.kind;
    if (frame.kind === 'events') this.#listing?.();
    this.#place = 'records';
    this.#outside = NOTHING;
    return frame.length;
  }

  /** Reads white space and commas until the next record or the end of the array. */
  #between(bytes: Buffer, from: number): number {
    const listed = this.#frame !== 'none';
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
      if (byte === OPEN && !(listed && this.#afterRecord)) {
        this.#depth = 1;
        this.#length = 0;
        return this.#within(bytes, at + 1, at);
      }
      if (byte === COMMA && listed && this.#afterRecord) this.#afterRecord = false;
      else if (byte === CLOSE_LIST && listed) {
        this.#place = 'end';
        return at + 1;
      } else {
        this.#lose('not-a-trail');
        return bytes.length;
      }
    }
    return bytes.length;
  }

  /**
   * Continues to read a record that begins at `start` in these bytes. A JSON string is skipped by a search for its
   * closing quote. The state is in local variables for speed, because this loop runs for every byte outside of strings.
   */
  #within(bytes: Buffer, from: number, start: number): number {
    const { length } = bytes;
    let at = from;
    let depth = this.#depth;
    if (this.#escaped) {
      this.#escaped = false;
      at += 1;
    }
    if (this.#inText) at = this.#skipText(bytes, at);
    while (at < length) {
      const byte = bytes[at];
      at += 1;
      if (byte === QUOTE) at = this.#skipText(bytes, at);
      else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE || byte === CLOSE_LIST) {
        depth -= 1;
        if (depth > 0) continue;
        this.#depth = 0;
        this.#finish(bytes.subarray(start, at));
        return at;
      }
    }
    this.#depth = depth;
    this.#keep(bytes.subarray(start));
    return length;
  }

  /** Skips a JSON string, which may continue in the next chunk. Returns the offset after the skipped bytes. */
  #skipText(bytes: Buffer, from: number): number {
    for (let at = from; ; ) {
      const quote = bytes.indexOf(QUOTE, at);
      const end = quote < 0 ? bytes.length : quote;
      let slashes = 0;
      while (end - 1 - slashes >= at && bytes[end - 1 - slashes] === BACKSLASH) slashes += 1;
      const escapes = slashes % 2 === 1;
      this.#inText = quote < 0 || escapes;
      if (quote < 0) {
        this.#escaped = escapes;
        return bytes.length;
      }
      if (!escapes) return quote + 1;
      at = quote + 1;
    }
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#longest) this.#parts = [];
    else this.#parts.push(Buffer.from(part));
  }

  #finish(last: Buffer): void {
    const parts = this.#parts;
    this.#parts = [];
    this.#afterRecord = true;
    if (this.#length + last.length > this.#longest) this.#problem('oversized-record');
    else this.#record(parts.length === 0 ? last : Buffer.concat([...parts, last]));
  }

  #keepOutside(part: Buffer): void {
    if (this.#outside.length + part.length > LONGEST_FRAME) this.#lose('not-a-trail');
    else this.#outside = Buffer.concat([this.#outside, part]);
  }

  /**
   * After the array of records, only other members of the object may follow. A `NextToken` among them means that
   * `lookup-events` did not list all events.
   */
  #checkEnd(): void {
    const rest = this.#outside.toString('utf8').trim();
    if (this.#frame === 'list') {
      if (rest !== '') this.#lose('not-a-trail');
      return;
    }
    try {
      const members = new Map(Object.entries(JSON.parse(`{"":0${rest}`) as object));
      if (members.has('Records') || members.has('Events')) this.#lose('not-a-trail');
      else if (this.#frame === 'events' && (members.get('NextToken') ?? null) !== null) this.#lose('cut-off');
    } catch {
      this.#lose(rest === '' || rest.startsWith(',') ? 'cut-off' : 'not-a-trail');
    }
  }

  #lose(kind: ProblemKind): void {
    this.#place = 'lost';
    this.#parts = [];
    this.#outside = NOTHING;
    this.#problem(kind);
  }
}

/** The JSON structure around the records, and the length of the text before the first record. */
interface Frame {
  readonly kind: 'records' | 'events' | 'list' | 'none';
  readonly length: number;
}

const MEMBER = /^\{\s*"(Records|Events)"\s*:\s*\[/;
const PART_OF_MEMBER = /^\{\s*("(?:Records|Events)"\s*(?::\s*)?)?$/;

function frameOf(text: string): Frame | 'unknown-yet' | 'none-of-them' {
  const before = /^(?:\xef\xbb\xbf)?\s*/.exec(text)?.[0].length ?? 0;
  const rest = text.slice(before);
  const member = MEMBER.exec(rest);
  if (member) {
    return { kind: member[1] === 'Events' ? 'events' : 'records', length: before + member[0].length };
  }
  if (rest.startsWith('[')) return { kind: 'list', length: before + 1 };
  if (rest === '' || /^\xef(?:\xbb)?$/.test(rest)) return 'unknown-yet';
  if (!rest.startsWith('{')) return 'none-of-them';
  const name = rest.slice(1).trimStart();
  const open = PART_OF_MEMBER.test(rest) || '"Records"'.startsWith(name) || '"Events"'.startsWith(name);
  return open ? 'unknown-yet' : { kind: 'none', length: before };
}
