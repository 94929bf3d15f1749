/** The actions that an event needed. The name of an event and of an action differ for some operations. */
import type { Catalogue } from '@leasehold/policy';
import { OPERATION_ACTIONS } from '../data/services';
import type { TrailRecord } from '../record/record';
import { prefixOf, serviceOfSource } from './services';
import { words } from './words';

/** The actions of an event. */
export interface Needed {
  /** Actions that were needed. */
  readonly actions: readonly string[];
  /** Actions that may have been needed, depending on parameters that are not read here. */
  readonly perhaps: readonly string[];
  /** Whether `actions` and `perhaps` are complete as far as AWS documents it. False: any action may have been needed. */
  readonly known: boolean;
}

/** The actions that an event needed. */
export function neededBy({ source, name, decisions }: TrailRecord, catalogue: Catalogue): Needed {
  if (decisions !== undefined) return { actions: decisions.map(({ action }) => action), perhaps: [], known: true };
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
 * The operation of an event. Events of Lambda and CloudFront have the version of the API in their names:
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
