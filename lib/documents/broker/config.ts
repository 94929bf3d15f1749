/**
 * What the broker's function knows of its environment: a file beside its code, so that code and definitions are one
 * deployment, reviewed in one plan. It holds no secret.
 */
import { defined } from '@leasehold/contract/defined';
import { type Environment, type Locate, type Parameter, ParameterPattern } from '@leasehold/definitions';

/** Name of the file in the function's package. */
export const BROKER_CONFIG = 'config.json';

/** Version of the file's shape. Code and file are packed together; a mix of two builds is refused. */
const VERSION = 1;

/**
 * An environment as the function reads it: JSON with sorted keys, so that the same definitions are the same bytes. Left
 * out is what it has no use for: where things stand in the YAML, where Terraform keeps its state, who is told by e-mail.
 */
export function brokerConfig(environment: Environment): string {
  const { backend: _state, alerts: _told, ...known } = environment;
  return JSON.stringify({ version: VERSION, environment: known }, sorted);
}

/**
 * The environment in a {@link brokerConfig}. Its `locate` functions point at the file and nowhere else; its backend is
 * a local one, of which nothing is there.
 * @throws {TypeError} for a text that is no such file, or of another version.
 */
export function readBrokerConfig(text: string): Environment {
  const file = parsed(text);
  if (file?.version !== VERSION || typeof file.environment !== 'object' || file.environment === null) {
    throw new TypeError(
      `${BROKER_CONFIG} is no configuration of version ${VERSION}; run \`leasehold synth\` and deploy what it writes`,
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

/** JSON has a pattern as its text. */
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

/** Sorts keys as UTF-16, whatever the language of the machine. Functions are left out by JSON itself. */
function sorted(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries);
}
