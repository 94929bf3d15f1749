/**
 * Checks whether the console of a Leasehold broker moves to another domain. Passkeys are valid for one host name only:
 * https://www.w3.org/TR/webauthn-3/#rp-id
 */
import { isBrokerFunction } from '../brokers/brokers-of-plan';
import { type ConsoleHosts, hostInManifest, hostOf, mayBeOfConsole, sameHost } from '../brokers/console-hosts';
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { isUnread, show, valueAt } from './attributes';
import { type Change, type FindingKind, finding, type ReviewContext } from './finding';

export const domainChanged: FindingKind = {
  id: 'console-domain-changed',
  title: 'The console moves to another domain, or its domain is mapped to another target',
  severities: ['high'],
  why: 'Passkeys are bound to the domain: they do not work at another domain, and any page that is served at the same domain can ask people to sign with them.',
  hint: 'Keep the domain, and map only the API of the broker to it. If the domain must change, plan for all passkeys to be registered again.',
};

/**
 * The findings about a console that moves to another domain.
 * @param hosts The host names of consoles.
 */
export function* movedConsole(context: ReviewContext, hosts: ConsoleHosts): Iterable<ReviewFinding> {
  const { before, after } = context.access.manifests;
  const was = hostInManifest(before);
  const domains = context.watched.filter((change) => isConsole(change, was, hosts, context));
  for (const change of domains) yield* ofDomain(change, after);
  // Without a resource for the domain, only the output shows where the console was.
  if (was === undefined || after === undefined || domains.length > 0 || isOfApi(was)) return;
  if (hostInManifest(after) === was) return;
  yield finding(domainChanged, {
    place: { address: 'output.leasehold', attribute: 'broker.console' },
    message: moved(was, consoleIn(after), after),
  });
}

/** Whether a change is one of the console's domain. Without a known console, each domain of the plan may be its domain. */
function isConsole(
  { before }: Change<Watched>,
  was: string | undefined,
  hosts: ConsoleHosts,
  context: ReviewContext,
): boolean {
  if (before?.type !== DOMAIN) return false;
  if (mayBeOfConsole(before, hosts, context.access.before)) return true;
  return (was === undefined || isOfApi(was)) && (context.leasehold || context.watched.some(isBroker));
}

function isBroker({ before, after }: Change<Watched>): boolean {
  return [before, after].some((side) => side?.type === 'aws_lambda_function' && isBrokerFunction(side));
}

const DOMAIN = 'aws_apigatewayv2_domain_name';
const NAME = 'domain_name';

function* ofDomain({ before, after }: Change<Watched>, manifest: unknown): Iterable<ReviewFinding> {
  if (before === undefined) return;
  const [was, is] = [valueAt(before.values, NAME), valueAt(after?.values, NAME)];
  if (sameHost(was, is) || (isUnread(was) && isUnread(is))) return;
  const { address } = before.place;
  yield finding(domainChanged, {
    place: { address, attribute: NAME },
    message: moved(show(was), is, manifest),
  });
}

/** @param manifest The manifest after the plan, which names no console if there is none. */
function moved(was: string, is: unknown, manifest: unknown): string {
  if (is === undefined && manifest !== undefined && consoleIn(manifest) === undefined) {
    return `The console at ${was} is removed.`;
  }
  return `The console moves from ${was} ${where(is)}.`;
}

function where(is: unknown): string {
  if (isUnread(is)) return 'to a domain that the plan does not show';
  return typeof is === 'string' ? `to ${hostOf(is) ?? is}` : 'to the address of its API';
}

function consoleIn(manifest: unknown): unknown {
  return valueAt(valueAt(manifest, 'broker'), 'console');
}

/** Whether a host is that of an API, where nobody can register passkeys. */
function isOfApi(host: string): boolean {
  return /\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(host);
}
