/** Sign-in to the local broker: a local issuer replaces the issuer or user pool that the definitions specify. */
import { inspect } from 'node:util';
import type { UserPool } from '@leasehold/broker/lambda';
import type { ConsoleSettings } from '@leasehold/contract/console-settings';
import type { Environment, People, TokenIssuer } from '@leasehold/definitions';
import { CONSOLE_PATH, signInScope } from '@leasehold/documents';
import { type DevAccount, devAccounts, tokenClaims } from './issuer/accounts';
import { type LocalIssuer, startIssuer } from './issuer/issuer';
import type { DevOptions } from './options';

/** Seconds for which a person stays signed in, if the definitions leave this duration to the issuer. */
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
  readonly #subjects: Pick<TokenIssuer, 'audiences' | 'algorithm'> | undefined;

  constructor(
    parts: Pick<DevSignIn, 'address' | 'console' | 'servesConsole' | 'settings' | 'accounts'>,
    issuer: LocalIssuer,
    subjects: Pick<TokenIssuer, 'audiences' | 'algorithm'> | undefined,
  ) {
    this.address = parts.address;
    this.console = parts.console;
    this.servesConsole = parts.servesConsole;
    this.settings = parts.settings;
    this.accounts = parts.accounts;
    this.#issuer = issuer;
    this.#subjects = subjects;
  }

  /** The password of every account. */
  get password(): string {
    return this.#issuer.password;
  }

  /** The environment in which the local issuer replaces the issuer of the definitions. */
  replacedIn(environment: Environment): Environment {
    const { broker } = environment;
    if (broker?.people === undefined) return environment;
    const here = { issuer: this.#issuer.url, jwksUri: this.#issuer.keysUrl };
    const { signIn } = broker.people;
    const people = { ...broker.people, signIn: signIn.type === 'oidc' ? { ...signIn, ...here } : signIn };
    const subjects = this.#subjects
      ? broker.subjects.slice(0, 1).map((each) => ({ ...each, ...here, ...this.#subjects }))
      : broker.subjects;
    return { ...environment, broker: { ...broker, people, subjects } };
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

interface SignInParts extends Pick<DevSignIn, 'address' | 'servesConsole'>, Pick<DevOptions, 'assistant' | 'users'> {
  readonly environment: Environment;
  readonly people: People;
}

/** Starts the issuer for an environment. @throws {SandboxError} if `oidc-provider` is not installed */
export async function startSignIn(parts: SignInParts): Promise<DevSignIn> {
  const { environment, people, address, servesConsole, assistant, users } = parts;
  const { signIn } = people;
  const accounts = devAccounts(environment, people, users);
  const console = `${address}${CONSOLE_PATH}`;
  const scope = signInScope(people);
  const clientId = signIn.type === 'oidc' ? signIn.clientId : POOL_CLIENT;
  const audience = signIn.type === 'oidc' ? signIn.audience : POOL_CLIENT;
  const algorithm = signIn.type === 'oidc' ? signIn.algorithm : 'RS256';
  const issuer = await startIssuer({
    clientId,
    audience,
    scope,
    algorithm,
    claims: tokenClaims(people),
    seconds: {
      access: signIn.accessSeconds,
      refresh: signIn.type === 'cognito' ? signIn.refreshSeconds : REFRESH_SECONDS,
    },
    accounts,
    console,
  });
  const settings: ConsoleSettings = {
    issuer: issuer.url,
    clientId,
    scope: [...new Set(['openid', scope])].join(' '),
    ...(assistant === undefined ? {} : { assistant: { address: assistant } }),
  };
  const subjects = users === undefined ? undefined : { audiences: [audience], algorithm };
  return new DevSignIn({ address, console, servesConsole, settings, accounts }, issuer, subjects);
}
