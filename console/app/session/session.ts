/**
 * The session of the person: signed out, signed in, or ended. Tokens are private fields of this object. They are never
 * stored, and are lost when the page is reloaded.
 */
import type { ConsoleSettings } from '@leasehold/contract/console-settings';
import { addressesOf, isSignedInPage } from '../api/address.ts';
import type { TokenSource } from '../api/client.ts';
import { SignedOut, SignInFailed } from '../api/errors.ts';
import { type Begun, Issuer, type Tokens } from './issuer.ts';
import { readSettings } from './settings.ts';

export type SessionState =
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'signed-out';
      readonly error?: unknown;
      readonly issuer?: string;
      readonly signOutPage?: string | undefined;
    }
  | { readonly kind: 'signed-in' }
  /** The token has expired. The page stays as it is until the person signs in again, in another window. */
  | { readonly kind: 'ended'; readonly error?: unknown };

/** Name of the `sessionStorage` item for a sign-in that has begun. It contains no token. */
const BEGUN = 'leasehold.sign-in';
/**
 * Channel through which the window of a second sign-in passes on the authorization code. The code is useless without
 * the verifier.
 */
const CHANNEL = 'leasehold.signed-in';
/** A token is no longer used during this number of milliseconds before it expires. */
const MARGIN = 10_000;

export class Session {
  #state: SessionState = { kind: 'starting' };
  #tokens: Tokens | undefined;
  #issuer: Promise<Issuer> | undefined;
  #settings: ConsoleSettings | undefined;
  #renewal: Promise<string> | undefined;
  #waiting: { readonly resolve: (token: string) => void; readonly reject: (error: Error) => void }[] = [];
  #source: TokenSource = this.#newSource();
  readonly #listeners = new Set<() => void>();
  readonly #addresses = addressesOf(new URL(location.href));

  /** Called when the person who signs in is, or may be, a different person than before. */
  onAnotherPerson: () => void = () => undefined;

  get state(): SessionState {
    return this.#state;
  }

  /**
   * Provides tokens for the calls of the person who is signed in. After another person signs in, it no longer provides
   * tokens.
   */
  get source(): TokenSource {
    return this.#source;
  }

  /** The person at the issuer. Undefined without an ID token. */
  get subject(): string | undefined {
    return this.#tokens?.subject;
  }

