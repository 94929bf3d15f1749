/** Resolves `perCall`: derives, from a role, the role that permits one call on one resource. */
import { defined } from '@leasehold/contract/defined';
import { CALL_PARAMETER, within } from '@leasehold/contract/permission';
import { PARAMETER_VALUE } from '@leasehold/contract/text';
import { many } from '@leasehold/policy';
import { type Complaint, listed } from './complaints';
import type { Allow, Locate, Path, PerCall, Role } from './model';
import { ParameterPattern } from './parameter-alphabet';
import type { RoleYaml } from './schema-role';

/** Suffix of the name of a role for single calls. */
const SUFFIX = '-call';
/** Maximum length of the name of a role. */
const LONGEST_NAME = 31;
/** Duration in seconds of a lease for one call. With gate `mfa`, STS does not permit shorter sessions. */
const BROKERED_SECONDS = 60;
const MFA_SECONDS = 900;

/** Any text that a parameter value can be, because AWS permits almost any text in resource names. */
const ANY_VALUE = PARAMETER_VALUE.source.replace(/^\^|\$$/g, '');

/** The actions of a role for which every call must be approved, or the reason why the role cannot have such actions. */
export type ReadPerCall = PerCall | { readonly complaint: Complaint; readonly path: Path };

/** @returns undefined if the role has no such actions. */
export function readPerCall(
  yaml: Pick<RoleYaml, 'name' | 'perCall' | 'parameters' | 'managedPolicies' | 'sql'>,
  { allow, deny = [] }: Pick<Role, 'allow'> & Partial<Pick<Role, 'deny'>>,
): ReadPerCall | undefined {
  const { name, parameters = {} } = yaml;
  if (yaml.perCall === undefined) return undefined;
  const other = (['managedPolicies', 'sql'] as const).find((key) => yaml[key] !== undefined);
  if (other !== undefined) {
    return refused({
      id: 'per-call-with',
      message: `A role with \`perCall\` cannot have \`${other}\`.`,
      hint: `Move the actions of \`perCall\` to another role with \`perCall\`, without \`${other}\`.`,
    });
  }
  if (Object.hasOwn(parameters, CALL_PARAMETER)) {
    const complaint: Complaint = {
      id: 'per-call-parameter',
      message: `A role with \`perCall\` cannot declare a parameter \`${CALL_PARAMETER}\`, because this name is used for the resource of a call.`,
      hint: 'Rename the parameter.',
    };
    return { complaint, path: ['parameters', CALL_PARAMETER] };
  }
  if (reads([...allow, ...deny], CALL_PARAMETER)) {
    return refused({
      id: 'per-call-parameter',
      message: `A condition uses the session tag \`param.${CALL_PARAMETER}\`, which leases of this role do not have: \`perCall\` uses it for the resource of a call.`,
      hint: 'Use another condition key.',
    });
  }
  if (name.length > LONGEST_NAME - SUFFIX.length) {
    return refused({
      id: 'per-call-name',
      message: `\`perCall\` adds a role \`${name}${SUFFIX}\`, whose name is too long.`,
      expected: `a name of at most ${LONGEST_NAME - SUFFIX.length} characters for a role with \`perCall\``,
      hint: 'Shorten the name of the role.',
    });
  }
  return readActions(name, many(yaml.perCall), allow);
}

function refused(complaint: Complaint): ReadPerCall {
  return { complaint, path: ['perCall'] };
}

/** @param name Name of the role. */
function readActions(name: string, written: readonly string[], allow: readonly Allow[]): ReadPerCall {
  const missing = written.find((action) => !allow.some((statement) => grants(statement, action)));
  if (missing !== undefined) {
    return refused({
      id: 'per-call-action',
      message: `\`perCall\` lists \`${missing}\`, which \`allow\` does not permit.`,
      hint: 'Remove it from `perCall`, or correct its spelling.',
    });
  }
  const spelled = written.map((action) => spelling(action, allow));
  const actions = spelled.filter((action, index) => spelled.findIndex((each) => same(each, action)) === index).sort();
  const granting = allow.filter((statement) => actions.some((action) => grants(statement, action)));
  const [resources = [], ...others] = granting.map((statement) => [...new Set(statement.resources)].sort());
  const different = others.find((each) => JSON.stringify(each) !== JSON.stringify(resources));
  if (different !== undefined) return refused(differing(resources, different));
  const resource = oneResource(resources) ?? listedResources(resources);
  if (resource !== undefined) return { actions, role: `${name}${SUFFIX}`, ...resource };
  return refused({
    id: 'per-call-resource',
    message: `The resource of one call cannot be derived from ${listed(resources, 'and')}.`,
    expected:
      'for all actions of `perCall`: one ARN with a single wildcard, a `*` at its end; or ARNs without wildcards that differ only after their last `/` or `:`',
    hint: 'Permit these actions only on such resources, or move some of them to another role with `perCall`.',
  });
}

/**
 * The role for single calls has one resource for all its statements. If a statement had other resources than another
 * one, the role for single calls would permit the actions and conditions of the one on the resources of the other.
 */
function differing(some: readonly string[], others: readonly string[]): Complaint {
  return {
    id: 'per-call-resource',
    message: `Statements of \`allow\` permit actions of \`perCall\` on different resources: ${listed(some, 'and')}, but also ${listed(others, 'and')}.`,
    expected: 'the same resources in all statements that permit an action of `perCall`',
    hint: 'Move the actions on the other resources to another role with `perCall`.',
  };
}

