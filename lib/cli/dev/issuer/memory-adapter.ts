/** The state of the local issuer: sessions, codes and tokens. It is kept in memory, and lost when the process ends. */
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly payload: AdapterPayload;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/**
 * Maximum number of entries. The oldest entries are dropped first, so that a run of several days does not fill the
 * memory.
 */
const MOST = 20_000;

/** Creates a store, and returns the factory of adapters for it: one adapter for each kind of entry. */
export function memoryAdapters(): (model: string) => Adapter {
  const kept = new Map<string, Kept>();
  return (model) => new MemoryAdapter(model, kept);
}

class MemoryAdapter implements Adapter {
  readonly #model: string;
  readonly #kept: Map<string, Kept>;

  constructor(model: string, kept: Map<string, Kept>) {
    this.#model = model;
    this.#kept = kept;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const key = this.#key(id);
    this.#kept.delete(key);
    const until = expiresIn === undefined ? Number.POSITIVE_INFINITY : Date.now() + expiresIn * 1000;
    this.#kept.set(key, { payload, until });
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= MOST) break;
      this.#kept.delete(oldest);
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#live(this.#key(id));
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#search((payload) => payload.userCode === userCode);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#search((payload) => payload.uid === uid);
  }

  async consume(id: string): Promise<void> {
    const payload = this.#live(this.#key(id));
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#kept.delete(this.#key(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [key, { payload }] of this.#kept) {
      if (key.startsWith(`${this.#model}:`) && payload.grantId === grantId) this.#kept.delete(key);
    }
  }

  #search(fits: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const [key, { payload }] of this.#kept) {
      if (key.startsWith(`${this.#model}:`) && fits(payload)) return this.#live(key);
    }
    return undefined;
  }

  #live(key: string): AdapterPayload | undefined {
    const found = this.#kept.get(key);
    if (found === undefined || found.until > Date.now()) return found?.payload;
    this.#kept.delete(key);
    return undefined;
  }

  #key(id: string): string {
    return `${this.#model}:${id}`;
  }
}
