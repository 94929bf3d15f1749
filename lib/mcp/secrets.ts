/**
 * The secrets of this process, and their removal from everything that leaves it. Tools do not return credentials; this is
 * the last check behind them.
 */
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';

/** Replaces a secret in an outgoing text. */
export const REMOVED = '[removed: credential]';

/** Shorter values are not searched for: they would also match harmless text. */
const SHORTEST = 16;
/** At the end of a text that was cut, the beginning of a secret is removed from this length on. */
const SHORTEST_START = 6;

/** Values that must not leave the process. */
export class SecretList {
  /** How often each form of a value was added. */
  readonly #forms = new Map<string, number>();

  /** Adds values until the returned function is called. Each is found in every form of {@link formsOf}. */
  add(values: readonly (string | undefined)[]): () => void {
    const forms = values
      .filter((value): value is string => value !== undefined && value.length >= SHORTEST)
      .flatMap((value) => [...formsOf(value)]);
    for (const form of forms) this.#forms.set(form, (this.#forms.get(form) ?? 0) + 1);
    return () => {
      for (const form of forms.splice(0)) {
        const left = (this.#forms.get(form) ?? 1) - 1;
        if (left > 0) this.#forms.set(form, left);
        else this.#forms.delete(form);
      }
    };
  }

  /**
   * The text without any of the values.
   * @param isCut Whether the text goes on elsewhere: a value may begin at its end.
   */
  scrub(text: string, isCut = false): string {
    let clean = text;
    if (text.length >= SHORTEST) {
      for (const form of this.#forms.keys()) {
        if (clean.includes(form)) clean = clean.replaceAll(form, REMOVED);
      }
    }
    return isCut ? this.#withoutStart(clean) : clean;
  }

  /** A copy of a JSON value without any of the values, in keys and in texts. */
  scrubbed<T>(value: T): T {
    if (typeof value === 'string') return this.scrub(value) as T;
    if (Array.isArray(value)) return value.map((each) => this.scrubbed(each)) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [this.scrub(key), this.scrubbed(each)])) as T;
  }

  /** The text without the longest end that is the beginning of a value. */
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

/** A value as texts contain it: as it is, escaped in URLs and in JSON, and encoded, also as a part of something longer. */
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

/** The characters of Base64 that depend on these bytes alone, if `offset` (mod 3) bytes precede them. */
function base64Within(bytes: Buffer, offset: number): string {
  const before = offset === 0 ? 0 : offset + 1;
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  const whole = Math.floor(((offset + bytes.length) * 8) / 6);
  return text.slice(before, whole);
}

/** Makes a transport send every message without secrets: results, errors, notifications and requests. */
export function withoutSecrets<T extends Transport>(transport: T, secrets: SecretList): T {
  const send = transport.send.bind(transport);
  transport.send = (message: JSONRPCMessage, options) => send(secrets.scrubbed(message), options);
  return transport;
}
