/**
 * Decides whether an action can be reported as unused. This requires that CloudTrail records every use of the action,
 * and that these events were read. Missing information prevents the report.
 */
import { type ActionInfo, parseArn } from '@leasehold/policy';
import type { Gathered } from '../gather';
import { prefixOf, recordingOf } from '../map/services';
import type { RoleInEnvironment } from '../record/attribution';
import { type Coverage, emptyCoverage } from '../tally/coverage';
import type { RoleTally } from '../tally/tally';
import type { Selectors } from './selectors';

export interface ClaimOptions {
  /** The event selectors of the trail. @default derived from the events */
  readonly selectors?: Selectors;
  /**
   * Whether leases are issued and act only in regions whose events were read.
   * @default unknown, unless a trail covers several
   */
  readonly onlyTheseRegions?: boolean;
}

/** Decides for one role. */
export class Claims {
  readonly #tally: RoleTally;
  readonly #coverage: Coverage;
  readonly #options: ClaimOptions;
  readonly #unmapped: ReadonlyMap<string, string>;
  readonly #changed: ReadonlySet<string>;
  readonly #denied: ReadonlySet<string>;
  /** Why nothing can be claimed for the role; `undefined` if something can. */
  readonly nothing: string | undefined;

  constructor(of: RoleInEnvironment, tally: RoleTally, gathered: Gathered, options: ClaimOptions) {
    this.#tally = tally;
    this.#coverage = gathered.coverage.get(of.environment.account) ?? emptyCoverage();
    this.#options = options;
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
    if (this.#tally.overflowed) return 'there was more of the role than is kept';
    const granted = [...this.#tally.leases.values()].some((lease) => lease.granted);
    return granted ? undefined : `no lease of ${key} was seen`;
  }

  /** The reason why an action on some resources cannot be reported as unused; `undefined` if there is none. */
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
    return this.#unrecorded(action) ?? this.#elsewhere(resources);
  }

  #unrecorded(action: ActionInfo): string | undefined {
    const recording = recordingOf(action);
    if (recording.kind === 'unknown') return recording.why;
    const { kinds, reads, writes, eventSources } = this.#coverage;
    const { selectors } = this.#options;
    const readOnly = action.levels.every((level) => level === 'Read' || level === 'List');
    // The `readOnly` field of the event can be true or false for a read action, so the selectors must cover both
    // values.
    const both =
      selectors && ((ask: (readOnly: boolean) => boolean) => (readOnly ? ask(true) && ask(false) : ask(false)));
    const others = [...kinds].filter((kind) => kind !== 'sandbox');
    if (kinds.size > 0 && others.length === 0) return undefined;
    const { eventSource } = recording.service;
    if (recording.kind === 'data') {
      const { resourceType } = recording;
      const recorded = !kinds.has('lookup') && both?.((each) => selectors?.data(resourceType, each) === true) === true;
      return recorded ? undefined : `data events of ${action.service} are not known to be recorded`;
    }
    if (others.every((kind) => kind === 'lookup')) return undefined;
    if (both !== undefined) {
      return both((each) => selectors?.management(eventSource, each) === true)
        ? undefined
        : `the event selectors leave out events of ${action.service}`;
    }
    if (!reads && readOnly) return 'no event of a reading call was seen, so that the trail may record none';
    if (!writes && !readOnly) return 'no event of a changing call was seen, so that the trail may record none';
    if (EXCLUDABLE.has(eventSource) && !eventSources.has(eventSource)) {
      return `no event of ${action.service} was seen, so that the trail may leave them out`;
    }
    return undefined;
  }

  /** A reason why uses in other regions may be missing; `undefined` if there is none. */
  #elsewhere(resources: readonly string[]): string | undefined {
    const { kinds, regions } = this.#coverage;
    if (this.#options.onlyTheseRegions || [...kinds].every((kind) => kind === 'sandbox')) return undefined;
    // A lease is only found by its AssumeRole event, and its calls are only looked up if it was found.
    if (kinds.has('lookup')) return 'a lease may have been issued in a region that was not looked up';
    const named = resources.map((resource) => parseArn(resource)?.region ?? '*');
    const missing = named.find((region) => /^[a-z0-9-]+$/.test(region) && !regions.has(region));
    if (missing !== undefined) return `no event of the region ${missing} was read`;
    const anywhere = named.some((region) => !/^[a-z0-9-]+$/.test(region));
    if (!anywhere || regions.size > 1) return undefined;
    return 'it may have been used in a region of which no event was read';
  }
}

/**
 * Event sources that a trail can exclude. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
 */
const EXCLUDABLE: ReadonlySet<string> = new Set(['kms.amazonaws.com', 'rdsdata.amazonaws.com']);
