/**
 * Tool definitions for agent frameworks. There is one tool for each role, with a JSON Schema for the role's parameters.
 */
import { defined } from '@leasehold/contract/defined';
import { invalidRequest } from './errors';
import { chooseAgent } from './lease/checked-request';
import type { LeaseRequest } from './lease-client';
import type { Manifest, ParameterEntry, RoleEntry } from './manifest';

/**
 * A tool with which a model requests a lease of one role. The tool does not depend on any framework.
 * @example
 * const tool: RoleTool = toolsFor(client.manifest)[0];
 * registerTool({ name: tool.name, description: tool.description, parameters: tool.inputSchema });
 * @public
 */
export interface RoleTool {
  /** Name of the tool, for example `lease_s3_deploy`: letters, digits and `_`. */
  readonly name: string;
  readonly role: string;
  /** The purpose of the role, and how to request it. The purpose is quoted, because it is data. */
  readonly description: string;
  /** The JSON Schema for the tool's input: the reason, the duration, and each parameter that the requester chooses. */
  readonly inputSchema: RoleToolSchema;
  /**
   * Converts the model's input to a lease request.
   * @throws LeaseError `invalid-request` if the input has another shape. The values are checked when the lease is
   * requested.
   */
  request(input: unknown): LeaseRequest;
}

/**
 * The schema of a tool's input.
 * @example
 * const { properties, required }: RoleToolSchema = tool.inputSchema;
 * @public
 */
export interface RoleToolSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/**
 * Options of {@link toolsFor}.
 * @example
 * const options: ToolOptions = { agent: 'agent', roles: ['s3-deploy'] };
 * @public
 */
export interface ToolOptions {
  /** The name of the agent in the manifest. @default the only agent */
  readonly agent?: string;
  /** The roles for which there is a tool. @default every role that the agent may request */
  readonly roles?: readonly string[];
}

/** Names of the input fields other than parameters. A parameter with one of these names gets a prefix. */
const OWN: readonly string[] = ['reason', 'duration'];
const PREFIX = 'param_';

/** The tools, in the order of the manifest. @throws LeaseError */
export function roleTools(manifest: Manifest, options: ToolOptions = {}): readonly RoleTool[] {
  const { name: agent } = chooseAgent(manifest, options.agent);
  const mayRequest = ({ agents, gates, broker, callOf }: RoleEntry) =>
    callOf === undefined &&
    ((gates.includes('broker') && (broker?.eligible.agents ?? agents).includes(agent)) ||
      (gates.includes('mfa') && agents.includes(agent)));
  const roles = Object.keys(manifest.roles).filter((role) => {
    const entry = manifest.roles[role];
    return entry !== undefined && mayRequest(entry);
  });
  const missing = options.roles?.find((role) => !roles.includes(role));
  if (missing !== undefined) {
    throw invalidRequest(`the agent ${agent} may not ask for ${missing}`, `Name some of ${roles.join(', ')}.`);
  }
  return roles
    .filter((role) => options.roles?.includes(role) ?? true)
    .flatMap((role) => {
      const entry = manifest.roles[role];
      return entry === undefined ? [] : [roleTool(role, entry, manifest)];
    });
}

function roleTool(role: string, entry: RoleEntry, manifest: Manifest): RoleTool {
  // The broker takes the other parameters from a verified identity.
  const parameters = Object.entries(entry.parameters).filter(([, { from }]) => from === undefined);
  const members = parameters.map(([name]) => [memberOf(name), name] as const);
  const properties = {
    reason: {
      type: 'string',
      minLength: Math.max(manifest.session.reasonMinimum, 10),
      maxLength: 1000,
      description:
        'One concrete sentence that states what will be done, to which resource, and who asked for the task. People read this sentence.',
    },
    duration: {
      type: 'integer',
      minimum: entry.gates.includes('broker') ? 1 : 900,
      maximum: entry.lease.maxSeconds,
      description: `Duration of the lease in seconds. Default: ${entry.lease.defaultSeconds}.`,
    },
    ...Object.fromEntries(parameters.map(([name, parameter]) => [memberOf(name), schemaOf(parameter)])),
  };
  return Object.freeze({
    name: `lease_${role.replaceAll(/[^A-Za-z0-9_]/g, '_')}`,
    role,
    description: `Requests a lease of the AWS role ${role}, whose purpose is: ${JSON.stringify(entry.purpose)} A human or the broker decides. A denial is final.`,
    inputSchema: {
      type: 'object' as const,
      properties,
      required: ['reason', ...members.map(([member]) => member)],
      additionalProperties: false as const,
    },
    request: (input: unknown) => requestOf(input, members),
  });
}

function memberOf(parameter: string): string {
  return OWN.includes(parameter) ? `${PREFIX}${parameter}` : parameter;
}

function schemaOf({ description, pattern, values }: ParameterEntry): object {
  return { type: 'string', description, ...defined({ pattern: pattern && `^(?:${pattern})$`, enum: values }) };
}

function requestOf(input: unknown, members: readonly (readonly [member: string, name: string])[]): LeaseRequest {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalidRequest('the input of the tool is no object', 'Give the members of its schema.');
  }
  const given = new Map<string, unknown>(Object.entries(input));
  const names = [...OWN, ...members.map(([member]) => member)];
  const unknown = [...given.keys()].find((key) => !names.includes(key));
  if (unknown !== undefined) {
    throw invalidRequest(`the input has the member ${unknown.slice(0, 100)}`, `Give only ${names.join(', ')}.`);
  }
  const reason = given.get('reason');
  const duration = given.get('duration');
  if (typeof reason !== 'string') throw invalidRequest('the reason is missing', 'Give it as a text.');
  if (duration !== undefined && duration !== null && typeof duration !== 'number') {
    throw invalidRequest('the duration is no number', 'Give whole seconds, or leave it out.');
  }
  const parameters = members
    .filter(([member]) => given.get(member) !== undefined)
    .map(([member, name]) => [name, given.get(member) as string] as const);
  return { reason, parameters: Object.fromEntries(parameters), ...defined({ duration: duration ?? undefined }) };
}
