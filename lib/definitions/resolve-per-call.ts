/** Resolves `perCall`: derives, from a role, the role that permits one call on one resource. */
import { defined } from '@leasehold/contract/defined';
import { CALL_PARAMETER, within } from '@leasehold/contract/permission';
import { PARAMETER_VALUE } from '@leasehold/contract/text';
import { many } from '@leasehold/policy';
import { type Complaint, listed } from './complaints';
import type { Allow, Locate, Path, PerCall, Role } from './model';
import { ParameterPattern } from './parameter-alphabet';
import type { RoleYaml } from './schema-role';

/** The end of the name of a role for single calls. */
const SUFFIX = '-call';
/** Maximum length of the name of a role. */
const LONGEST_NAME = 31;
/** Duration in seconds of a lease for one call. With gate `mfa`, STS does not permit shorter sessions. */
const BROKERED_SECONDS = 60;
const MFA_SECONDS = 900;

/** Every text that a parameter can have, because AWS permits almost any text in names of resources. */
const ANY_VALUE = PARAMETER_VALUE.source.replace(/^\^|\$$/g, '');

/** The actions of a role that are approved call by call, or why they cannot be. */
export type ReadPerCall = PerCall | { readonly complaint: Complaint; readonly path: Path };

/** @returns undefined if the role has no such actions. */
export function readPerCall(
  yaml: Pick<RoleYaml, 'name' | 'perCall' | 'parameters' | 'managedPolicies' | 'sql'>,
  allow: readonly Allow[],
): ReadPerCall | undefined {
  const { name, parameters = {} } = yaml;
  if (yaml.perCall === undefined) return undefined;
  const other = (['managedPolicies', 'sql'] as const).find((key) => yaml[key] !== undefined);
  if (other !== undefined) {
    return refused({
      id: 'per-call-with',
      message: `A role with \`perCall\` cannot have \`${other}\`.`,
      hint: `Move the actions of \`perCall\` to a role without \`${other}\`.`,
    });
  }
  if (Object.hasOwn(parameters, CALL_PARAMETER)) {
    const complaint: Complaint = {
      id: 'per-call-parameter',
      message: `In a role with \`perCall\`, the parameter \`${CALL_PARAMETER}\` is the resource of the call.`,
      hint: 'Rename the parameter.',
    };
    return { complaint, path: ['parameters', CALL_PARAMETER] };
  }
  if (name.length > LONGEST_NAME - SUFFIX.length) {
    return refused({
      id: 'per-call-name',
      message: `With \`perCall\`, there is also a role \`${name}${SUFFIX}\`, and this name is too long.`,
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
      hint: 'Remove it, or add it to a statement of `allow`.',
    });
  }
  const spelled = written.map((action) => spelling(action, allow));
  const actions = spelled.filter((action, index) => spelled.findIndex((each) => same(each, action)) === index).sort();
  const granting = allow.filter((statement) => actions.some((action) => grants(statement, action)));
  const resources = [...new Set(granting.flatMap((statement) => statement.resources))];
  // The parameter names a resource of any statement. If one statement had other resources than another, its actions and
  // conditions would apply to resources of the other.
  const uneven = granting.find((statement) => new Set(statement.resources).size < resources.length);
  const resource = uneven === undefined ? (oneResource(resources) ?? listedResources(resources)) : undefined;
  if (resource !== undefined) return { actions, role: `${name}${SUFFIX}`, ...resource };
  return refused({
    id: 'per-call-resource',
    message:
      uneven === undefined
        ? `The resource of one call cannot be derived from ${listed(resources, 'and')}.`
        : `Statements of \`allow\` permit actions of \`perCall\` on different resources: ${listed(resources, 'and')}.`,
    expected:
      'for all actions of `perCall`: one ARN with a single wildcard, a `*` at its end; or ARNs without wildcards that differ only after their last `/` or `:`',
    hint: 'In every statement, permit these actions on the same resources, which have the expected form, or move some of the actions to another role.',
  });
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
  const used = JSON.stringify([allow, deny]);
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
      ...role.parameters.filter(({ name }) => used.includes(`\${param.${name}}`)),
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
