/** The person who chats, and the access token with which they signed in. */
import { inspect } from 'node:util';

/** What a person may be. It decides which tools the model is offered; what a tool may do is decided by the broker. */
export type PersonKind = 'customer' | 'employee' | 'administrator';

export interface Person {
  /** Issuer and `sub`: the owner of conversations. */
  readonly key: string;
  /** The user name, for example `c-1001` or `ada`. */
  readonly name: string;
  readonly kind: PersonKind;
}

/** An access token. It is in memory only; printing or serializing the object does not reveal it. */
export class AccessToken {
  readonly #value: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;

  constructor(value: string, expiresAt: number) {
    this.#value = value;
    this.expiresAt = expiresAt;
  }

  /** For the broker, and for handing the token to the function that calls the broker. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return 'AccessToken';
  }

  toJSON(): object {
    return { expiresAt: this.expiresAt };
  }

  [inspect.custom](): string {
    return 'AccessToken';
  }
}

/** Groups of the bank's user pool, from `roles/broker.yaml`. */
const STAFF = 'staff';
const ADMINISTRATORS = 'security';
/** Customers are no members of a group, and their user name is the customer number. */
const CUSTOMER = /^c-[0-9]{4,10}$/;

/** What somebody is. Undefined for anybody who is neither a customer nor of the staff. */
export function kindOf(name: string, groups: readonly string[]): PersonKind | undefined {
  if (CUSTOMER.test(name)) return groups.length === 0 ? 'customer' : undefined;
  if (groups.includes(STAFF)) return groups.includes(ADMINISTRATORS) ? 'administrator' : 'employee';
  return undefined;
}
