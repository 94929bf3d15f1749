/**
 * Maps an event to the IAM actions that the call needed. For some operations, the event and the action have different
 * names.
 */
import { type Catalogue, Memory } from '@leasehold/policy';
import { OPERATION_ACTIONS } from '../data/services';
import type { TrailRecord } from '../record/record';
import { prefixOf, serviceOfSource } from './services';
import { words } from './words';

/** The actions of an event. */
export interface Needed {
  /** Actions that were needed. */
  readonly actions: readonly string[];
  /** Actions that the call may have needed, depending on request parameters that are not evaluated here. */
  readonly perhaps: readonly string[];
  /**
   * Whether `actions` and `perhaps` are complete according to the AWS documentation. If false, the call may have needed
   * any action.
   */
  readonly known: boolean;
}

/** `neededBy`, with results that are cached by event name. The sandbox's events already contain their actions. */
export function needs(catalogue: Catalogue): (record: TrailRecord) => Needed {
  const known = new Memory<Needed>(5000);
  return (record) => {
    const { source, name, decisions } = record;
    if (decisions !== undefined) return neededBy(record, catalogue);
    // The length separates the two texts, because both are untrusted.
    return known.get(`${source.length} ${source}${name}`, () => neededBy(record, catalogue));
  };
}

/** The actions that an event needed. */
export function neededBy(record: TrailRecord, catalogue: Catalogue): Needed {
  const mapped = mappedFrom(record, catalogue);
  const decided = record.decisions?.map(({ action }) => action) ?? [];
  const dependent = [...mapped.actions, ...mapped.perhaps, ...decided].flatMap(
    (action) => catalogue.action(action)?.dependentActions ?? [],
  );
  const perhaps = [...new Set([...mapped.perhaps, ...dependent])];
  if (record.decisions === undefined) return { ...mapped, perhaps };
  // The sandbox stops at the first denial, and it may not require everything that AWS requires.
  return {
    actions: decided,
    perhaps: [...mapped.actions, ...perhaps].filter((action) => !decided.includes(action)),
    known: mapped.known || record.decisions.every(({ allowed }) => allowed),
  };
}

function mappedFrom({ source, name }: TrailRecord, catalogue: Catalogue): Needed {
  const prefix = prefixOf(source);
  if (prefix === undefined) return NOTHING;
  const operation = operationOf(name, prefix);
  const service = serviceOfSource(source);
  const perhaps = [operation, '*'].flatMap((key) => withPrefix(own(service?.perhaps, key), prefix));
  const listed = own(service?.events, operation);
  if (listed !== undefined) return { actions: withPrefix(listed, prefix), perhaps, known: true };
  const renamed = OPERATION_ACTIONS.get(`${prefix}:${operation}`);
  if (renamed !== undefined) return { actions: [renamed], perhaps, known: true };
  const action = catalogue.action(`${prefix}:${operation}`);
  if (action === undefined) return { actions: [], perhaps, known: false };
  return { actions: [action.id], perhaps, known: true };
}

const NOTHING: Needed = { actions: [], perhaps: [], known: false };

/**
 * The operation name without an API version. Lambda and CloudFront events contain the version in the event name:
 * `UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`.
 */
function operationOf(name: string, prefix: string): string {
  if (prefix === 'lambda') return name.replace(/\d{8}(?:v\d)?$/, '');
  return prefix === 'cloudfront' ? name.replace(/\d{4}_\d{2}_\d{2}$/, '') : name;
}

function own(lists: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  return lists !== undefined && Object.hasOwn(lists, key) ? lists[key] : undefined;
}

function withPrefix(names: string | undefined, prefix: string): readonly string[] {
  return words(names ?? '').map((name) => (name.includes(':') ? name : `${prefix}:${name}`));
}
