/** Checks whether something other than the broker's API is mapped to the domain of a console. */
import { isBrokerMapping, leadsToBroker } from '../brokers/broker-apis';
import { type ConsoleHosts, domainsOf, mayBeOfConsole, sameHost } from '../brokers/console-hosts';
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { differs, show, valuesOf } from './attributes';
import { domainChanged } from './console-domain';
import { type Change, finding, type ReviewContext } from './finding';

/** Attributes of both types of mappings. */
const MAPPING = ['api_id', 'api_mapping_key', 'base_path', 'domain_name', 'stage', 'stage_name'];

export function* ofMapping(
  change: Change<Watched>,
  hosts: ConsoleHosts,
  { access }: ReviewContext,
): Iterable<ReviewFinding> {
  const { before, after } = change;
  const earlier = before !== undefined && mayBeOfConsole(before, hosts, access.before) ? before : undefined;
  if (after === undefined) {
    if (earlier !== undefined && isBrokerMapping(earlier) && !isReplaced(earlier, { access })) yield removed(earlier);
    return;
  }
  const { address } = after.place;
  if (earlier === undefined) {
    if (!mayBeOfConsole(after, hosts, access.after) || leadsToBroker(after, access.after)) return;
    const [name] = domainsOf(after, access.after).map(show);
    yield finding(domainChanged, {
      place: { address },
      message: `${address} maps another API, or a part of it, to ${name}, the domain of the console.`,
    });
    return;
  }
  for (const attribute of MAPPING.filter((each) => differs(change, each))) {
    const [was, is] = valuesOf(change, attribute);
    yield finding(domainChanged, {
      place: { address, attribute },
      message: `For ${address}, a mapping of the console's domain, ${attribute} changes from ${show(was)} to ${show(is)}.`,
    });
  }
}

/** Whether another mapping leads from the same domain to the API of a broker after the plan. */
function isReplaced({ values }: Watched, { access: { after } }: Pick<ReviewContext, 'access'>): boolean {
  return [...after.watched.values()].some(
    (each) => sameHost(each.values.domain_name, values.domain_name) && leadsToBroker(each, after),
  );
}

function removed({ place, values }: Watched): ReviewFinding {
  return finding(domainChanged, {
    place,
    message: `${place.address} is removed: ${show(values.domain_name)}, the domain of the console, no longer leads to the API of the broker.`,
  });
}
