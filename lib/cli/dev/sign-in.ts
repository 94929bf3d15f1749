/** Sign-in to the local broker: a local issuer replaces the issuer or user pool that the definitions specify. */
import { inspect } from 'node:util';
import type { UserPool } from '@leasehold/broker/lambda';
import type { ConsoleSettings } from '@leasehold/contract/console-settings';
import type { Environment, People } from '@leasehold/definitions';
import { CONSOLE_PATH, signInScope } from '@leasehold/documents';
import { type DevAccount, devAccounts, tokenClaims } from './issuer/accounts';
import { type LocalIssuer, startIssuer } from './issuer/issuer';

/** Seconds for which a person stays signed in, if the definitions leave this time to their issuer. */
const REFRESH_SECONDS = 28_800;

/** Client id that is used in place of the client id that AWS generates for a user pool. */
const POOL_CLIENT = 'leasehold-dev';

/** How people sign in to a running broker. Printing or serializing the object does not reveal the password. */
export class DevSignIn {
  /**
   * Address of the API for browsers, without a slash at the end. Passkeys need a host name, so the host is `localhost`.
   */
  readonly address: string;
  /** Address of the console, without a slash at the end. */
  readonly console: string;
  /** Whether a built console is served at the console's address. */
  readonly servesConsole: boolean;
  readonly settings: ConsoleSettings;
  readonly accounts: readonly DevAccount[];
  readonly #issuer: LocalIssuer;

  constructor(
    parts: Pick<DevSignIn, 'address' | 'console' | 'servesConsole' | 'settings' | 'accounts'>,
    issuer: LocalIssuer,
  ) {
    this.address = parts.address;
    this.console = parts.console;
    this.servesConsole = parts.servesConsole;
    this.settings = parts.settings;
    this.accounts = parts.accounts;
    this.#issuer = issuer;
  }

  /** The password of every account. */
  get password(): string {
    return this.#issuer.password;
  }

  /** The environment in which the local issuer replaces the issuer of the definitions. */
  replacedIn(environment: Environment): Environment {
    const { broker } = environment;
    if (broker?.people?.signIn.type !== 'oidc') return environment;
    const signIn = { ...broker.people.signIn, issuer: this.#issuer.url, jwksUri: this.#issuer.keysUrl };
    return { ...environment, broker: { ...broker, people: { ...broker.people, signIn } } };
  }

  /** The local issuer in the form of a user pool. Used only if the definitions have a user pool. */
  get pool(): UserPool {
    return { issuer: this.#issuer.url, clientId: this.settings.clientId };
  }

  stop(): Promise<void> {
    return this.#issuer.stop();
  }

  toJSON(): { readonly console: string; readonly settings: ConsoleSettings } {
    return { console: this.console, settings: this.settings };
  }

  [inspect.custom](): string {
    return `DevSignIn ${this.settings.issuer}`;
  }
}

interface SignInParts extends Pick<DevSignIn, 'address' | 'servesConsole'> {
  readonly environment: Environment;
  readonly people: People;
}

/** Starts the issuer for an environment. @throws {SandboxError} if `oidc-provider` is not installed */
export async function startSignIn({ environment, people, address, servesConsole }: SignInParts): Promise<DevSignIn> {
  const { signIn } = people;
  const accounts = devAccounts(environment, people);
  const console = `${address}${CONSOLE_PATH}`;
  const scope = signInScope(people);
  const clientId = signIn.type === 'oidc' ? signIn.clientId : POOL_CLIENT;
  const issuer = await startIssuer({
    clientId,
    audience: signIn.type === 'oidc' ? signIn.audience : POOL_CLIENT,
    scope,
    algorithm: signIn.type === 'oidc' ? signIn.algorithm : 'RS256',
    claims: tokenClaims(people),
    seconds: {
      access: signIn.accessSeconds,
      refresh: signIn.type === 'cognito' ? signIn.refreshSeconds : REFRESH_SECONDS,
    },
    accounts,
    console,
  });
  const settings = { issuer: issuer.url, clientId, scope: [...new Set(['openid', scope])].join(' ') };
  return new DevSignIn({ address, console, servesConsole, settings, accounts }, issuer);
}
