/**
 * Reads what trails and event data stores record: the output of `aws cloudtrail get-event-selectors`, `get-trail` and
 * `get-event-data-store`. Only a selector that covers all events of a kind counts. A selector that is limited to some
 * resources or events is ignored. Sources:
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventDataStore.html
 */
import { largest, smallest } from '@leasehold/contract/any-length';
import { TrailError } from '../error';
import { field, listOf, objectOf, secondsOf, textOf } from '../record/record';

export interface Selectors {
  /** Whether all management events of a kind (read or write) are recorded. */
  management(eventSource: string, readOnly: boolean): boolean;
  /** Whether all data events on resources of a type are recorded. */
  data(resourceType: string, readOnly: boolean): boolean;
}

/** An event data store of CloudTrail Lake. */
export interface EventDataStore extends Selectors {
  readonly id: string;
  /** The region of the store, if the store records only this region. */
  readonly onlyRegion: string | undefined;
  /**
   * The time, in seconds since 1970, since which the store records the events that its selectors include; `undefined`
   * if the store does not record events, or if the time is unknown.
   */
  readonly since: number | undefined;
  /**
   * Number of seconds for which the store keeps an event after the event's time; `undefined` if the number is unknown.
   */
  readonly retention: number | undefined;
}

/** A file that a user named. */
export interface NamedText {
  readonly place: string;
  readonly text: string;
}

interface Recorder<T> {
  readonly account: string;
  /** Whether the events of all accounts of an organization are recorded. */
  readonly organization: boolean;
  readonly selectors: T;
}

/** The events that the trails and event data stores of some accounts record. */
export class Recorders {
  readonly #trails: readonly Recorder<Selectors>[];
  readonly #stores: readonly Recorder<EventDataStore>[];

  constructor(trails: readonly Recorder<Selectors>[] = [], stores: readonly Recorder<EventDataStore>[] = []) {
    this.#trails = trails;
    this.#stores = stores;
  }

