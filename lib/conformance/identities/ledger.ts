/**
 * What a run may have created. A name is written down before the call that creates it: a call that gets no answer may
 * have succeeded.
 */

/** Kinds of what a run creates, in the order of removal. */
export const KINDS = ['device', 'user', 'role', 'policy'] as const;
export type Kind = (typeof KINDS)[number];

export interface Created {
  readonly kind: Kind;
  readonly name: string;
}

export class Ledger {
  readonly #entries: Created[] = [];

  /** Writes down what is about to be created. */
  intend(kind: Kind, name: string): void {
    this.#entries.push({ kind, name });
  }

  get entries(): readonly Created[] {
    return this.#entries;
  }
}

/** The names that runs give: unguessable, so that no other name looks like one. */
const OF_A_RUN = /^lhp[0-9a-f]{16}-[a-z0-9-]{1,60}$/;

/** Whether a name is that of a run's identity, policy or device. */
export function isProbeName(name: string): boolean {
  return OF_A_RUN.test(name);
}
