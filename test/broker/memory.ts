/** The broker's ports in memory, as the AWS adapters behave, with a clock that tests move and faults that they order. */
import { setImmediate } from 'node:timers/promises';
import { defined } from '@leasehold/contract/defined';
import { canonicalJson, type Json } from '../../lib/broker/canonical';
import type { AdministrationEvent } from '../../lib/broker/consent/administration';
import type { LeaseEvent } from '../../lib/broker/lease/event';
import { LeaseFault } from '../../lib/broker/lease/fault';
import type { FoldedLease } from '../../lib/broker/lease/fold';
import { Unavailable } from '../../lib/broker/port-errors';
import type {
  Account,
  Answered,
  Cut,
  IssuedCredentials,
  LeaseQuery,
  LeaseStore,
  Revocation,
  RoleDenial,
  StoredPrincipal,
} from '../../lib/broker/ports';
import type { Ports } from '../../lib/broker/service/deps';

/** What was done to the world, in its order. */
export type Call =
  | { readonly call: 'append'; readonly lease: string; readonly types: readonly string[] }
  | { readonly call: 'cut'; readonly cut: Cut }
  | { readonly call: 'revoke'; readonly leases: readonly Revocation[] }
  | { readonly call: 'shut'; readonly role: string; readonly until: number }
  | { readonly call: 'deny'; readonly roles: readonly RoleDenial[] }
  | { readonly call: 'record'; readonly event: AdministrationEvent }
  | { readonly call: 'spend' | 'give-back'; readonly principal: string; readonly what: string };

/** A sign-in address of the AWS console, which signs nobody in. */
export const SIGN_IN_ADDRESS = 'https://eu-west-1.signin.aws.amazon.com/federation?Action=login&SigninToken=fake';

/** A world in memory. */
export class World {
  now = 1_800_000_000;
  readonly calls: Call[] = [];
  readonly events = new Map<string, LeaseEvent[]>();
  /** Leases whose items hold something else than events. */
  readonly unreadable = new Set<string>();
  readonly stored = new Map<string, StoredPrincipal>();
  /** The records of what administrators did. */
  readonly administration = new Map<string, AdministrationEvent[]>();
  /** Until when each role is blocked. */
  readonly shut = new Map<string, number>();
  readonly errors: string[] = [];
  readonly counts: string[] = [];
  readonly lines: Answered[] = [];
  /** Thrown by the next calls of this name, one each, before or after they have had their effect. */
  readonly faults: { call: Call['call']; when: 'before' | 'after'; error: Error }[] = [];
  /** Runs before an append has its effect: somebody else who is first. */
  meanwhile: (() => Promise<void>) | undefined;
  #ids = 0;
  readonly #spent = new Map<string, number>();

  constructor(private readonly windowSeconds = 3600) {}

