/** Checks where the routes of a broker's API lead. */
import {
  alterationsOf,
  CALL,
  functionOfRoute,
  integrationsOf,
  isOwnIntegration,
  mayBeOfBroker,
  ownFunctionOf,
} from '../brokers/broker-apis';
import type { Estate, Watched } from '../model';
import type { ReviewFinding } from '../review';
import { differs, isEmpty, show, valuesOf } from './attributes';
import { type Change, type FindingKind, finding, listOf, type ReviewContext } from './finding';

export const routeTarget: FindingKind = {
  id: 'route-target-changed',
  title: "A route of the broker's API leads to something else",
  severities: ['high'],
  why: 'Whoever controls the target of the route gets the access tokens of people who sign in, and can serve pages at the address of the console.',
  hint: 'Connect every route to the function that Leasehold deploys for it, and do not add credentials or parameters to the integration.',
};

/** Attributes that define routes of an API without separate resources in the plan. */
const ROUTES_OF_API = ['body', 'credentials_arn', 'route_key', 'target'];

/** A broker's API whose own attributes define routes. */
export function* ofRoutesOfApi(change: Change<Watched>, after: Watched): Iterable<ReviewFinding> {
  const { address } = after.place;
  for (const attribute of ROUTES_OF_API) {
    if (!differs(change, attribute) || isEmpty(after.values[attribute])) continue;
    yield finding(routeTarget, {
      place: { address, attribute },
      message: `The API ${address} gets routes from its ${attribute}, in addition to the routes that the plan shows.`,
    });
  }
}

/**
 * An integration of a broker's API or of a Leasehold function that, after the plan, calls another target or sends
 * different requests.
 */
export function* ofIntegration(change: Change<Watched>, { access }: ReviewContext): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (before === undefined || after === undefined || !isBrokers(before, access.before)) return;
  const isRepaired =
    ownFunctionOf(before, access.before) === undefined && ownFunctionOf(after, access.after) !== undefined;
  if (isRepaired) return;
  const { address } = after.place;
  for (const attribute of CALL.filter((name) => differs(change, name))) {
    const [was, is] = valuesOf(change, attribute);
    yield finding(routeTarget, {
      place: { address, attribute },
      message: `For the integration ${address}, ${attribute} changes from ${show(was)} to ${show(is)}.`,
    });
  }
}

function isBrokers(integration: Watched, estate: Estate): boolean {
  return isOwnIntegration(integration, estate) || mayBeOfBroker(integration, estate);
}

/**
 * A route of a broker's API, or a route that led to a Leasehold function. The route is new or has a new target, and
 * does not lead to the function that Leasehold deploys for it.
 */
export function* ofRouteTarget(change: Change<Watched>, { access }: ReviewContext): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (after === undefined) return;
  const earlier = before !== undefined && wasBrokers(before, access.before) ? before : undefined;
  if (earlier === undefined ? !mayBeOfBroker(after, access.after) : !differs(change, 'target')) return;
  const led = earlier && functionOfRoute(earlier, access.before);
  const leads = functionOfRoute(after, access.after);
  if (leads !== undefined && (led === undefined || leads === led)) return;
  const { address } = after.place;
  const [what, instead] =
    earlier === undefined
      ? [`The new route ${address} of a broker's API`, 'the function that Leasehold deploys for it']
      : [`The route ${address}`, led === undefined ? 'a function of Leasehold' : `the function ${led}`];
  yield finding(routeTarget, {
    place: { address, attribute: 'target' },
    message: `${what} leads to ${targetInWords(after, access.after)} instead of ${instead}.`,
  });
}

function wasBrokers(route: Watched, estate: Estate): boolean {
  const led = integrationsOf(route, estate).some((each) => each !== undefined && isOwnIntegration(each, estate));
  return led || mayBeOfBroker(route, estate);
}

function targetInWords(route: Watched, estate: Estate): string {
  const [integration] = integrationsOf(route, estate).filter(
    (each) => each === undefined || ownFunctionOf(each, estate) === undefined,
  );
  if (integration === undefined) return show(route.values.target);
  const { place, values } = integration;
  const altering = alterationsOf(integration);
  const how = altering.length === 0 ? '' : `, with ${listOf(altering)} of its own`;
  return `${show(values.integration_uri)} (${place.address}${how})`;
}
