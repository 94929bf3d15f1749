/** The public keys of a token issuer. They are fetched, cached, and fetched again after a rotation. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { TokenIssuer } from '@leasehold/definitions';
import type { Jwk } from 'aws-jwt-verify/jwk';
import * as z from 'zod';
import { callableUrl } from '../outbound/bounded-call';
import { TokenInvalid } from '../port-errors';
import type { Clock } from '../ports';

/** Fetches the text of a key set, with limits on time and size. */
export type KeyFetcher = (url: URL) => Promise<string>;

/** A key for verifying signatures. */
export interface VerificationKey {
  readonly jwk: Jwk;
  readonly key: KeyObject;
}

/** Seconds after which the keys are fetched again. Limits how long a withdrawn key is still accepted. */
export const FRESH = 900;
/** Seconds for which the cached keys are still used if fetching new keys fails. */
export const GOOD = 3600;
/**
 * Minimum number of seconds between fetches. A minimum is needed because an attacker can easily send tokens with
 * unknown keys.
 */
export const PAUSE = 30;
/** Minimum number of seconds between a failed fetch and the next fetch. */
export const PAUSE_AFTER_FAILURE = 5;

/** The keys of one issuer. */
export class IssuerKeys {
  readonly #url: URL;
  readonly #algorithm: TokenIssuer['algorithm'];
  readonly #fetch: KeyFetcher;
  readonly #now: Clock;
  #kept: { readonly keys: ReadonlyMap<string, VerificationKey>; readonly at: number } | undefined;
  #fetching: Promise<void> | undefined;
  /** Earliest time of the next fetch. */
  #next = Number.NEGATIVE_INFINITY;

  /** @throws TypeError for a key URL to which calls are not permitted. */
  constructor({ jwksUri, algorithm }: Pick<TokenIssuer, 'jwksUri' | 'algorithm'>, fetch: KeyFetcher, now: Clock) {
    this.#url = callableUrl(jwksUri, "an issuer's keys");
    this.#algorithm = algorithm;
    this.#fetch = fetch;
    this.#now = now;
  }

  /** @throws {TokenInvalid} `keys-unavailable`; `signature` for a key that the issuer does not have. */
  async find(id: string): Promise<VerificationKey> {
    const kept = this.#keptFor(FRESH)?.get(id);
    if (kept !== undefined) return kept;
    await this.#refresh();
    const keys = this.#keptFor(GOOD);
    if (keys === undefined) throw new TokenInvalid('keys-unavailable');
    const found = keys.get(id);
    if (found === undefined) throw new TokenInvalid('signature');
    return found;
  }

  #keptFor(seconds: number): ReadonlyMap<string, VerificationKey> | undefined {
    return this.#kept !== undefined && this.#now() < this.#kept.at + seconds ? this.#kept.keys : undefined;
  }

  /** Fetches the keys, unless the last fetch was tried too recently. Concurrent callers share one fetch. */
  #refresh(): Promise<void> {
    if (this.#fetching !== undefined) return this.#fetching;
    if (this.#now() < this.#next) return Promise.resolve();
    this.#fetching = this.#fetched().finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  /** Fetches a key set. If the key set cannot be fetched or read, the previous key set is kept. */
  async #fetched(): Promise<void> {
    const at = this.#now();
    const keys = await this.#fetch(this.#url).then(
      (text) => usableKeys(text, this.#algorithm),
      () => undefined,
    );
    this.#next = this.#now() + (keys === undefined ? PAUSE_AFTER_FAILURE : PAUSE);
    if (keys !== undefined) this.#kept = { keys, at };
  }
}

/**
 * The keys in a key set that can verify signatures with an algorithm, by id. Other keys are ignored, as RFC 7517
 * section 5 requires. `undefined` if the text is not a key set.
 */
function usableKeys(
  text: string,
  algorithm: TokenIssuer['algorithm'],
): ReadonlyMap<string, VerificationKey> | undefined {
  const set = keySet.safeParse(text);
  if (!set.success) return undefined;
  const usable = new Map<string, VerificationKey>();
  for (const each of set.data) {
    const read = forms[algorithm].safeParse(each);
    if (!read.success || usable.has(read.data.kid)) continue;
    const key = publicKey(read.data);
    if (key !== undefined && isStrong(key)) usable.set(read.data.kid, { jwk: read.data as Jwk, key });
  }
  return usable;
}

const keySet = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(z.object({ keys: z.array(z.unknown()).max(100) }).transform(({ keys }) => keys));

const common = { kid: z.string().min(1), use: z.literal('sig').optional() };

/**
 * The required members of a key for each algorithm. Other members are ignored. Source: RFC 7518 sections 6.2 and 6.3
 */
const forms = {
  RS256: z.object({
    ...common,
    kty: z.literal('RSA'),
    alg: z.literal('RS256').optional(),
    n: z.string(),
    e: z.string(),
  }),
  ES256: z.object({
    ...common,
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    alg: z.literal('ES256').optional(),
    x: z.string(),
    y: z.string(),
  }),
};

function publicKey(jwk: z.infer<(typeof forms)[TokenIssuer['algorithm']]>): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** Whether a key is long enough. RFC 7518 section 3.3: an RSA key has 2048 bits or more. */
function isStrong({ asymmetricKeyDetails }: KeyObject): boolean {
  return (asymmetricKeyDetails?.modulusLength ?? 2048) >= 2048;
}