  ports(overrides: Partial<Ports> = {}): Ports {
    return {
      leases: this.#leases,
      principals: {
        spend: (principal, what, now) => this.#spend(principal, what, now),
        reserve: async (principal, what, now, most) =>
          this.#counted(principal, what, now) < most ? (await this.#spend(principal, what, now))[what] : undefined,
        giveBack: async (principal, what, now) => this.#giveBack(principal, what, now),
        account: async (principal, now) => this.#account(principal, now),
        all: async () => Object.fromEntries(this.stored),
        get: async (name) => this.stored.get(name),
        put: async (name, value) => {
          if ((this.stored.get(name)?.version ?? 0) !== value.version - 1) return 'conflict';
          this.stored.set(name, value);
          return 'stored';
        },
      },
      administration: {
        read: async (record) => [...(this.administration.get(record) ?? [])],
        append: async (event) => this.#does({ call: 'record', event }, () => this.#record(event)),
      },
      issuer: {
        cut: (cut) => this.#does({ call: 'cut', cut }, () => this.#credentials(cut)),
        console: async ({ expiresAt }) => ({ url: SIGN_IN_ADDRESS, expiresAt }),
      },
      revoker: {
        revoke: (_, leases) => this.#does({ call: 'revoke', leases }, () => ({})),
        shut: (role, until) =>
          this.#does({ call: 'shut', role, until }, () => {
            this.shut.set(role, Math.max(until, this.shut.get(role) ?? 0));
          }),
        deny: (roles) => this.#does({ call: 'deny', roles }, () => undefined),
        standing: async () =>
          [...this.shut].flatMap(([role, until]) =>
            until > this.now ? [{ role, until, tag: 'present', policy: 'present' } as const] : [],
          ),
        prune: async () => undefined,
      },
      telemetry: {
        count: (what, fields = {}) => this.counts.push([what, ...Object.values(fields)].join(' ')),
        issueLatency: () => undefined,
        answered: (line) => this.lines.push(line),
        error: (what, error) => this.errors.push(`${what}: ${error}`),
      },
      clock: () => this.now,
      newId: () => {
        this.#ids += 1;
        return String(this.#ids).padStart(26, '0');
      },
      // Time passes while somebody waits.
      pause: async (milliseconds) => {
        this.now += Math.ceil(milliseconds / 1000);
      },
      // Those who met part, as they would by waiting at random.
      backOff: async (tries) => {
        for (let turns = Math.random() * 2 ** Math.min(tries, 7); turns > 0; turns -= 1) await setImmediate();
      },
      ...overrides,
    };
  }

  /** Sessions that were cut. */
  get cuts(): readonly Cut[] {
    return this.calls.flatMap((each) => (each.call === 'cut' ? [each.cut] : []));
  }

  /** The types of a lease's events. */
  told(lease: string): readonly string[] {
    return (this.events.get(lease) ?? []).map(({ body }) => body.type);
  }

  readonly #leases: LeaseStore = {
    read: async (lease) => {
      if (this.unreadable.has(lease)) throw new LeaseFault('malformed', 'No events.');
      return [...(this.events.get(lease) ?? [])];
    },
    append: async (events, after) => {
      const meanwhile = this.meanwhile;
      this.meanwhile = undefined;
      await meanwhile?.();
      const call: Call = { call: 'append', lease: after.id, types: events.map(({ body }) => body.type) };
      return this.#does(call, () => this.#append(events, after));
    },
    list: async ({ by, limit, since, next = '0' }: LeaseQuery) => {
      const all = [...this.events]
        .filter(([, events]) => events.some((event) => event.at >= since && isListed(event, by)))
        .map(([lease]) => lease);
      const end = Number(next) + limit;
      return { leases: all.slice(Number(next), end), ...(end < all.length ? { next: String(end) } : {}) };
    },
  };

  #append(events: readonly LeaseEvent[], { id }: FoldedLease): 'appended' | 'conflict' {
    const stored = this.events.get(id) ?? [];
    if ((events[0]?.sequence ?? 0) !== stored.length + 1) return 'conflict';
    // What is stored is what JSON keeps.
    this.events.set(id, [...stored, ...JSON.parse(canonicalJson(events as unknown as Json))]);
    return 'appended';
  }

  #record(event: AdministrationEvent): 'appended' | 'conflict' {
    const stored = this.administration.get(event.lease) ?? [];
    if (event.sequence !== stored.length + 1) return 'conflict';
    this.administration.set(event.lease, [...stored, JSON.parse(canonicalJson(event as unknown as Json))]);
    return 'appended';
  }

  #account(principal: string, now: number): Account {
    const window = Math.floor(now / this.windowSeconds);
    const spent = (kind: string) => ({
      current: this.#spent.get(`${principal} ${kind} ${window}`) ?? 0,
      previous: this.#spent.get(`${principal} ${kind} ${window - 1}`) ?? 0,
    });
    const stored = this.stored.get(principal);
    return { requests: spent('requests'), denials: spent('denials'), ...defined({ stored }) };
  }

  #counted(principal: string, what: string, now: number): number {
    return this.#spent.get(`${principal} ${what} ${Math.floor(now / this.windowSeconds)}`) ?? 0;
  }

  #giveBack(principal: string, what: 'requests' | 'denials', now: number): void {
    this.calls.push({ call: 'give-back', principal, what });
    this.#spent.set(
      `${principal} ${what} ${Math.floor(now / this.windowSeconds)}`,
      this.#counted(principal, what, now) - 1,
    );
  }

  async #spend(principal: string, what: 'requests' | 'denials', now: number): Promise<Account> {
    const window = Math.floor(now / this.windowSeconds);
    return this.#does({ call: 'spend', principal, what }, () => {
      this.#spent.set(`${principal} ${what} ${window}`, this.#counted(principal, what, now) + 1);
      return this.#account(principal, now);
    });
  }

  #credentials({ lease, seconds }: Cut): IssuedCredentials {
    return {
      accessKeyId: `ASIA${lease}`,
      secretAccessKey: 'a-secret-of-the-test',
      sessionToken: 'a-token-of-the-test',
      expiresAt: this.now + seconds,
    };
  }

  async #does<T>(call: Call, work: () => T): Promise<T> {
    const index = this.faults.findIndex((fault) => fault.call === call.call);
    const fault = index < 0 ? undefined : this.faults.splice(index, 1)[0];
    if (fault?.when === 'before') throw fault.error;
    this.calls.push(call);
    const result = work();
    if (fault) throw fault.error;
    return result;
  }
}

/** AWS said nothing. */
export function silence(call: string): Unavailable {
  return new Unavailable(call);
}

function isListed({ body }: LeaseEvent, by: LeaseQuery['by']): boolean {
  if ('requester' in by) return body.type === 'requested' && body.requester.key === by.requester;
  if (body.type !== 'proposed') return false;
  return 'open' in by ? body.humans > 0 : body.grant.role === by.role;
}
