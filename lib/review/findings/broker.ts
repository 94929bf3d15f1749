/** Checks the broker's function, and checks who may call the routes of an API. */
import { mayBeOfBroker, servesConsole } from '../brokers/broker-apis';
import { isBrokerFunction } from '../brokers/brokers-of-plan';
import { sameValue } from '../diff/equal-values';
import type { PlannedAccess, Watched } from '../model';
import type { ReviewFinding, Severity } from '../review';
import { isUnread, listAt, show, valuesOf } from './attributes';
import { type Change, type Check, type FindingKind, finding, type ReviewContext } from './finding';
import { ofFunction } from './function-changes';

const changed: FindingKind = {
  id: 'broker-changed',
  title: "The broker's function or its environment changes",
  severities: ['high', 'medium'],
  why: 'The broker decides who gets a lease, so anyone who can change the broker can make that decision.',
  hint: 'Review this change as carefully as a change to the validator, which limits every grant, and merge it separately.',
};

const route: FindingKind = {
  id: 'route-authorization-weakened',
  title: 'A route of an API permits callers that it denied before',
  severities: ['critical', 'high', 'medium'],
  why: 'Only a verified signature identifies the caller. A route that does not verify signatures accepts any identity that the caller claims.',
  hint: 'Set the authorization of the route to `AWS_IAM` or to a JWT authorizer with its scopes.',
};

export const broker: Check = {
  kinds: [changed, route],
  *find({ watched, leasehold, access }) {
    for (const change of watched) {
      const type = change.after?.type ?? change.before?.type ?? '';
      if (isBroker(change)) yield* ofFunction(change, changed, "broker's");
      if (type === 'aws_apigatewayv2_route' && !servesConsole(change, access)) {
        yield* ofRoute(change, 'authorization_type', { leasehold, access });
      }
      if (type === 'aws_api_gateway_method') yield* ofRoute(change, 'authorization', { leasehold, access });
      if (type === 'aws_apigatewayv2_authorizer' || type === 'aws_api_gateway_authorizer') {
        yield* ofAuthorizer(change, access);
      }
    }
  },
};

function isBroker({ before, after }: Change<Watched>): boolean {
  return (before !== undefined && isBrokerFunction(before)) || (after !== undefined && isBrokerFunction(after));
}

/** Authorization types, sorted from the weakest to the strongest. */
const STRENGTH = ['NONE', 'CUSTOM', 'COGNITO_USER_POOLS', 'JWT', 'AWS_IAM'];

function* ofRoute(
  { before: sameAddress, after, key }: Change<Watched>,
  attribute: string,
  { leasehold, access }: Pick<ReviewContext, 'leasehold' | 'access'>,
): Iterable<ReviewFinding> {
  if (after === undefined) return;
  const before = sameAddress ?? replacedBy(after, access);
  const change = { before, after, key };
  const place = { address: after.place.address, attribute };
  const ofBroker = mayBeOfBroker(after, access.after);
  const [was, is] = valuesOf(change, attribute);
  const kind = typeof is === 'string' ? is : isUnread(is) ? undefined : 'NONE';
  if (before === undefined) {
    if (kind === undefined || kind === 'NONE') {
      const severity: Severity = leasehold ? 'high' : 'medium';
      yield finding(route, { place, severity, message: `The new route ${place.address} permits unsigned calls.` });
    } else if (ofBroker && kind === 'JWT' && listAt(after.values, 'authorization_scopes').length === 0) {
      yield finding(route, {
        place: { ...place, attribute: 'authorization_scopes' },
        severity: 'high',
        message: `The new route ${place.address} of a broker's API takes tokens of any scope.`,
      });
    }
    return;
  }
  const earlier = typeof was === 'string' ? was : 'NONE';
  const isOther = ofBroker && earlier !== 'NONE' && kind !== earlier;
  if (kind === undefined || isOther || STRENGTH.indexOf(kind) < STRENGTH.indexOf(earlier)) {
    yield finding(route, {
      place,
      severity: kind === 'NONE' ? 'critical' : 'high',
      message: `The route ${place.address} is authorized by ${show(is)} instead of ${earlier}.`,
      // Each route of a broker's API is for callers of one kind: those who sign, or those who sign in.
      ...(isOther ? { hint: `Keep ${earlier} as the authorization type of the route.` } : {}),
    });
    return;
  }
  const [oldAuthorizer, newAuthorizer] = valuesOf(change, 'authorizer_id');
  if (earlier === kind && kind !== 'AWS_IAM' && !sameValue(oldAuthorizer ?? null, newAuthorizer ?? null)) {
    yield finding(route, {
      place: { ...place, attribute: 'authorizer_id' },
      severity: 'high',
      message: `The route ${place.address} now uses a different authorizer.`,
    });
  }
  const kept = new Set(listAt(after.values, 'authorization_scopes'));
  const scopes = listAt(before.values, 'authorization_scopes');
  const loose =
    kept.size === 0 ? scopes.length > 0 : [...kept].some((scope) => !scopes.includes(scope)) && scopes.length > 0;
  if (loose) {
    yield finding(route, {
      place: { ...place, attribute: 'authorization_scopes' },
      severity: 'high',
      message: `The route ${place.address} takes tokens of other scopes than ${scopes.map(show).join(', ')}.`,
    });
  }
}

