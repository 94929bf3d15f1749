/**
 * Checks the console and the API at which it is: whether somebody else could determine the page on which people sign
 * approvals.
 */
import { stackOfFunction } from '../brokers/broker-names';
import {
  calledFunction,
  consoleDomains,
  integrationsOf,
  isConsoleFunction,
  isOwnIntegration,
  isOwnMapping,
} from '../brokers/console-of-plan';
import { sameValue } from '../diff/equal-values';
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { isUnread, show, valuesOf } from './attributes';
import { domainChanged, movedConsole } from './console-domain';
import { type Change, type Check, type FindingKind, finding, type ReviewContext } from './finding';
import { ofFunction } from './function-changes';

const changed: FindingKind = {
  id: 'console-changed',
  title: "The console's function or its environment changes",
  severities: ['high', 'medium'],
  why: 'The function serves the page on which people read what they sign, so anyone who can change the function can show one lease and have another one signed.',
  hint: 'Compare `source_code_hash` with the hash that `leasehold synth` of the same version gives, and do not merge other changes of the function.',
};

const target: FindingKind = {
  id: 'route-target-changed',
  title: "A route of the broker's API leads to something else",
  severities: ['high'],
  why: 'Whoever answers the route gets the access tokens of people who sign in, and serves pages at the address of the console.',
  hint: 'Let every route lead to the function that Leasehold deploys for it, without credentials and parameters of its own.',
};

const cors: FindingKind = {
  id: 'cors-opened',
  title: "Web pages of other sites may call the broker's API",
  severities: ['high'],
  why: 'A page of another site could then call the API with a token that it got from somebody, and read the answers.',
  hint: 'Remove `cors_configuration`: the console is at the address of the API and needs none.',
};

export const consoleSite: Check = {
  kinds: [changed, domainChanged, target, cors],
  *find(context) {
    const domains = consoleDomains(context.access);
    yield* movedConsole(context, domains);
    for (const change of context.watched) {
      const either = [change.before, change.after].filter((each) => each !== undefined);
      switch (either[0]?.type) {
        case 'aws_lambda_function':
          if (either.some(isConsoleFunction)) yield* ofFunction(change, changed, "console's");
          break;
        case 'aws_apigatewayv2_api':
          yield* ofApi(change);
          break;
        case 'aws_apigatewayv2_integration':
          if (change.before && isOwnIntegration(change.before, context.access.before)) yield* ofIntegration(change);
          break;
        case 'aws_apigatewayv2_route':
          yield* ofRoute(change, context);
          break;
        case 'aws_apigatewayv2_api_mapping':
        case 'aws_api_gateway_base_path_mapping':
          yield* ofMapping(change, domains);
          break;
      }
    }
  },
};

/** Attributes with which an API gets routes that are not resources of the plan. */
const ROUTES_OF_API = ['body', 'credentials_arn', 'route_key', 'target'];

function* ofApi(change: Change<Watched>): Iterable<ReviewFinding> {
  const { before, after } = change;
  const names = [before?.values.name, after?.values.name];
  if (after === undefined || !names.some((name) => typeof name === 'string' && stackOfFunction(name))) return;
  const { address } = after.place;
  if (differs(change, 'cors_configuration') && !isEmpty(after.values.cors_configuration)) {
    yield finding(cors, {
      place: { address, attribute: 'cors_configuration' },
      message: `The API ${address} can be called by pages of other sites: ${show(after.values.cors_configuration)}.`,
    });
  }
  for (const attribute of ROUTES_OF_API) {
    if (!differs(change, attribute) || isEmpty(after.values[attribute])) continue;
    yield finding(target, {
      place: { address, attribute },
      message: `The API ${address} gets routes from its ${attribute}, beside the routes that the plan shows.`,
    });
  }
}

/** Attributes that determine what an integration calls and what it sends. */
const CALL = [
  'connection_id',
  'connection_type',
  'credentials_arn',
  'integration_subtype',
  'integration_type',
  'integration_uri',
  'payload_format_version',
  'request_parameters',
  'response_parameters',
];

function* ofIntegration(change: Change<Watched>): Iterable<ReviewFinding> {
  const { after } = change;
  if (after === undefined) return;
  const { address } = after.place;
  for (const attribute of CALL.filter((name) => differs(change, name))) {
    const [was, is] = valuesOf(change, attribute);
    yield finding(target, {
      place: { address, attribute },
      message: `For the integration ${address}, ${attribute} changes from ${show(was)} to ${show(is)}.`,
    });
  }
}

/** A route that led to a function of Leasehold, and leads to something else now. */
function* ofRoute(change: Change<Watched>, { access }: ReviewContext): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (before === undefined || after === undefined || !differs(change, 'target')) return;
  const earlier = integrationsOf(before, access.before);
  if (!earlier.some((each) => each !== undefined && isOwnIntegration(each, access.before))) return;
  const functions = (of: typeof earlier) => of.map((each) => each && calledFunction(each));
  const later = functions(integrationsOf(after, access.after));
  const [called] = functions(earlier);
  if (later.length > 0 && later.every((name) => name !== undefined && name === called)) return;
  const { address } = after.place;
  yield finding(target, {
    place: { address, attribute: 'target' },
    message: `The route ${address} leads to ${show(after.values.target)} instead of the function ${called}.`,
  });
}

/** Attributes of both types of mappings. */
const MAPPING = ['api_id', 'api_mapping_key', 'base_path', 'domain_name', 'stage', 'stage_name'];

function* ofMapping(change: Change<Watched>, domains: ReadonlySet<string>): Iterable<ReviewFinding> {
  const { before, after } = change;
  const isOfConsole = (each: Watched | undefined) => domains.has(String(each?.values.domain_name));
  if (after === undefined || !(isOfConsole(before) || isOfConsole(after))) return;
  const { address } = after.place;
  const name = show(after.values.domain_name);
  if (before === undefined) {
    if (isOwnMapping(after)) return;
    const message = `${address} maps another API to ${name}, the domain of the console.`;
    yield finding(domainChanged, { place: { address }, message });
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

/**
 * Whether the value of an attribute differs before and after the plan. If neither value can be read, they count as
 * equal.
 */
function differs(change: Change<Watched>, attribute: string): boolean {
  const [was, is] = valuesOf(change, attribute);
  if (isUnread(was) && isUnread(is)) return false;
  return !(isEmpty(was) && isEmpty(is)) && !sameValue(was, is);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0 && !isUnread(value);
}
