/**
 * The configuration of the broker's function: a file next to the function's code, so that code and definitions are
 * reviewed in one plan and deployed together. The file contains no secret.
 */
import { defined } from '@leasehold/contract/defined';
import { type Environment, type Locate, type Parameter, ParameterPattern } from '@leasehold/definitions';

/** Name of the file in the function's deployment package. */
export const BROKER_CONFIG = 'config.json';

/**
 * Version of the file format. The code and the file are packed together. The function rejects a file of any other
 * version.
 */
const VERSION = 1;

/**
 * Serializes an environment for the function: JSON with sorted keys, so that the same definitions give the same bytes.
 * Omits data that the function does not use: source positions in the YAML, the location of Terraform's state, and the
 * e-mail addresses for alerts.
 */
export function brokerConfig(environment: Environment): string {
  const { backend: _state, alerts: _told, ...known } = environment;
  return JSON.stringify({ version: VERSION, environment: known }, sorted);
}

/**
 * Reads the environment in a {@link brokerConfig}. The environment's `locate` functions always return the file itself,
 * and its backend is a placeholder.
 * @throws {TypeError} if the text is not a configuration file, or if the version of the file is not supported.
 */
export function readBrokerConfig(text: string): Environment {
  const file = parsed(text);
  if (file?.version !== VERSION || typeof file.environment !== 'object' || file.environment === null) {
    throw new TypeError(
      `${BROKER_CONFIG} is not a configuration of version ${VERSION}; run \`leasehold synth\` and deploy what it writes`,
    );
  }
  const { broker, ...environment } = file.environment as Environment;
  return {
    ...environment,
    ...defined({ broker: broker && located(broker) }),
    agents: environment.agents.map(located),
    principals: environment.principals.map(located),
    roles: environment.roles.map((role) => located({ ...role, parameters: role.parameters.map(withPattern) })),
    backend: { type: 'local' },
    locate: nowhere,
  };
}

function located<T extends object>(value: T): T & { readonly locate: Locate } {
  return { ...value, locate: nowhere };
}

/** Rebuilds a parameter's pattern from its text in the JSON. */
function withPattern({ pattern, ...parameter }: Parameter): Parameter {
  return pattern === undefined ? parameter : { ...parameter, pattern: new ParameterPattern(String(pattern)) };
}

const nowhere: Locate = () => ({ file: BROKER_CONFIG, line: 1, column: 1, endLine: 1, endColumn: 1 });

function parsed(text: string): { readonly version?: unknown; readonly environment?: unknown } | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Sorts keys by UTF-16 code units, independently of the machine's locale. Functions need no handling, because
 * `JSON.stringify` omits them.
 */
function sorted(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries);
}
