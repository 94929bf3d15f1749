/**
 * Lists all resources that a run may have created. A name is added before the call that creates the resource, because
 * a call without a response may have succeeded.
 */

/** Kinds of resources that a run creates, in the order of removal. */
export const KINDS = ['device', 'user', 'role', 'policy'] as const;
export type Kind = (typeof KINDS)[number];

export interface Created {
  readonly kind: Kind;
  readonly name: string;
}

export class Ledger {
  readonly #entries: Created[] = [];

  /** Adds a resource that is about to be created. */
  intend(kind: Kind, name: string): void {
    this.#entries.push({ kind, name });
  }

  get entries(): readonly Created[] {
    return this.#entries;
  }
}

/**
 * The pattern of the names of resources that a run creates. These names contain random digits, so the names of other
 * resources do not match.
 */
const OF_A_RUN = /^lhp[0-9a-f]{16}-[a-z0-9-]{1,60}$/;

/** Whether a run created the identity, policy or device with this name. */
export function isProbeName(name: string): boolean {
  return OF_A_RUN.test(name);
}
