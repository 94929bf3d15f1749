/** Recognizes the APIs of brokers in a plan, and the functions to which their routes lead. */
import { CONSOLE_ROUTES } from '@leasehold/documents';
import { isEmpty } from '../findings/attributes';
import type { Change } from '../findings/finding';
import type { Estate, PlannedAccess, Watched } from '../model';
import { stackOfConsole, stackOfFunction, stackOfStage } from './broker-names';
import { isConsoleFunction } from './console-of-plan';

/**
 * The stack of the broker to which an API belongs. It is found by name: the broker's function has the same name as the
 * API.
 */
export function stackOfApi({ type, values: { name } }: Watched): string | undefined {
  return type === 'aws_apigatewayv2_api' && typeof name === 'string' ? stackOfFunction(name) : undefined;
}

/**
 * Whether a route, an integration or an authorizer may belong to the API of a broker. If the plan does not show its API,
 * it may belong to any API of the plan.
 */
export function mayBeOfBroker(part: Watched, estate: Estate): boolean {
  const { apis, integrations } = apisIn(estate);
  const own = apis.filter((api) => stackOfApi(api) !== undefined);
  const { api_id: id } = part.values;
  if (typeof id === 'string') {
    return (
      own.some(({ values }) => values.id === id) ||
      integrations.some((each) => each.values.api_id === id && isOwnIntegration(each, estate))
    );
  }
  const addresses = part.names?.api_id;
  return own.some(({ place }) => addresses === undefined || addresses.includes(place.address));
}

/** Whether an integration calls a function of a broker or of a console in any way. */
export function isOwnIntegration(integration: Watched, estate: Estate): boolean {
  const name = namedFunction(integration)?.name;
  return name !== undefined && (stackOfFunction(name) !== undefined || isConsoleName(name, estate));
}

/**
 * What an attribute of an integration may be, other than empty, if API Gateway passes requests and answers unchanged.
 * Parameter mapping can replace request data. An integration with its own credentials can call a function whose policy
 * does not permit API Gateway. Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
const UNCHANGED = {
  connection_id: [],
  connection_type: ['INTERNET'],
  credentials_arn: [],
  integration_method: ['POST'],
  integration_subtype: [],
  integration_type: ['AWS_PROXY'],
  payload_format_version: ['2.0'],
  request_parameters: [],
  request_templates: [],
  response_parameters: [],
  tls_config: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Attributes without which an integration does not pass requests unchanged. */
const REQUIRED: ReadonlySet<string> = new Set(['integration_type', 'payload_format_version']);

/** Attributes that determine what an integration calls and what it sends. */
export const CALL: readonly string[] = ['integration_uri', ...Object.keys(UNCHANGED)];

/** The attributes that prevent an integration from passing requests and responses unchanged to and from a function. */
export function alterationsOf(integration: Watched): readonly string[] {
  return Object.entries(UNCHANGED).flatMap(([attribute, permitted]: [string, readonly unknown[]]) => {
    const value = integration.values[attribute];
    const good = isEmpty(value) ? !REQUIRED.has(attribute) : permitted.includes(value);
    return good ? [] : [attribute];
  });
}

/**
 * The name of the function to which a route leads, if the route leads only to the function of its broker or console.
 */
export function functionOfRoute(route: Watched, estate: Estate): string | undefined {
  const [name, ...others] = integrationsOf(route, estate).map((each) => each && ownFunctionOf(each, estate));
  return others.every((other) => other === name) ? name : undefined;
}

/** The name of the function of a broker or console to which an integration passes requests unchanged. */
export function ownFunctionOf(integration: Watched, estate: Estate): string | undefined {
  const called = namedFunction(integration);
  if (called === undefined || alterationsOf(integration).length > 0) return undefined;
  const { name, account } = called;
  if (integration.account.kind === 'unknown' || integration.account.value !== account) return undefined;
  const stack = stackOfFunction(name) ?? (isConsoleName(name, estate) ? stackOfConsole(name) : undefined);
  // If the plan does not show the API, the name of the stack cannot be compared.
  const others = apisOf(integration, estate).map(stackOfApi);
  return stack !== undefined && others.every((other) => other === stack) ? name : undefined;
}

