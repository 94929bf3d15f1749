/**
 * Decides whether an action can be reported as unused. CloudTrail must record every use of the action, and these events
 * must have been read. Otherwise, or if this is unknown, the action is not reported as unused.
 */
import { type ActionInfo, parseArn } from '@leasehold/policy';
import type { Gathered } from '../gather';
import { prefixOf, type Recording, recordingOf } from '../map/services';
import type { SourceKind } from '../read/unit';
import type { RoleInEnvironment } from '../record/attribution';
import { type Coverage, emptyCoverage } from '../tally/coverage';
import type { RoleTally } from '../tally/tally';
import { type LakeCover, lakeCover } from './lake-claims';
import { Recorders, type Selectors } from './selectors';

export interface ClaimOptions {
  /** The events that trails and event data stores record. @default for trails, derived from the events */
  readonly recorders?: Recorders;
  /**
   * Whether leases are issued and used only in regions whose events were read.
   * @default unknown, unless a trail covers several regions
   */
  readonly onlyTheseRegions?: boolean;
}

/** Decides for one role. */
export class Claims {
  readonly #tally: RoleTally;
  readonly #coverage: Coverage;
  readonly #options: ClaimOptions;
  /** What the trails of the account record. */
  readonly #trail: Selectors | undefined;
  readonly #lake: LakeCover;
  readonly #unmapped: ReadonlyMap<string, string>;
  readonly #changed: ReadonlySet<string>;
  readonly #denied: ReadonlySet<string>;
  /** The reason why no permission of the role can be reported as unused; `undefined` if there is no such reason. */
  readonly nothing: string | undefined;

