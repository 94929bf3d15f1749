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

/** Values that must not leave the process. */
export class SecretList {
  readonly #values = new Map<string, number>();

  /** Adds values until the returned function is called. Each is also found in its URL-encoded form. */
  add(values: readonly (string | undefined)[]): () => void {
    const forms = values
      .filter((value): value is string => value !== undefined && value.length >= SHORTEST)
      .flatMap((value) => [...new Set([value, encodeURIComponent(value)])]);
    for (const form of forms) this.#values.set(form, (this.#values.get(form) ?? 0) + 1);
    return () => {
      for (const form of forms.splice(0)) {
        const left = (this.#values.get(form) ?? 1) - 1;
        if (left > 0) this.#values.set(form, left);
        else this.#values.delete(form);
      }
    };
  }

  /** The text without any of the values. */
  scrub(text: string): string {
    let clean = text;
    for (const value of this.#values.keys()) {
      if (clean.includes(value)) clean = clean.replaceAll(value, REMOVED);
    }
    return clean;
  }

  /** A copy of a JSON value without any of the values, in keys and in texts. */
  scrubbed<T>(value: T): T {
    if (typeof value === 'string') return this.scrub(value) as T;
    if (Array.isArray(value)) return value.map((each) => this.scrubbed(each)) as T;
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [this.scrub(key), this.scrubbed(each)])) as T;
  }
}

/** Makes a transport send every message without secrets: results, errors, notifications and requests. */
export function withoutSecrets<T extends Transport>(transport: T, secrets: SecretList): T {
  const send = transport.send.bind(transport);
  transport.send = (message: JSONRPCMessage, options) => send(secrets.scrubbed(message), options);
  return transport;
}
