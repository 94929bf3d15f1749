/** Users' long-term access keys, in memory only. */
import { randomBytes } from 'node:crypto';
import { accessKeyId } from '../account/ids';
import { Credentials } from './credentials';

/** Maximum number of keys per user: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MOST_KEYS = 2;

/** The user to whom a key belongs. */
export interface KeyOwner {
  readonly account: string;
  readonly userName: string;
}

/** The long-term keys of all users. */
export class AccessKeys {
  readonly #keys = new Map<string, { readonly owner: KeyOwner; readonly secret: string }>();

  /** Creates a key for a user. */
  create(owner: KeyOwner): Credentials {
    const keyId = accessKeyId('AKIA', owner.account);
    const secret = randomBytes(30).toString('base64');
    this.#keys.set(keyId, { owner, secret });
    return new Credentials({ accessKeyId: keyId, secretAccessKey: secret });
  }

  /** The ids of a user's keys. */
  of({ account, userName }: KeyOwner): readonly string[] {
    return [...this.#keys]
      .filter(([, { owner }]) => owner.account === account && owner.userName === userName)
      .map(([id]) => id);
  }

  /** Removes a key. Returns whether the user had the key. */
  remove(keyId: string, { account, userName }: KeyOwner): boolean {
    const owner = this.#keys.get(keyId)?.owner;
    return owner?.account === account && owner.userName === userName && this.#keys.delete(keyId);
  }

  /** The owner and the secret of a key. */
  find(keyId: string): { readonly owner: KeyOwner; readonly secret: string } | undefined {
    return this.#keys.get(keyId);
  }
}
