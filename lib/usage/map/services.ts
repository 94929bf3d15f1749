/** Maps event sources to services, and determines which actions of a service CloudTrail records. */
import type { ActionInfo } from '@leasehold/policy';
import { RECORDED_SERVICES, type RecordedService } from '../data/services';
import { words } from './words';

/** Event sources whose first label is not the IAM prefix of their service. */
const SOURCES: Readonly<Record<string, string>> = {
  'appstream2.amazonaws.com': 'appstream',
  'email.amazonaws.com': 'ses',
  'models.lex.amazonaws.com': 'lex',
  'runtime.lex.amazonaws.com': 'lex',
  'streams.dynamodb.amazonaws.com': 'dynamodb',
  'tagging.amazonaws.com': 'tag',
};

const BY_SOURCE = new Map(RECORDED_SERVICES.map((service) => [service.eventSource, service]));
const BY_PREFIX = new Map(RECORDED_SERVICES.map((service) => [service.prefix, service]));

/** The service with this event source; `undefined` if the service is not in the list of recorded services. */
export function serviceOfSource(source: string): RecordedService | undefined {
  return BY_SOURCE.get(source);
}

/** The service with this IAM prefix; `undefined` if the service is not in the list of recorded services. */
export function serviceOfPrefix(prefix: string): RecordedService | undefined {
  return BY_PREFIX.get(prefix);
}

/** IAM prefix of the actions for an event source; `undefined` if the event source has an unusual form. */
export function prefixOf(source: string): string | undefined {
  const known = BY_SOURCE.get(source)?.prefix ?? (Object.hasOwn(SOURCES, source) ? SOURCES[source] : undefined);
  return known ?? /^([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(source)?.[1];
}

/** How CloudTrail records an action. */
export type Recording =
  /** As a management event. */
  | { readonly kind: 'management'; readonly service: RecordedService }
  /** CloudTrail records the action as a data event, but only if the event selectors of the trail include it. */
  | { readonly kind: 'data'; readonly service: RecordedService; readonly resourceType: string }
  /** It is unknown whether CloudTrail records every use of the action. */
  | { readonly kind: 'unknown'; readonly why: string };

/** How CloudTrail records the uses of an action. */
export function recordingOf({ service: prefix, name, id }: ActionInfo): Recording {
  const service = BY_PREFIX.get(prefix);
  if (service === undefined) return { kind: 'unknown', why: `which events ${prefix} records is not known` };
  const lists = listsOf(service);
  if (lists.data.has(name) && service.data) {
    return { kind: 'data', service, resourceType: service.data.resourceType };
  }
  const claimed = lists.any ? !lists.not.has(name) : lists.claimed.has(name);
  return claimed
    ? { kind: 'management', service }
    : { kind: 'unknown', why: `whether each use of ${id} has an event of its own is not known` };
}

interface Lists {
  readonly any: boolean;
  readonly claimed: ReadonlySet<string>;
  readonly not: ReadonlySet<string>;
  readonly data: ReadonlySet<string>;
}

const LISTS = new Map<RecordedService, Lists>();

function listsOf(service: RecordedService): Lists {
  const known = LISTS.get(service);
  if (known !== undefined) return known;
  const claimed = words(service.claimed.names);
  const lists = {
    any: claimed.includes('*'),
    claimed: new Set(claimed),
    not: new Set(words(service.claimed.not ?? '')),
    data: new Set(words(service.data?.names ?? '')),
  };
  LISTS.set(service, lists);
  return lists;
}