  /**
   * The events that all known trails of an account record. Only these events count, because a file does not show which
   * trail wrote it. `undefined` if no trail is known.
   */
  trail(account: string): Selectors | undefined {
    return inCommon(recorderOf(this.#trails, account));
  }

  /** The event data store with this id; `undefined` if no store with this id is known to record the account. */
  store(id: string, account: string): EventDataStore | undefined {
    const found = recorderOf(this.#stores, account).filter((store) => store.id === id);
    const common = inCommon(found);
    if (common === undefined) return undefined;
    return {
      ...common,
      id,
      onlyRegion: found.find(({ onlyRegion }) => onlyRegion !== undefined)?.onlyRegion,
      since: chosen(
        largest,
        found.map((each) => each.since),
      ),
      retention: chosen(
        smallest,
        found.map((each) => each.retention),
      ),
    };
  }
}

function recorderOf<T>(recorders: readonly Recorder<T>[], account: string): readonly T[] {
  return recorders.filter((each) => each.account === account || each.organization).map(({ selectors }) => selectors);
}

/** The largest or smallest of the given numbers; `undefined` if one of the numbers is unknown. */
function chosen(
  choose: (numbers: readonly number[]) => number,
  numbers: readonly (number | undefined)[],
): number | undefined {
  const known = numbers.filter((each) => each !== undefined);
  return known.length < numbers.length ? undefined : choose(known);
}

function inCommon(all: readonly Selectors[]): Selectors | undefined {
  if (all.length === 0) return undefined;
  return {
    management: (source, readOnly) => all.every((each) => each.management(source, readOnly)),
    data: (type, readOnly) => all.every((each) => each.data(type, readOnly)),
  };
}

/** The events that are recorded by the trails and event data stores in the given JSON texts. @throws {TrailError} */
export function readRecorders(files: readonly NamedText[]): Recorders {
  const values = files.map(({ place, text }) => {
    try {
      return { place, value: JSON.parse(text) as unknown };
    } catch (cause) {
      throw notSelectors(place, cause);
    }
  });
  const described = values.flatMap(({ value }) => [...listOf(field(value, 'trailList')), field(value, 'Trail')]);
  const ofOrganizations = new Set(
    described
      .filter((trail) => field(trail, 'IsOrganizationTrail') === true)
      .map((trail) => textOf(field(trail, 'TrailARN'))),
  );
  const trails: Recorder<Selectors>[] = [];
  const stores: Recorder<EventDataStore>[] = [];
  for (const { place, value } of values) {
    const [basic, advanced] = [field(value, 'EventSelectors'), field(value, 'AdvancedEventSelectors')];
    const [trail, store] = [textOf(field(value, 'TrailARN')), textOf(field(value, 'EventDataStoreArn'))];
    const account = TRAIL.exec(trail ?? '')?.[1];
    const [, region, owner, id] = STORE.exec(store ?? '') ?? [];
    if (account !== undefined && (Array.isArray(basic) || Array.isArray(advanced))) {
      const readers = [...listOf(basic).map(basicSelector), ...listOf(advanced).map(advancedSelector)];
      trails.push({ account, organization: ofOrganizations.has(trail), selectors: anyOf(readers) });
    } else if (owner !== undefined && id !== undefined && Array.isArray(advanced)) {
      const everywhere = field(value, 'MultiRegionEnabled') === true;
      stores.push({
        account: owner,
        organization: field(value, 'OrganizationEnabled') === true,
        selectors: {
          ...anyOf(advanced.map(advancedSelector)),
          id,
          onlyRegion: everywhere ? undefined : region,
          since: field(value, 'Status') === 'ENABLED' ? recordingSince(value) : undefined,
          retention: retentionOf(field(value, 'RetentionPeriod')),
        },
      });
    } else if (objectOf(field(value, 'Trail')) === undefined && !Array.isArray(field(value, 'trailList'))) {
      throw notSelectors(place);
    }
  }
  return new Recorders(trails, stores);
}

const TRAIL = /^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:(\d{12}):trail\/.+$/;
const STORE = /^arn:aws[a-z-]*:cloudtrail:([a-z0-9-]+):(\d{12}):eventdatastore\/([0-9a-f-]+)$/;

/**
 * An update may have changed the selectors, so it is unknown which events the store recorded before the update. For a
 * store that was never updated, the update time may be missing.
 */
function recordingSince(store: unknown): number | undefined {
  const [created, updated] = ['CreatedTimestamp', 'UpdatedTimestamp'].map((name) => field(store, name));
  return chosen(largest, [secondsOf(created), secondsOf(updated ?? created)]);
}

/** The retention period in seconds. In AWS's output, the period is in days. */
function retentionOf(days: unknown): number | undefined {
  return typeof days === 'number' && days > 0 ? days * 86_400 : undefined;
}

function anyOf(readers: readonly Selectors[]): Selectors {
  return {
    management: (source, readOnly) => readers.some((each) => each.management(source, readOnly)),
    data: (type, readOnly) => readers.some((each) => each.data(type, readOnly)),
  };
}

const NOTHING: Selectors = { management: () => false, data: () => false };

/** The values in a basic event selector that match all resources of a type. */
const ALL: Readonly<Record<string, RegExp>> = {
  'AWS::S3::Object': /^arn:aws[a-z-]*:s3(?::::?)?$/,
  'AWS::Lambda::Function': /^arn:aws[a-z-]*:lambda$/,
  'AWS::DynamoDB::Table': /^arn:aws[a-z-]*:dynamodb$/,
};

/**
 * AWS's output contains every field of a basic selector. A field that is missing or has a different type selects no
 * events.
 */
function basicSelector(selector: unknown): Selectors {
  const kind = textOf(field(selector, 'ReadWriteType'));
  const includes = (readOnly: boolean) => kind === 'All' || kind === (readOnly ? 'ReadOnly' : 'WriteOnly');
  const excluded = textsOf(field(selector, 'ExcludeManagementEventSources') ?? []);
  const withManagement = field(selector, 'IncludeManagementEvents') === true && excluded !== undefined;
  const types = new Set(
    listOf(field(selector, 'DataResources')).flatMap((resource) => {
      const type = textOf(field(resource, 'Type')) ?? '';
      const all = Object.hasOwn(ALL, type) ? ALL[type] : undefined;
      return listOf(field(resource, 'Values')).some((value) => all?.test(textOf(value) ?? '')) ? [type] : [];
    }),
  );
  return {
    management: (source, readOnly) => withManagement && includes(readOnly) && !excluded.includes(source),
    data: (type, readOnly) => types.has(type) && includes(readOnly),
  };
}

/** A selector with an unknown field is treated as limited, because the field may exclude events. */
function advancedSelector(selector: unknown): Selectors {
  const values = new Map<string, readonly string[]>();
  for (const each of listOf(field(selector, 'FieldSelectors'))) {
    const name = textOf(field(each, 'Field')) ?? '';
    const operators = Object.keys(objectOf(each) ?? {}).filter((key) => key !== 'Field');
    const texts = textsOf(field(each, 'Equals'));
    if (!FIELDS.has(name) || values.has(name) || operators.join() !== 'Equals' || texts === undefined) return NOTHING;
    values.set(name, texts);
  }
  const [category, types, reads] = ['eventCategory', 'resources.type', 'readOnly'].map((name) => values.get(name));
  const includes = (readOnly: boolean) => reads === undefined || reads.includes(String(readOnly));
  const isOnly = (name: string) => category?.length === 1 && category[0] === name;
  return {
    management: (_, readOnly) => types === undefined && isOnly('Management') && includes(readOnly),
    data: (type, readOnly) => isOnly('Data') && types?.includes(type) === true && includes(readOnly),
  };
}

/** A list of texts; `undefined` if the value is not such a list. */
function textsOf(value: unknown): readonly string[] | undefined {
  const texts = listOf(value).flatMap((each) => textOf(each) ?? []);
  return Array.isArray(value) && texts.length === value.length ? texts : undefined;
}

const FIELDS: ReadonlySet<string> = new Set(['eventCategory', 'resources.type', 'readOnly']);

function notSelectors(place: string, cause?: unknown): TrailError {
  return new TrailError(
    {
      code: 'unreadable-file',
      message: `${place} does not contain event selectors with the ARN of their trail or event data store`,
      hint: 'Write the whole output of `aws cloudtrail get-event-selectors` or `get-event-data-store` into it.',
    },
    { cause },
  );
}