  constructor(of: RoleInEnvironment, tally: RoleTally, gathered: Gathered, options: ClaimOptions) {
    this.#tally = tally;
    this.#coverage = gathered.coverage.get(of.environment.account) ?? emptyCoverage();
    this.#options = options;
    const recorders = options.recorders ?? new Recorders();
    this.#trail = recorders.trail(of.environment.account);
    this.#lake = lakeCover(of, this.#coverage, gathered, recorders);
    this.#unmapped = new Map(
      [...tally.unmapped.keys()].map((key) => {
        const [source = '', name = ''] = key.split(' ');
        return [prefixOf(source) ?? '*', name];
      }),
    );
    this.#denied = new Set([...tally.denials.values()].flatMap(({ action }) => action ?? []));
    this.#changed = new Set(
      [...tally.actions.keys()].flatMap((action) => {
        const info = gathered.catalogue.action(action);
        return info === undefined || info.levels.every((level) => level === 'Read' || level === 'List')
          ? []
          : [info.service];
      }),
    );
    this.nothing = this.#nothing(of, gathered);
  }

  #nothing({ key }: RoleInEnvironment, gathered: Gathered): string | undefined {
    if (!gathered.complete) return 'not all sources were read';
    if (gathered.problemCount > 0) return 'some events could not be read';
    if (this.#tally.unclear > 0) return 'some events that name the role lack a field that shows whose calls they are';
    if (this.#tally.overflowed) return 'there was more of the role than is kept';
    const granted = [...this.#tally.leases.values()].some((lease) => lease.granted);
    return granted ? undefined : `no lease of ${key} was seen`;
  }

  /**
   * The reason why an action on some resources cannot be reported as unused; `undefined` if the action can be reported.
   */
  against(action: ActionInfo, resources: readonly string[]): string | undefined {
    if (this.nothing !== undefined) return this.nothing;
    if (this.#denied.has(action.id)) return `AWS denied ${action.id}, so that a task may need it`;
    const event = this.#tally.perhaps.get(action.id);
    if (event !== undefined) return `${event} may need ${action.id}`;
    const unmapped = this.#unmapped.get(action.service) ?? this.#unmapped.get('*');
    if (unmapped !== undefined) return `which actions ${unmapped} needs is not known`;
    if (action.levels.includes('Tagging') && this.#changed.has(action.service)) {
      return `a call that creates something can need ${action.id}`;
    }
    const recording = recordingOf(action);
    if (recording.kind === 'unknown') return recording.why;
    // Each kind of source may have supplied the events of a part of the time, so that none may leave out anything.
    for (const kind of this.#coverage.kinds) {
      const why = this.#missingIn(kind, action, recording, resources);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  #missingIn(kind: SourceKind, action: ActionInfo, recording: Recorded, resources: readonly string[]) {
    switch (kind) {
      case 'sandbox':
        return undefined;
      case 'trail':
        return this.#unrecorded(action, recording) ?? this.#elsewhere(resources);
      case 'lookup':
        if (recording.kind === 'data') return notRecorded(action, recording);
        if (this.#coverage.listed) return 'which events `lookup-events` was asked for is not known';
        // A lease is only found by its AssumeRole event, and its calls are only looked up if it was found.
        return this.#options.onlyTheseRegions
          ? undefined
          : 'a lease may have been issued in a region that was not looked up';
      case 'lake':
        return this.#missingInLake(action, recording, resources);
    }
  }

  #missingInLake(action: ActionInfo, recording: Recorded, resources: readonly string[]): string | undefined {
    if (this.#lake.kind === 'unknown') return this.#lake.why;
    for (const store of this.#lake.stores) {
      if (!records(store, action, recording)) return notRecorded(action, recording);
      const { onlyRegion } = store;
      if (onlyRegion === undefined || this.#options.onlyTheseRegions) continue;
      if (resources.some((resource) => regionOf(resource) !== onlyRegion)) {
        return `the event data store ${store.id} records only the region ${onlyRegion}`;
      }
    }
    return undefined;
  }

  #unrecorded(action: ActionInfo, recording: Recorded): string | undefined {
    const { reads, writes, eventSources } = this.#coverage;
    const { eventSource } = recording.service;
    if (recording.kind === 'data') {
      const recorded = this.#trail !== undefined && records(this.#trail, action, recording);
      return recorded ? undefined : notRecorded(action, recording);
    }
    if (this.#trail !== undefined) {
      return records(this.#trail, action, recording)
        ? undefined
        : `the event selectors leave out events of ${action.service}`;
    }
    const readOnly = readsOnly(action);
    if (!reads && readOnly) return 'no event of a reading call was seen, so that the trail may record none';
    if (!writes && !readOnly) return 'no event of a changing call was seen, so that the trail may record none';
    if (EXCLUDABLE.has(eventSource) && !eventSources.has(eventSource)) {
      return `no event of ${action.service} was seen, so that the trail may leave them out`;
    }
    return undefined;
  }

  /** A reason why uses in other regions may be missing from the files of a trail; `undefined` if there is none. */
  #elsewhere(resources: readonly string[]): string | undefined {
    const { trailRegions } = this.#coverage;
    if (this.#options.onlyTheseRegions) return undefined;
    const named = resources.map(regionOf);
    const missing = named.find((region) => region !== undefined && !trailRegions.has(region));
    if (missing !== undefined) return `no event of the region ${missing} was read`;
    if (!named.includes(undefined) || trailRegions.size > 1) return undefined;
    return 'it may have been used in a region of which no event was read';
  }
}

type Recorded = Exclude<Recording, { readonly kind: 'unknown' }>;

function notRecorded({ service }: ActionInfo, { kind }: Recorded): string {
  return `${kind} events of ${service} are not known to be recorded`;
}

function readsOnly({ levels }: ActionInfo): boolean {
  return levels.every((level) => level === 'Read' || level === 'List');
}

/**
 * Whether every use of an action is recorded. The `readOnly` field of the event can be true or false for an action that
 * reads, so the selectors must cover both values.
 */
function records(selectors: Selectors, action: ActionInfo, recording: Recorded): boolean {
  const each = (readOnly: boolean) =>
    recording.kind === 'data'
      ? selectors.data(recording.resourceType, readOnly)
      : selectors.management(recording.service.eventSource, readOnly);
  return each(false) && (!readsOnly(action) || each(true));
}

/** The region in an ARN; `undefined` if the ARN permits any, or if resources of its kind have none. */
function regionOf(resource: string): string | undefined {
  const region = parseArn(resource)?.region;
  return region !== undefined && /^[a-z0-9-]+$/.test(region) ? region : undefined;
}

/**
 * Event sources that a trail can exclude. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
 */
const EXCLUDABLE: ReadonlySet<string> = new Set(['kms.amazonaws.com', 'rdsdata.amazonaws.com']);