  /** Where the assistant is. Undefined if there is none, and until the person has signed in. */
  get assistant(): ConsoleSettings['assistant'] {
    return this.#settings?.assistant;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads the issuer's response, if the page's address contains a response. @returns the route to show */
  async start(): Promise<string | undefined> {
    const page = new URL(location.href);
    if (!isSignedInPage(page)) {
      this.#become({ kind: 'signed-out' });
      return undefined;
    }
    const begun = takeBegun();
    // The code is removed from the address and the history before anything else.
    history.replaceState(null, '', this.#addresses.console);
    try {
      if (begun === undefined) throw new SignInFailed('This sign-in was not started in this window.');
      const issuer = await this.issuer();
      await this.#accept(issuer, await issuer.finish(page.searchParams, begun), true);
      return begun.route;
    } catch (error) {
      this.#become({ kind: 'signed-out', error });
      return undefined;
    }
  }

  /** Leaves the page for the issuer. */
  async signIn(route: string): Promise<void> {
    try {
      const { begun, address } = await (await this.issuer()).begin(route);
      sessionStorage.setItem(BEGUN, JSON.stringify(begun));
      location.assign(address);
    } catch (error) {
      this.#become({ kind: 'signed-out', error });
    }
  }

  /**
   * Signs in again in another window, so that this page keeps what the person has typed.
   * @param open Opens the window. It is called before anything else, because browsers permit it only then.
   */
  async signInAgain(
    open: () => Window | null = () => window.open('about:blank', '_blank', 'popup,width=480,height=720'),
  ): Promise<void> {
    const opened = open();
    try {
      if (opened === null) throw new SignInFailed('The browser blocked the window.');
      const issuer = await this.issuer();
      const { begun, address } = await issuer.begin('/');
      this.#demandNotSignedOut();
      const answer = returnedTo(begun.state);
      opened.location.replace(address);
      const returned = await answer;
      // Without the exchange, nobody can use the code.
      this.#demandNotSignedOut();
      const tokens = await issuer.finish(returned, begun);
      // Without an ID token, it is not known who signed in.
      const isSamePerson = tokens.subject !== undefined && tokens.subject === this.#tokens?.subject;
      await this.#accept(issuer, tokens, isSamePerson);
    } catch (error) {
      opened?.close();
      if (!this.#isSignedOut) this.#become({ kind: 'ended', error });
    }
  }

  /** Signs out, and revokes the tokens. A sign-in or a renewal that is still in flight does not undo this. */
  async signOut(): Promise<void> {
    const tokens = this.#tokens;
    this.#tokens = undefined;
    // Before anything is awaited, so that nothing that is in flight signs in again.
    this.#become({ kind: 'signed-out' });
    this.#rejectWaiting();
    const issuer = await this.issuer().catch(() => undefined);
    const { host = '', signOutPage } = issuer ?? {};
    this.#become({ kind: 'signed-out', issuer: host, signOutPage });
    if (tokens !== undefined) await issuer?.revoke(tokens);
  }

  #newSource(): TokenSource {
    const source: TokenSource = {
      accessToken: async (refused) => {
        this.#demandCurrent(source);
        const token = await this.#accessToken(refused);
        // Another person may have signed in during the wait.
        this.#demandCurrent(source);
        return token;
      },
      demandCurrent: () => {
        this.#demandNotSignedOut();
        this.#demandCurrent(source);
      },
    };
    return source;
  }

  async #accessToken(refused: string | undefined): Promise<string> {
    const tokens = this.#tokens;
    if (tokens !== undefined && tokens.access !== refused && Date.now() < tokens.expiresAt - MARGIN)
      return tokens.access;
    this.#demandNotSignedOut();
    this.#renewal ??= this.#renew(tokens?.refresh).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  private issuer(): Promise<Issuer> {
    this.#issuer ??= this.#discover().catch((error) => {
      this.#issuer = undefined;
      throw error;
    });
    return this.#issuer;
  }

  async #discover(): Promise<Issuer> {
    this.#settings = await readSettings(this.#addresses.api);
    return Issuer.discover(this.#settings, this.#addresses.signedIn);
  }

  async #renew(refresh: string | undefined): Promise<string> {
    if (refresh !== undefined) {
      const source = this.#source;
      try {
        const issuer = await this.issuer();
        this.#demandNotSignedOut();
        const renewed = await issuer.renew(refresh);
        // An issuer that does not rotate refresh tokens sends none.
        const tokens = { ...renewed, refresh: renewed.refresh ?? refresh };
        // Another person has signed in.
        if (source !== this.#source) {
          await issuer.revoke(tokens);
          throw new SignedOut();
        }
        // The refresh token belongs to this person, also if the issuer sent no ID token.
        const subject = this.#tokens?.subject ?? renewed.subject;
        const isSamePerson = renewed.subject === undefined || renewed.subject === subject;
        await this.#accept(issuer, { ...tokens, subject: renewed.subject ?? subject }, isSamePerson);
        return renewed.access;
      } catch {
        // The person signs in again, or has signed out.
        this.#demandNotSignedOut();
        this.#demandCurrent(source);
      }
    }
    const waits = new Promise<string>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#become({ kind: 'ended' });
    return waits;
  }

  get #isSignedOut(): boolean {
    return this.#state.kind === 'signed-out';
  }

  /** Called after each wait, because the person may have signed out in the meantime. @throws {SignedOut} */
  #demandNotSignedOut(): void {
    if (this.#isSignedOut) throw new SignedOut();
  }

  /** So that no call of one person is sent with the token of another. @throws {SignedOut} */
  #demandCurrent(source: TokenSource): void {
    if (source !== this.#source) throw new SignedOut();
  }

  #rejectWaiting(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new SignedOut());
  }

  /** Uses new tokens. Revokes them if the person has signed out since they were requested. @throws {SignedOut} */
  async #accept(issuer: Issuer, tokens: Tokens, isSamePerson: boolean): Promise<void> {
    if (this.#isSignedOut) {
      await issuer.revoke(tokens);
      throw new SignedOut();
    }
    this.#tokens = tokens;
    if (!isSamePerson) {
      // Calls of the earlier person fail, also those that are still to come.
      this.#source = this.#newSource();
      this.#rejectWaiting();
      this.onAnotherPerson();
    }
    this.#become({ kind: 'signed-in' });
    for (const { resolve } of this.#waiting.splice(0)) resolve(tokens.access);
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Hands the answer of the issuer to the page that waits for it, if this window was opened for a second sign-in.
 * @returns whether this window was opened for that
 */
export function handOver(page: URL): boolean {
  if (!isSignedInPage(page) || sessionStorage.getItem(BEGUN) !== null) return false;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(page.search);
  channel.close();
  history.replaceState(null, '', addressesOf(page).console);
  window.close();
  return true;
}

/** The answer of the issuer for a sign-in that another window finishes. */
function returnedTo(state: string): Promise<URLSearchParams> {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }) => {
      const parameters = new URLSearchParams(String(data));
      if (parameters.get('state') !== state) return;
      channel.close();
      resolve(parameters);
    };
  });
}

function takeBegun(): Begun | undefined {
  const text = sessionStorage.getItem(BEGUN);
  sessionStorage.removeItem(BEGUN);
  if (text === null) return undefined;
  const begun: Partial<Record<keyof Begun, unknown>> = JSON.parse(text);
  const { state, verifier, route } = begun;
  return typeof state === 'string' && typeof verifier === 'string' && typeof route === 'string'
    ? { state, verifier, route }
    : undefined;
}
