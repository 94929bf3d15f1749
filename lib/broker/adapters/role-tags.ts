/** Reads and writes the role tags that revoke leases. The function's permissions cover only these tags. */
import { type IAMClient, paginateListRoleTags, TagRoleCommand, UntagRoleCommand } from '@aws-sdk/client-iam';
import { REVOKED_PREFIX } from '@leasehold/documents';
import { Refused } from '../port-errors';
import { failed, nameOf } from './fault';
import { retried } from './retried';

/** Tag values by key. */
export type Tags = Readonly<Record<string, string>>;

/** The revocation tags of the roles in one account. */
export class RoleTags {
  readonly #client: () => IAMClient;
  readonly #pause: (milliseconds: number) => Promise<void>;

  /** @param client Creates the client. Called when the client is first needed. */
  constructor(client: () => IAMClient, pause: (milliseconds: number) => Promise<void>) {
    this.#client = client;
    this.#pause = pause;
  }

  /** @returns the revocation tags; `undefined` for a role that does not exist @throws {Refused} {@link Unavailable} */
  async list(roleName: string): Promise<Tags | undefined> {
    const tags: [string, string][] = [];
    try {
      const pages = paginateListRoleTags({ client: this.#client() }, { RoleName: roleName });
      for await (const { Tags: page = [] } of pages) {
        for (const { Key: key = '', Value: value = '' } of page) {
          if (key.startsWith(REVOKED_PREFIX)) tags.push([key, value]);
        }
      }
    } catch (error) {
      if (nameOf(error).startsWith('NoSuchEntity')) return undefined;
      throw failed('iam:ListRoleTags', error);
    }
    return Object.fromEntries(tags);
  }

  /** Sets all of these tags, or none of them if the call fails. @throws {Refused} {@link Unavailable} */
  async set(roleName: string, tags: Tags): Promise<void> {
    const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    if (list.length === 0) return;
    await this.#change('iam:TagRole', () =>
      this.#client().send(new TagRoleCommand({ RoleName: roleName, Tags: list })),
    );
  }

  /** Removes tags. Ignores missing tags. @throws {Refused} {@link Unavailable} */
  async remove(roleName: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#change('iam:UntagRole', () =>
      this.#client().send(new UntagRoleCommand({ RoleName: roleName, TagKeys: [...keys] })),
    );
  }

  /**
   * Retries while another change of the role is in progress, because IAM accepts only one change of a role at a time.
   * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html (ConcurrentModification)
   */
  async #change(call: string, send: () => Promise<unknown>): Promise<void> {
    try {
      await retried(send, (error) => nameOf(error).startsWith('ConcurrentModification'), this.#pause);
    } catch (error) {
      throw failed(call, error);
    }
  }
}

/** Whether the error means that a role has the maximum number of tags. */
export function isFull(error: unknown): boolean {
  return error instanceof Refused && error.code.startsWith('LimitExceeded');
}
