/** The tags of roles that take leases back. The function may set and remove those, and no others. */
import { type IAMClient, paginateListRoleTags, TagRoleCommand, UntagRoleCommand } from '@aws-sdk/client-iam';
import { REVOKED_PREFIX } from '@leasehold/documents';
import { Refused } from '../ports';
import { failed, nameOf } from './fault';

/** Tries of a change while IAM is busy with another of the same role. */
const MOST_TRIES = 6;
/** Milliseconds before the second try; twice as long before each further one. */
const FIRST_PAUSE = 100;

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** The tags of one account's roles. */
export class RoleTags {
  readonly #client: () => IAMClient;
  readonly #pause: (milliseconds: number) => Promise<void>;

  /** @param client Made when it is first needed. */
  constructor(client: () => IAMClient, pause: (milliseconds: number) => Promise<void>) {
    this.#client = client;
    this.#pause = pause;
  }

  /** @returns those that take leases back; `undefined` for a role that is not there @throws {Refused} {@link Unavailable} */
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

  /** Sets tags, all or none. @throws {Refused} {@link Unavailable} */
  async set(roleName: string, tags: Tags): Promise<void> {
    const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    if (list.length === 0) return;
    await this.#change('iam:TagRole', () =>
      this.#client().send(new TagRoleCommand({ RoleName: roleName, Tags: list })),
    );
  }

  /** Removes tags; those that are not there are passed over. @throws {Refused} {@link Unavailable} */
  async remove(roleName: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#change('iam:UntagRole', () =>
      this.#client().send(new UntagRoleCommand({ RoleName: roleName, TagKeys: [...keys] })),
    );
  }

  /**
   * IAM takes one change of a role at a time.
   * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html (ConcurrentModification)
   */
  async #change(call: string, send: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await send();
        return;
      } catch (error) {
        if (!nameOf(error).startsWith('ConcurrentModification') || tries === MOST_TRIES) throw failed(call, error);
        await this.#pause(FIRST_PAUSE * 2 ** (tries - 1) * (1 + Math.random()));
      }
    }
  }
}

/** Whether a role has as many tags as it can have. */
export function isFull(error: unknown): boolean {
  return error instanceof Refused && error.code.startsWith('LimitExceeded');
}
