/**
 * Caches a Secrets Manager secret in memory for some minutes. If the service that checks the secret rejects the cached
 * value, reads the secret again.
 */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Unavailable } from '../port-errors';
import type { SecretReader } from '../ports';
import { unavailable } from './fault';

const CALL = 'secretsmanager:GetSecretValue';
/**
 * Milliseconds for which a value is cached. When this time has passed after a change, every instance uses the new
 * secret.
 */
const KEPT = 300_000;

/** {@link SecretReader} for Secrets Manager. */
export class CachedSecret implements SecretReader {
  readonly #client: () => SecretsManagerClient;
  readonly #name: string;
  readonly #now: () => number;
  #cached: { readonly value: string; readonly until: number } | undefined;
  #reading: Promise<string> | undefined;

  /**
   * @param client Creates the client. Called when the client is first needed.
   * @param now A monotonic clock in milliseconds. Default: `performance.now`.
   */
  constructor(client: () => SecretsManagerClient, name: string, now: () => number = () => performance.now()) {
    this.#client = client;
    this.#name = name;
    this.#now = now;
  }

  async read(refused?: string): Promise<string> {
    const cached = this.#cached;
    if (cached !== undefined && cached.value !== refused && this.#now() < cached.until) return cached.value;
    // Concurrent callers share one request.
    this.#reading ??= this.#fetch().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #fetch(): Promise<string> {
    this.#cached = undefined;
    let value: string | undefined;
    try {
      value = (await this.#client().send(new GetSecretValueCommand({ SecretId: this.#name }))).SecretString?.trim();
    } catch (error) {
      throw unavailable(CALL, error);
    }
    if (value === undefined || value === '') throw new Unavailable(CALL);
    this.#cached = { value, until: this.#now() + KEPT };
    return value;
  }
}
