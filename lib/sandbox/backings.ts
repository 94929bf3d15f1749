/** The servers behind the sandbox: one server for all services, or separate servers for some services. */
import { SandboxError } from './errors';
import { Backing } from './forward';
import type { SandboxOptions } from './options';

export class Backings {
  /** The server for every service that has no separate server. */
  readonly standard: Backing | undefined;
  readonly #byService: ReadonlyMap<string, Backing>;

  /** @throws {SandboxError} for an invalid address. */
  constructor({ backing, backings = {} }: Pick<SandboxOptions, 'backing' | 'backings'>) {
    this.standard = backing === undefined ? undefined : new Backing(backingUrl(backing));
    this.#byService = new Map(
      Object.entries(backings).map(([service, url]) => [service, new Backing(backingUrl(url))] as const),
    );
  }

  /**
   * The server for a service, by the service's name in a credential scope. If a service has no server, the response to
   * an allowed call is a receipt.
   */
  of(service: string): Backing | undefined {
    return this.#byService.get(service) ?? this.standard;
  }

  /** Whether there is at least one server. */
  get any(): boolean {
    return this.standard !== undefined || this.#byService.size > 0;
  }

  /** Passes the sandbox's address to the servers, so that addresses in their responses refer to the sandbox. */
  behind(host: string): void {
    for (const backing of this.#all()) backing.host = host;
  }

  /** Closes all connections. */
  close(): void {
    for (const backing of this.#all()) backing.close();
  }

  #all(): readonly Backing[] {
    return [...this.#byService.values(), ...(this.standard ? [this.standard] : [])];
  }
}

function backingUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && url.pathname === '/') return url;
  throw new SandboxError(`${text} is not the address of a backing server`, 'Use the form http://127.0.0.1:5000.');
}
