/**
 * Counts the calls of each role's leases. The memory use depends on the definitions and on the number of leases, not on
 * the number of events, because uses are counted for each entry of the definition.
 */
import type { Catalogue } from '@leasehold/policy';
import { type Needed, needs } from '../map/actions';
import { acceptance, placeKey, RoleEntries } from '../map/entries';
import { resourcesOf } from '../map/resources';
import { type Attribution, isLease, type RoleInEnvironment, tagsIn } from '../record/attribution';
import { deniedOn, isDenied } from '../record/denial';
import { field, type TrailRecord, textOf } from '../record/record';
import { countUse, type Use } from './use';

/** Kept for each lease. */
export interface LeaseTally {
  /** Whether STS issued the session. */
  granted: boolean;
  /** When STS was called for it. */
  requestedAt?: number;
  reason?: string;
  sourceIdentity?: string;
  /** Parameters of the lease and other session tags. */
  tags: Map<string, string>;
  readonly actions: Map<string, Use>;
  calls: number;
  denied: number;
}

/** Number of denied calls with the same action, resource and kind of denial (explicit or implicit). */
export interface DenialTally extends Use {
  readonly action: string | undefined;
  /** The event source and the event name, which are shown if the action is unknown. */
  readonly event: string;
  readonly resource: string | undefined;
  readonly how: 'explicit' | 'implicit' | undefined;
  readonly leases: Set<string>;
}

export interface RoleTally {
  /** Requests to STS. */
  granted: number;
  refused: number;
  calls: number;
  denied: number;
  /**
   * Number of records that may be calls made with the role's leases, but do not contain a field that would prove this.
   */
  unclear: number;
  /** Number of calls by sessions whose name is not a lease id. */
  otherSessions: number;
  /** Actions that were used. */
  readonly actions: Map<string, Use>;
  /**
   * Actions that an event may need, each with the name of the event. A denied call may need all actions of its event.
   */
  readonly perhaps: Map<string, string>;
  /** Use of each entry, by the key of the entry's position. */
  readonly entries: Map<string, Use>;
  readonly perhapsEntries: Set<string>;
  /** Resources seen, a few for each entry. */
  readonly samples: Map<string, Set<string>>;
  readonly denials: Map<string, DenialTally>;
  /** Events with unknown actions, by `eventSource eventName`. */
  readonly unmapped: Map<string, Use>;
  /** Actions that were used although the definition does not contain them. */
  readonly outside: Map<string, Use>;
  readonly leases: Map<string, LeaseTally>;
  /** Whether data was dropped because a limit was reached. */
  overflowed: boolean;
}

/**
 * Maximum numbers of items that are kept for a role. If an item is dropped because a maximum is reached, for example
 * due to a forged trail file, no permission of the role is reported as unused.
 */
export const MOST = {
  leases: 50_000,
  denials: 500,
  /** Of actions, events and the like, each. */
  kinds: 2000,
  leaseActions: 100,
} as const;
/**
 * Maximum numbers of items that are only examples in a report. No decision depends on whether there were more items.
 */
const MOST_SHOWN = { samples: 3, deniedLeases: 100 } as const;
/** Maximum length of a string that is kept from a record. */
const LONGEST = 1024;

export function emptyRole(): RoleTally {
  return {
    granted: 0,
    refused: 0,
    calls: 0,
    denied: 0,
    unclear: 0,
    otherSessions: 0,
    actions: new Map(),
    perhaps: new Map(),
    entries: new Map(),
    perhapsEntries: new Set(),
    samples: new Map(),
    denials: new Map(),
    unmapped: new Map(),
    outside: new Map(),
    leases: new Map(),
    overflowed: false,
  };
}

export class Tally {
  readonly roles: Map<string, RoleTally>;
  readonly #catalogue: Catalogue;
  readonly #entries: ReadonlyMap<string, RoleEntries>;
  readonly #accepts: (action: string, arn: string) => boolean;
  readonly #neededBy: (record: TrailRecord) => Needed;

  constructor(roles: readonly RoleInEnvironment[], catalogue: Catalogue, earlier?: ReadonlyMap<string, RoleTally>) {
    this.roles = new Map(roles.map(({ key }) => [key, earlier?.get(key) ?? emptyRole()]));
    this.#entries = new Map(roles.map(({ key, role }) => [key, new RoleEntries(role)]));
    this.#catalogue = catalogue;
    this.#accepts = acceptance(catalogue);
    this.#neededBy = needs(catalogue);
  }

  /** Counts a record that belongs to a role. */
  add(record: TrailRecord, attribution: Extract<Attribution, { readonly kind: 'call' | 'request' }>): void {
    const tally = this.roles.get(attribution.of.key);
    if (tally === undefined) return;
    if (attribution.kind === 'request') this.#request(record, attribution.session, attribution.granted, tally);
    else this.#call(record, attribution.of, attribution.session, tally);
  }

  /** Counts a record that may belong to a role. */
  addUnclear({ of }: Extract<Attribution, { readonly kind: 'unclear' }>): void {
    const tally = this.roles.get(of.key);
    if (tally !== undefined) tally.unclear += 1;
  }

