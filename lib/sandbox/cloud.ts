/** The complete state of the sandbox: accounts, keys, sessions and time. */
import type { Account } from './account/model';
import type { Assumption } from './assumptions';
import type { Clock } from './clock';
import { AccessKeys } from './credentials/access-keys';
import { Sessions } from './credentials/sessions';
import { SigningKeys } from './sigv4/signing-key';
import { Issuer } from './sts/issuer';

export class Cloud {
  /** Accounts by twelve-digit id. */
  readonly accounts: ReadonlyMap<string, Account>;
  readonly clock: Clock;
  readonly keys = new AccessKeys();
  readonly sessions = new Sessions();
  readonly signingKeys = new SigningKeys();
  /** Creates and verifies OIDC tokens in place of all providers that the accounts trust. */
  readonly issuer = new Issuer();

  readonly #violated: ReadonlySet<Assumption>;

  constructor(accounts: readonly Account[], clock: Clock, violated: readonly Assumption[] = []) {
    this.accounts = new Map(accounts.map((account) => [account.id, account]));
    this.clock = clock;
    this.#violated = new Set(violated);
  }

  /** Whether this sandbox deliberately violates an assumption about AWS. Only tests create such a sandbox. */
  violates(assumption: Assumption): boolean {
    return this.#violated.has(assumption);
  }
}