/** The role for single calls. Undefined if the role has no `perCall`. */
export function callRole(role: Role): Role | undefined {
  const { perCall } = role;
  if (perCall === undefined) return undefined;
  const { actions, resource, values } = perCall;
  const places = role.allow.flatMap((statement, index) =>
    actions.some((action) => grants(statement, action)) ? [index] : [],
  );
  const allow = places.flatMap((index): readonly Allow[] => {
    const statement = role.allow[index];
    if (statement === undefined) return [];
    return [{ ...statement, actions: actions.filter((action) => grants(statement, action)), resources: [resource] }];
  });
  const written = role.deny.slice(0, -1);
  const deny = written.filter((statement) => actions.some((action) => grants(statement, action)));
  const isMfa = role.gates.includes('mfa');
  const seconds = isMfa ? MFA_SECONDS : BROKERED_SECONDS;
  const services = [...new Set(actions.map((action) => action.split(':')[0] ?? ''))];
  const companions = services.filter((service) => role.companions.includes(service));
  return {
    name: perCall.role,
    purpose: `One call during a lease of ${role.name}, on one resource: ${actions.join(', ')}.`,
    access: role.access,
    gates: role.gates,
    agents: role.agents,
    lease: { defaultSeconds: seconds, maxSeconds: seconds },
    ...(role.broker === undefined ? {} : { broker: { ...role.broker, humans: Math.max(1, role.broker.humans) } }),
    parameters: [
      ...role.parameters.filter(({ name }) => reads([...allow, ...deny], name)),
      {
        name: CALL_PARAMETER,
        description: `The resource of the call: what follows ${resource.slice(0, resource.lastIndexOf('${'))}`,
        ...(values === undefined ? { pattern: new ParameterPattern(ANY_VALUE) } : { values }),
      },
    ].sort((a, b) => (a.name < b.name ? -1 : 1)),
    allow,
    deny,
    callOf: role.name,
    passes: [],
    assumes: [],
    companions: companions.length < services.length ? companions : companions.slice(1),
    sensitive: role.sensitive.filter(({ action }) => actions.some((each) => same(each, action))),
    waivers: [],
    locate: locateCall(role.locate, places),
  };
}

/** The statement that denies the actions in the leases of the role itself. It is the last deny statement. */
export function callDeny({ actions }: PerCall): Allow {
  return { actions, resources: ['*'], conditions: {} };
}

/** Statements of the derived role are located at those from which they are derived. */
function locateCall(locate: Locate, places: readonly number[]): Locate {
  return (path) => {
    const [section, index] = path;
    const place = section === 'allow' && typeof index === 'number' ? places[index] : undefined;
    if (place !== undefined) return locate(['allow', place]);
    return section === 'parameters' && index !== CALL_PARAMETER ? locate(path) : locate(['perCall']);
  };
}

/** Locates the values of a role whose last deny statement comes from `perCall`. */
export function locateWithDeny(locate: Locate, denies: number): Locate {
  return (path) => locate(path[0] === 'deny' && path[1] === denies ? ['perCall'] : path);
}

/** Whether statements use a parameter: its value in a template, or its session tag as a condition key. */
function reads(statements: readonly Allow[], parameter: string): boolean {
  const text = JSON.stringify(statements);
  const tag = JSON.stringify(`aws:PrincipalTag/param.${parameter}`);
  return text.includes(`\${param.${parameter}}`) || text.toLowerCase().includes(tag.toLowerCase());
}

function grants({ actions }: Allow, action: string): boolean {
  return actions.some((pattern) => within(action.toLowerCase(), pattern.toLowerCase()));
}

/** The action as `allow` spells it, because IAM ignores case. */
function spelling(action: string, allow: readonly Allow[]): string {
  return allow.flatMap(({ actions }) => actions).find((each) => same(each, action)) ?? action;
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

type CallResource = Pick<PerCall, 'resource' | 'values'>;

/** The only resource, if its only wildcard is at its end. */
function oneResource(resources: readonly string[]): CallResource | undefined {
  const [resource, ...others] = resources;
  if (resource === undefined || others.length > 0 || !resource.endsWith('*')) return undefined;
  return started(resource.slice(0, -1), undefined);
}

/** Resources without wildcards that differ only in their last part. */
function listedResources(resources: readonly string[]): CallResource | undefined {
  const parts = resources.map((resource) => {
    const end = Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1;
    return { start: resource.slice(0, end), end: resource.slice(end) };
  });
  const starts = new Set(parts.map(({ start }) => start));
  const [start, ...others] = starts;
  if (start === undefined || others.length > 0) return undefined;
  const values = parts.map(({ end }) => end).sort();
  return values.every((value) => PARAMETER_VALUE.test(value)) ? started(start, values) : undefined;
}

/** Requires an ARN whose resource part has begun, without wildcards and without variables other than parameters. */
function started(start: string, values: readonly string[] | undefined): CallResource | undefined {
  const literal = start.replaceAll(/\$\{param\.[^}]*\}/g, '');
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:/.test(start) || /[*?$]/.test(literal)) return undefined;
  return { resource: `${start}\${param.${CALL_PARAMETER}}`, ...defined({ values }) };
}
