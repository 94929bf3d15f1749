/** Narrows a role: computes the remaining permissions and the session policy that enforces them. */
import { within } from '@leasehold/contract/permission';
import type { Permission } from './approval';
import { invalidRequest } from './errors';
import type { Narrowing } from './lease-client';

/**
 * Maximum number of characters in a session policy:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const LONGEST_POLICY = 2048;
/**
 * The action that permits further narrowing of a narrowed lease. The action does not grant anything else, because the
 * call can only reduce permissions.
 */
const ATTENUATE = 'sts:GetScopedCredentials';

/**
 * The permissions that remain for the selected actions and resources. Each Allow statement keeps its conditions, and
 * the part of the selection that the statement itself allows. The result is therefore always a subset of `permissions`.
 * Deny statements remain unchanged.
 *
 * Everything selected must be allowed: an action by a statement that still has a resource, and a resource as a whole by
 * a statement that still has an action.
 *
 * @throws LeaseError `invalid-request` which states what is allowed.
 */
export function narrowed(permissions: readonly Permission[], narrowing: Narrowing | undefined): readonly Permission[] {
  const actions = list(narrowing?.actions, 'actions', ACTION, 'actions by their whole names, for example s3:GetObject');
  const resources = list(narrowing?.resources, 'resources', RESOURCE, 'ARNs without variables');
  if (actions === undefined && resources === undefined) return permissions;
  const left = permissions.flatMap((permission) => {
    if (permission.effect === 'Deny') return [permission];
    const some = {
      ...permission,
      actions: kept(actions, permission.actions, true),
      resources: kept(resources, permission.resources, false),
    };
    return some.actions.length > 0 && some.resources.length > 0 ? [some] : [];
  });
  const allows = left.filter(({ effect }) => effect === 'Allow');
  demandAllowed(
    actions,
    'action',
    allows.flatMap((allow) => allow.actions),
    permissions,
  );
  demandAllowed(
    resources,
    'resource',
    allows.flatMap((allow) => allow.resources),
    permissions,
  );
  return left;
}

/**
 * The session policy that permits exactly the given permissions.
 * @throws LeaseError `invalid-request` for a policy that STS would reject.
 */
export function sessionPolicy(permissions: readonly Permission[]): string {
  const statements = permissions.map(({ effect, actions, resources, conditions }) => ({
    Effect: effect,
    Action: actions,
    Resource: resources,
    ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
  }));
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: [...statements, { Effect: 'Allow', Action: ATTENUATE, Resource: '*' }],
  });
  if (!/^[\x20-\xff]+$/.test(text)) {
    throw invalidRequest(
      'the narrowed permissions contain a character that STS rejects in a session policy',
      'Narrow the lease to resources whose names contain only Latin letters.',
    );
  }
  if (text.length > LONGEST_POLICY) {
    throw invalidRequest(
      `the session policy of the narrowed permissions has ${text.length} characters, and STS permits ${LONGEST_POLICY}`,
      'Name fewer actions and resources.',
    );
  }
  return text;
}

const ACTION = /^[a-z0-9-]{1,64}:[A-Za-z0-9]{1,128}$/;
const RESOURCE = /^(?:\*|arn:[^$\s]{1,2000})$/;

function list(
  given: readonly string[] | undefined,
  name: string,
  pattern: RegExp,
  expected: string,
): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const faulty = !Array.isArray(given) || given.length === 0 || given.some((text) => !pattern.test(String(text)));
  if (!faulty) return [...new Set(given)];
  throw invalidRequest(
    `the ${name} to narrow to are not a list of ${expected}`,
    `Pass at least one, or omit \`${name}\` to keep all.`,
  );
}

/** The selected values that a statement allows. Action names are compared case-insensitively, as in IAM. */
function kept(asked: readonly string[] | undefined, allowed: readonly string[], anyCase: boolean): readonly string[] {
  if (asked === undefined) return allowed;
  const plain = (text: string) => (anyCase ? text.toLowerCase() : text);
  return asked.filter((one) => allowed.some((pattern) => within(plain(one), plain(pattern))));
}

function demandAllowed(
  asked: readonly string[] | undefined,
  kind: 'action' | 'resource',
  left: readonly string[],
  permissions: readonly Permission[],
): void {
  const missing = asked?.find((one) => !left.includes(one));
  if (missing === undefined) return;
  const allows = permissions.filter(({ effect }) => effect === 'Allow');
  const allowed = [...new Set(allows.flatMap((allow) => (kind === 'action' ? allow.actions : allow.resources)))];
  throw invalidRequest(
    `the lease does not allow the ${kind} ${missing} together with the rest of the selection; it allows ${allowed.join(', ')}`,
    `Narrow to ${kind}s that the role allows.`,
  );
}
