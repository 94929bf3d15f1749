/**
 * `@leasehold/mcp/secrets`: keeps the secrets of this process and removes them from every output. Tools do not return credentials, so this is
 * only an additional safeguard.
 */
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

/** Replaces a secret in an outgoing text. */
export const REMOVED = '[removed: credential]';

/**
 * Minimum length of a value. Shorter values are not removed, because they would also match harmless text. No form of a
 * value is shorter.
 */
const SHORTEST = 16;
/** Minimum length of a partial secret that is removed from the end of a truncated text. */
const SHORTEST_START = 6;
/** Maximum depth of a value. Deeper parts would exceed the stack. */
const MOST_LEVELS = 500;

/** The values that must not be in any output of the process. */
export class SecretList {
  /** For each form of a value, the number of additions that have not been removed yet. */
  readonly #forms = new Map<string, number>();
  /**
   * Maps the first characters of forms to the lengths of these forms and the number of forms of each length. With this
   * index, the duration of a search hardly depends on the number of values.
   */
  readonly #lengths = new Map<string, Map<number, number>>();

  /**
   * Adds values, and returns a function that removes them again. Each value is recognized in all forms that
   * {@link formsOf} returns.
   */
  add(values: readonly (string | undefined)[]): () => void {
    const forms = values
      .filter((value): value is string => value !== undefined && value.length >= SHORTEST)
      .flatMap((value) => [...formsOf(value)]);
    for (const form of forms) this.#count(form, 1);
    return () => {
      for (const form of forms.splice(0)) this.#count(form, -1);
    };
  }

  #count(form: string, by: 1 | -1): void {
    const start = form.slice(0, SHORTEST);
    const lengths = this.#lengths.get(start) ?? new Map<number, number>();
    this.#lengths.set(start, lengths);
    counted(this.#forms, form, by);
    counted(lengths, form.length, by);
    if (lengths.size === 0) this.#lengths.delete(start);
  }

  /** Whether a text contains one of the values. */
  isIn(text: string): boolean {
    return !this.#found(text).next().done;
  }

  /**
   * Returns the text without any of the values.
   * @param isCut Whether the text was truncated. The end of a truncated text may be the first part of a value.
   */
  scrub(text: string, isCut = false): string {
    let clean = '';
    let end = 0;
    for (const span of this.#found(text)) {
      if (span.at >= end) clean += `${text.slice(end, span.at)}${REMOVED}`;
      end = Math.max(end, span.end);
    }
    clean += text.slice(end);
    return isCut ? this.#withoutStart(clean) : clean;
  }

  /** The positions of the values in a text, ordered by their first characters. The parts may overlap. */
  *#found(text: string): Generator<{ readonly at: number; readonly end: number }> {
    if (this.#forms.size === 0) return;
    for (let at = 0; at + SHORTEST <= text.length; at++) {
      for (const length of this.#lengths.get(text.slice(at, at + SHORTEST))?.keys() ?? []) {
        if (this.#forms.has(text.slice(at, at + length))) yield { at, end: at + length };
      }
    }
  }

  /**
   * Returns a copy of a JSON value in which the listed values are removed from all keys and strings. Very deeply nested
   * parts are removed.
   */
  scrubbed<T>(value: T, level = 0): T {
    if (typeof value === 'string') return this.scrub(value) as T;
    if (typeof value !== 'object' || value === null) return value;
    if (level >= MOST_LEVELS) return REMOVED as T;
    if (Array.isArray(value)) return value.map((each) => this.scrubbed(each, level + 1)) as T;
    const entries = Object.entries(value).map(([key, each]) => [this.scrub(key), this.scrubbed(each, level + 1)]);
    return Object.fromEntries(entries) as T;
  }

  /** If the text ends with the beginning of a value, removes the longest such ending. */
  #withoutStart(text: string): string {
    let longest = 0;
    for (const form of this.#forms.keys()) {
      for (
        let length = Math.min(form.length - 1, text.length);
        length >= Math.max(longest + 1, SHORTEST_START);
        length--
      ) {
        if (text.endsWith(form.slice(0, length))) longest = length;
      }
    }
    return longest === 0 ? text : `${text.slice(0, -longest)}${REMOVED}`;
  }
}

/** Changes the count of a key. A key with the count 0 is removed. */
function counted<K>(counts: Map<K, number>, key: K, by: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}

/**
 * All forms in which a value can occur in text: unchanged, escaped for URLs or JSON, or encoded, alone or as part of
 * longer encoded data.
 */
function formsOf(value: string): ReadonlySet<string> {
  const escaped = encodeURIComponent(value);
  const lower = escaped.replace(/%[0-9A-F]{2}/g, (each) => each.toLowerCase());
  const bytes = Buffer.from(value, 'utf8');
  const encoded = [0, 1, 2].map((offset) => base64Within(bytes, offset));
  return new Set([
    value,
    escaped,
    lower,
    encodeURIComponent(escaped),
    value.replaceAll('/', '\\/'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...encoded,
    ...encoded.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...encoded.map(encodeURIComponent),
  ]);
}

/** The Base64 characters that these bytes alone determine, if the number of preceding bytes modulo 3 is `offset`. */
function base64Within(bytes: Buffer, offset: number): string {
  const before = offset === 0 ? 0 : offset + 1;
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const whole = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(before, whole);
}

/** Makes a transport remove secrets from every message that it sends: results, errors, notifications and requests. */
export function withoutSecrets<T extends Transport>(transport: T, secrets: SecretList): T {
  const send = transport.send.bind(transport);
  transport.send = (message: JSONRPCMessage, options) => send(secrets.scrubbed(message), options);
  return transport;
}