/** Attributes that identify a route within its API. */
const IDENTITY: Readonly<Partial<Record<Watched['type'], readonly string[]>>> = {
  aws_apigatewayv2_route: ['api_id', 'route_key'],
  aws_api_gateway_method: ['rest_api_id', 'resource_id', 'http_method'],
};

/** The earlier route that a route at a new address replaces: the one with the same key in the same API. */
function replacedBy({ type, values }: Watched, { before }: PlannedAccess): Watched | undefined {
  const identity = IDENTITY[type] ?? [];
  if (!identity.every((attribute) => typeof values[attribute] === 'string')) return undefined;
  return [...before.watched.values()].find(
    (each) => each.type === type && identity.every((attribute) => each.values[attribute] === values[attribute]),
  );
}

/** Attributes that determine whom an authorizer accepts. */
const ACCEPTS = [
  'jwt_configuration',
  'authorizer_uri',
  'authorizer_type',
  'type',
  'provider_arns',
  'identity_sources',
  'identity_source',
];

function* ofAuthorizer(change: Change<Watched>, access: PlannedAccess): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (after === undefined) return;
  if (before === undefined) {
    yield* ofNewAuthorizer(after, access);
    return;
  }
  for (const attribute of ACCEPTS) {
    const [was, is] = valuesOf(change, attribute);
    if (sameValue(was ?? null, is ?? null)) continue;
    yield finding(route, {
      place: { address: after.place.address, attribute },
      severity: 'high',
      message: `For the authorizer ${after.place.address}, ${attribute} changes from ${show(was)} to ${show(is)}.`,
    });
  }
}

/** An authorizer that a broker's API gets in addition to, or in place of, the authorizers that it has. */
function* ofNewAuthorizer(after: Watched, access: PlannedAccess): Iterable<ReviewFinding> {
  if (!mayBeOfBroker(after, access.after)) return;
  const { type, values, place } = after;
  const { api_id: id } = values;
  const earlier = [...access.before.watched.values()].filter(
    (each) =>
      each.type === type && (typeof id === 'string' ? each.values.api_id === id : mayBeOfBroker(each, access.before)),
  );
  const accepts = (each: Watched) => ACCEPTS.map((attribute) => each.values[attribute] ?? null);
  if (earlier.length === 0 || earlier.some((each) => sameValue(accepts(each), accepts(after)))) return;
  yield finding(route, {
    place,
    severity: 'high',
    message: `The new authorizer ${place.address} of a broker's API accepts other callers than the authorizers before.`,
  });
}
