/** The host names of Leasehold consoles, and the mappings that may route these names elsewhere. */
import { CONSOLE_VARIABLES } from '@leasehold/documents';
import { valueAt } from '../findings/attributes';
import type { Estate, PlannedAccess, Watched } from '../model';
import { Unread } from '../model';
import { isBrokerMapping } from './broker-apis';
import { isConsoleFunction } from './console-of-plan';

/** The host names of the consoles that exist before or after the plan. */
export interface ConsoleHosts {
  /** In lower case. */
  readonly known: ReadonlySet<string>;
  /** Whether the host name of a console cannot be read. It may then be any host name. */
  readonly unread: boolean;
}

/**
 * The host names of a plan's consoles, taken from functions, from mappings to stages of brokers, and from manifests.
 */
export function consoleHosts({ before, after, manifests }: PlannedAccess): ConsoleHosts {
  const sides = [before, after];
  const all = [
    ...sides.flatMap((estate) => [...estate.watched.values()].flatMap((each) => hostsIn(each, estate))),
    ...[manifests.before, manifests.after].map(hostInManifest),
  ];
  const known = all.filter((host) => typeof host === 'string' && host !== '').map((host) => lowerCase(host));
  return { known: new Set(known), unread: all.includes(Unread) };
}

/** Whether a mapping or a domain may have the host name of a console. */
export function mayBeOfConsole(each: Watched, { known, unread }: ConsoleHosts, estate: Estate): boolean {
  if (unread) return true;
  return known.size > 0 && domainsOf(each, estate).some((name) => name === Unread || known.has(lowerCase(name)));
}

/** Host names are compared case-insensitively. A name that cannot be read may be a different name. */
export function sameHost(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && typeof other === 'string' && lowerCase(one) === lowerCase(other);
}

/** The host name of the console in a manifest. */
export function hostInManifest(manifest: unknown): string | undefined {
  const address = valueAt(valueAt(manifest, 'broker'), 'console');
  return typeof address === 'string' ? hostOf(address) : undefined;
}

/** The host name in an address. */
export function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).hostname : undefined;
}

/** The domain names of a mapping or of a domain: text, or a value that cannot be read. */
export function domainsOf({ values: { domain_name: name }, names }: Watched, { watched }: Estate): readonly unknown[] {
  if (typeof name === 'string') return [name];
  const addresses = names?.domain_name ?? [];
  const domains = [...watched.values()].filter(({ place }) => addresses.includes(place.address));
  const found = domains.map(({ values }) => values.domain_name).filter((each) => typeof each === 'string');
  return found.length > 0 && found.length === addresses.length ? found : [Unread];
}

function hostsIn(each: Watched, estate: Estate): readonly unknown[] {
  if (isConsoleFunction(each)) return [valueAt(each.values.environment, `[0].variables.${CONSOLE_VARIABLES.host}`)];
  return isBrokerMapping(each) ? domainsOf(each, estate) : [];
}

function lowerCase(host: unknown): string {
  return String(host).toLowerCase();
}