/**
 * Whether a new route only serves the files of a console: its key is one of the console's, and it leads to nothing but
 * the console's function, which can do nothing but write its log.
 */
export function servesConsole({ before, after }: Change<Watched>, { after: estate }: PlannedAccess): boolean {
  if (before !== undefined || after === undefined || !KEYS.has(after.values.route_key)) return false;
  const name = functionOfRoute(after, estate);
  return name !== undefined && isConsoleName(name, estate);
}

const KEYS: ReadonlySet<unknown> = new Set(Object.values(CONSOLE_ROUTES));

/** The integrations that a route leads to. `undefined` stands for one that the plan does not show. */
export function integrationsOf({ values, names }: Watched, estate: Estate): readonly (Watched | undefined)[] {
  const { integrations } = apisIn(estate);
  const { target } = values;
  if (typeof target === 'string') {
    return [integrations.find((each) => target === `integrations/${String(each.values.id)}`)];
  }
  return (names?.target ?? []).map((address) => integrations.find(({ place }) => place.address === address));
}

/** Whether a mapping leads from a whole domain to the stage of a broker. Its API may be another one. */
export function isBrokerMapping({ type, values: { stage, api_mapping_key: key } }: Watched): boolean {
  return (
    type === 'aws_apigatewayv2_api_mapping' &&
    typeof stage === 'string' &&
    stackOfStage(stage) !== undefined &&
    isEmpty(key)
  );
}

/** Whether a mapping leads from a whole domain to the API and the stage of one broker. */
export function leadsToBroker(mapping: Watched, estate: Estate): boolean {
  const apis = apisOf(mapping, estate);
  const stack = stackOfStage(String(mapping.values.stage));
  return isBrokerMapping(mapping) && apis.length > 0 && apis.every((api) => stackOfApi(api) === stack);
}

/** The API resources to which a part of an API may belong. Empty if the plan shows none. */
function apisOf({ values: { api_id: id }, names }: Watched, estate: Estate): readonly Watched[] {
  const { apis } = apisIn(estate);
  if (typeof id === 'string') return apis.filter(({ values }) => values.id === id);
  return apis.filter(({ place }) => names?.api_id?.includes(place.address));
}

/** The function in the URI of an integration. A version or an alias of a function is not this function. */
function namedFunction({ values: { integration_uri: uri } }: Watched): { name: string; account: string } | undefined {
  const [, account, name] = typeof uri === 'string' ? (FUNCTION_URI.exec(uri) ?? []) : [];
  return account === undefined || name === undefined ? undefined : { account, name };
}

const FUNCTION_URI =
  /^arn:[^:/]+:apigateway:[^:/]*:lambda:path\/2015-03-31\/functions\/arn:[^:/]+:lambda:[^:/]+:(\d{12}):function:([\w-]+)\/invocations$/;

function isConsoleName(name: string, estate: Estate): boolean {
  return apisIn(estate).consoles.has(name);
}

interface Apis {
  readonly apis: readonly Watched[];
  readonly integrations: readonly Watched[];
  /** The names of the functions that serve consoles. */
  readonly consoles: ReadonlySet<unknown>;
}

const read = new WeakMap<Estate, Apis>();

function apisIn(estate: Estate): Apis {
  const known = read.get(estate);
  if (known !== undefined) return known;
  const all = [...estate.watched.values()];
  const found: Apis = {
    apis: all.filter(({ type }) => type === 'aws_apigatewayv2_api'),
    integrations: all.filter(({ type }) => type === 'aws_apigatewayv2_integration'),
    consoles: new Set(all.filter(isConsoleFunction).map(({ values }) => values.function_name)),
  };
  read.set(estate, found);
  return found;
}
