/** Recognizes the parts of a Leasehold console in a plan: its function, the integrations of its API, and its domains. */
import { CONSOLE_ROLE_PATH, CONSOLE_ROUTES, CONSOLE_VARIABLES } from '@leasehold/documents';
import { parseArn } from '@leasehold/policy';
import { valueAt } from '../findings/attributes';
import type { Change } from '../findings/finding';
import type { Estate, PlannedAccess, Watched } from '../model';
import { stackOfFunction } from './broker-names';

/** Whether a function serves the files of a console: it has the role of such a function. */
export function isConsoleFunction({ type, values: { role } }: Watched): boolean {
  return type === 'aws_lambda_function' && typeof role === 'string' && isConsoleRole(role);
}

function isConsoleRole(arn: string): boolean {
  const parsed = parseArn(arn);
  return parsed?.service === 'iam' && parsed.resource.startsWith(`role${CONSOLE_ROLE_PATH}`);
}

/** Whether an integration passes calls to the function of a broker or of a console. */
export function isOwnIntegration(integration: Watched, estate: Estate): boolean {
  const name = calledFunction(integration);
  return name !== undefined && (stackOfFunction(name) !== undefined || isConsoleName(name, estate));
}

/**
 * Whether a new route only serves the files of a console: its key is one of the console's, and it leads to nothing but
 * the console's function, which can do nothing but write its log.
 */
export function servesConsole({ before, after }: Change<Watched>, { after: estate }: PlannedAccess): boolean {
  if (before !== undefined || after === undefined || !KEYS.has(after.values.route_key)) return false;
  const targets = integrationsOf(after, estate);
  return (
    targets.length > 0 &&
    targets.every((target) => {
      const name = target && calledFunction(target);
      return name !== undefined && isConsoleName(name, estate);
    })
  );
}

const KEYS: ReadonlySet<unknown> = new Set(Object.values(CONSOLE_ROUTES));

/** The integrations that a route leads to. `undefined` stands for one that the plan does not show. */
export function integrationsOf({ values, names }: Watched, { watched }: Estate): readonly (Watched | undefined)[] {
  const integrations = [...watched.values()].filter(({ type }) => type === 'aws_apigatewayv2_integration');
  const { target } = values;
  if (typeof target === 'string') {
    return [integrations.find((each) => target === `integrations/${String(each.values.id)}`)];
  }
  return (names?.target ?? []).map((address) => integrations.find(({ place }) => place.address === address));
}

/** The name of the function that an integration calls without parameters and credentials of its own. */
export function calledFunction({ values }: Watched): string | undefined {
  const { integration_uri: uri, integration_type: type } = values;
  if (typeof uri !== 'string' || type !== 'AWS_PROXY') return undefined;
  return /:lambda:path\/2015-03-31\/functions\/arn:[^/]+:function:([\w-]+)\/invocations$/.exec(uri)?.[1];
}

function isConsoleName(name: string, { watched }: Estate): boolean {
  return [...watched.values()].some((each) => isConsoleFunction(each) && each.values.function_name === name);
}

/** The domains of consoles, before or after the plan. */
export function consoleDomains({ before, after }: PlannedAccess): ReadonlySet<string> {
  const hosts = [before, after].flatMap(({ watched }) => [...watched.values()].flatMap(hostsIn));
  return new Set(hosts.filter((host) => typeof host === 'string'));
}

function hostsIn(each: Watched): readonly unknown[] {
  if (isConsoleFunction(each)) return [valueAt(each.values.environment, `[0].variables.${CONSOLE_VARIABLES.host}`)];
  return isOwnMapping(each) ? [each.values.domain_name] : [];
}

/** Whether a mapping leads from the whole domain to the stage of a broker. */
export function isOwnMapping({ type, values }: Watched): boolean {
  const { stage, api_mapping_key: key } = values;
  return (
    type === 'aws_apigatewayv2_api_mapping' &&
    typeof stage === 'string' &&
    /^leasehold-[a-z0-9-]+$/.test(stage) &&
    (key ?? '') === ''
  );
}
