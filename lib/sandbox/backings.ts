/** The servers behind the sandbox: one for all services, or one for some of them. */
import { SandboxError } from './errors';
import { Backing } from './forward';
import type { SandboxOptions } from './options';

export class Backings {
  /** For every service that has none of its own. */
  readonly standard: Backing | undefined;
  readonly #byService: ReadonlyMap<string, Backing>;

  /** @throws {SandboxError} for what is no address. */
  constructor({ backing, backings = {} }: Pick<SandboxOptions, 'backing' | 'backings'>) {
    this.standard = backing === undefined ? undefined : new Backing(backingUrl(backing));
    this.#byService = new Map(
      Object.entries(backings).map(([service, url]) => [service, new Backing(backingUrl(url))] as const),
    );
  }

  /** The server of a service, by its name in a credential scope; without one an allowed call gets a receipt. */
  of(service: string): Backing | undefined {
    return this.#byService.get(service) ?? this.standard;
  }

  /** Whether there is any. */
  get any(): boolean {
    return this.standard !== undefined || this.#byService.size > 0;
  }

  /** Tells the servers where the sandbox is, so that addresses in their answers lead back to it. */
  behind(host: string): void {
    for (const backing of this.#all()) backing.host = host;
  }

  /** Lets go of all connections. */
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
  throw new SandboxError(`${text} is no address of a backing server`, 'Give it as http://127.0.0.1:5000.');
}