  #request(record: TrailRecord, session: string, granted: boolean, tally: RoleTally): void {
    if (granted) tally.granted += 1;
    else tally.refused += 1;
    const lease = leaseOf(tally, session);
    if (lease === undefined) return;
    lease.granted ||= granted;
    lease.requestedAt = Math.min(lease.requestedAt ?? record.at, record.at);
    const tags = tagsIn(record);
    // A refused request that contains the id of a granted lease must not overwrite the data of that lease.
    if (!granted && lease.tags.size > 0) return;
    lease.tags = new Map([...tags].slice(0, 50).map(([key, value]) => [short(key), short(value)]));
    const reason = tags.get('reason');
    if (reason !== undefined) lease.reason = short(reason);
    const source = textOf(field(record.parameters, 'sourceIdentity'));
    if (source !== undefined) lease.sourceIdentity = short(source);
  }

  #call(record: TrailRecord, of: RoleInEnvironment, session: string, tally: RoleTally): void {
    const lease = leaseOf(tally, session);
    if (lease === undefined) tally.otherSessions += 1;
    const needed = this.#neededBy(record);
    if (!needed.known) this.#keep(tally, tally.unmapped, `${record.source} ${record.name}`, record.at);
    this.#perhaps(needed.perhaps, record, tally);
    if (isDenied(record)) {
      // AWS names one action, but the task that made the call needs every action of the call.
      this.#perhaps(needed.actions, record, tally);
      tally.denied += 1;
      if (lease) lease.denied += 1;
      this.#denial(record, needed, session, tally);
      return;
    }
    tally.calls += 1;
    if (lease) {
      lease.granted = true;
      lease.calls += 1;
    }
    for (const action of new Set(needed.actions)) this.#used(action, record, of, lease, tally);
  }

  #perhaps(actions: readonly string[], { name }: TrailRecord, tally: RoleTally): void {
    for (const action of actions) {
      if (tally.perhaps.has(action) || tally.perhaps.size < MOST.kinds) tally.perhaps.set(action, name);
      else tally.overflowed = true;
    }
  }

  #used(
    action: string,
    record: TrailRecord,
    { key, environment }: RoleInEnvironment,
    lease: LeaseTally | undefined,
    tally: RoleTally,
  ): void {
    this.#keep(tally, tally.actions, action, record.at);
    if (lease && !countUse(lease.actions, action, record.at, MOST.leaseActions)) tally.overflowed = true;
    const entries = this.#entries.get(key);
    if (entries?.hasAction(action) !== true) {
      this.#keep(tally, tally.outside, action, record.at);
      return;
    }
    const info = this.#catalogue.action(action);
    const resources =
      info === undefined ? undefined : resourcesOf(record, info, environment, (arn) => this.#accepts(action, arn));
    for (const resource of resources ?? [undefined]) {
      const used = entries.of(action, resource);
      for (const place of used.entries) {
        const entry = placeKey(place);
        countUse(tally.entries, entry, record.at);
        if (place.list === 'resources' && resource !== undefined) addSample(tally, entry, resource);
      }
      for (const place of used.perhaps) tally.perhapsEntries.add(placeKey(place));
    }
  }

  #denial(record: TrailRecord, needed: Needed, session: string, tally: RoleTally): void {
    const named = deniedOn(record);
    const action = named?.action ?? (needed.actions.length === 1 ? needed.actions[0] : undefined);
    const info = action === undefined ? undefined : this.#catalogue.action(action);
    const [resource] =
      named?.resource === undefined
        ? ((info && resourcesOf(record, info, environmentOf(record), (arn) => this.#accepts(info.id, arn))) ?? [])
        : [named.resource];
    const shown = resource === undefined ? undefined : short(resource);
    const event = `${record.source} ${record.name}`;
    const key = [action ?? event, shown ?? '', named?.how ?? ''].join(' ');
    const known = tally.denials.get(key);
    if (known === undefined && tally.denials.size >= MOST.denials) {
      tally.overflowed = true;
      return;
    }
    const denial: DenialTally = known ?? {
      action,
      event,
      resource: shown,
      how: named?.how,
      calls: 0,
      first: record.at,
      last: record.at,
      leases: new Set(),
    };
    denial.calls += 1;
    denial.first = Math.min(denial.first, record.at);
    denial.last = Math.max(denial.last, record.at);
    if (isLease(session) && denial.leases.size < MOST_SHOWN.deniedLeases) denial.leases.add(session);
    tally.denials.set(key, denial);
  }

  #keep(tally: RoleTally, map: Map<string, Use>, key: string, at: number): void {
    if (!countUse(map, key, at, MOST.kinds)) tally.overflowed = true;
  }
}

function leaseOf(tally: RoleTally, session: string): LeaseTally | undefined {
  if (!isLease(session)) return undefined;
  const known = tally.leases.get(session);
  if (known !== undefined) return known;
  if (tally.leases.size >= MOST.leases) {
    tally.overflowed = true;
    return undefined;
  }
  const lease: LeaseTally = { granted: false, tags: new Map(), actions: new Map(), calls: 0, denied: 0 };
  tally.leases.set(session, lease);
  return lease;
}

function addSample({ samples }: RoleTally, entry: string, resource: string): void {
  const known = samples.get(entry) ?? new Set();
  if (known.size < MOST_SHOWN.samples) known.add(short(resource));
  samples.set(entry, known);
}

/** Partition and account of a record, for building an ARN that is only displayed. */
function environmentOf({ identity, recipient }: TrailRecord): { readonly partition: string; readonly account: string } {
  const partition = /^arn:(aws[a-z-]*):/.exec(textOf(field(identity, 'arn')) ?? '')?.[1] ?? 'aws';
  return { partition, account: recipient ?? '' };
}

function short(text: string): string {
  return text.length <= LONGEST ? text : text.slice(0, LONGEST);
}
