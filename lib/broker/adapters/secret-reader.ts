/** A secret of Secrets Manager, kept in memory for minutes and read anew when its taker refuses it. */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type SecretReader, Unavailable } from '../ports';
import { unavailable } from './fault';

const CALL = 'secretsmanager:GetSecretValue';
/** Milliseconds for which a value is kept: a key that was changed is in use everywhere after that. */
const KEPT = 300_000;

/** {@link SecretReader} of AWS. */
export class CachedSecret implements SecretReader {
  readonly #client: () => SecretsManagerClient;
  readonly #name: string;
  readonly #now: () => number;
  #cached: { readonly value: string; readonly until: number } | undefined;
  #reading: Promise<string> | undefined;

  /**
   * @param client Made when it is first needed.
   * @param now Milliseconds of a clock that only runs forward. Default: the process's own.
   */
  constructor(client: () => SecretsManagerClient, name: string, now: () => number = () => performance.now()) {
    this.#client = client;
    this.#name = name;
    this.#now = now;
  }

  async read(refused?: string): Promise<string> {
    const cached = this.#cached;
    if (cached !== undefined && cached.value !== refused && this.#now() < cached.until) return cached.value;
    // Whoever asks meanwhile waits for the same answer.
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
