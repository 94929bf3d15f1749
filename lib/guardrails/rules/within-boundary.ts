import type { Environment, Role } from '@leasehold/definitions';
import { hasOwnBoundary, roleBoundary } from '@leasehold/documents';
import {
  type ActionInfo,
  compileActionPattern,
  type GlobMatcher,
  identityRead,
  many,
  needsNoPermission,
  type PolicyDocument,
} from '@leasehold/policy';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { escalates, listed, readAllows } from '../reading';

/** A role must not allow actions that every role's boundary denies. */
export const withinBoundary: RoleGuardrail = {
  id: 'within-boundary',
  title: 'A role does not list actions that its boundary denies',
  severity: 'error',
  page: pageOf('within-boundary'),
  unwaivable: 'AWS would still deny the action',
  over: 'role',
  *check({ role, environment, catalogue }) {
    for (const { index, actions } of readAllows(role, catalogue)) {
      for (const [entry, { pattern, wildcard, actions: covered }] of actions.entries()) {
        const found = covered.filter((action) => !escalates(action) && isOutside(action, role, environment));
        if (found.length === 0) continue;
        yield {
          message: wildcard
            ? `\`${pattern}\` also matches ${listed(found)}, which the boundary of every role denies.`
            : `\`${found[0]?.id}\` is denied by the boundary of every role.`,
          expected: 'of IAM, STS, Organizations and account settings only reads, each named outright',
          hint: found.every(({ id }) => identityRead(id))
            ? 'List the reads that the task needs one by one, and state why under `sensitive:`.'
            : 'Remove the action: AWS would deny it for every lease.',
          at: role.locate(['allow', index, 'actions', entry]),
        };
      }
    }
  },
};

interface Rule {
  readonly effect: 'Allow' | 'Deny';
  readonly matches: GlobMatcher;
}

/** The rules are derived from the deployed boundary, so the rules and the boundary always agree. */
function rulesOf(role: Role, environment: Environment): readonly Rule[] {
  const known = hasOwnBoundary(role) ? own.get(role) : SHARED;
  if (known !== undefined) return known;
  const rules = readRules(roleBoundary(role, environment));
  own.set(role, rules);
  return rules;
}

/** A deny statement for only some resources does not deny the action as a whole. */
function readRules(boundary: PolicyDocument): readonly Rule[] {
  return many(boundary.Statement)
    .filter(({ Effect, Resource, Condition }) => Effect === 'Allow' || (Resource === '*' && Condition === undefined))
    .map(({ Effect, Action, NotAction }) => ({
      effect: Effect,
      matches: matcher(many(Action).map(compileActionPattern), many(NotAction).map(compileActionPattern)),
    }));
}

function matcher(some: readonly GlobMatcher[], none: readonly GlobMatcher[]): GlobMatcher {
  return (id) => some.some((matches) => matches(id)) || (none.length > 0 && !none.some((matches) => matches(id)));
}

const SHARED = readRules(roleBoundary());
const own = new WeakMap<Role, readonly Rule[]>();
const memory = new WeakMap<ActionInfo, boolean>();

function isOutside(action: ActionInfo, role: Role, environment: Environment): boolean {
  const rules = rulesOf(role, environment);
  const known = rules === SHARED ? memory.get(action) : undefined;
  if (known !== undefined) return known;
  const of = (effect: 'Allow' | 'Deny') => rules.some((rule) => rule.effect === effect && rule.matches(action.id));
  const found = !needsNoPermission(action.id) && (of('Deny') || !of('Allow'));
  if (rules === SHARED) memory.set(action, found);
  return found;
}
