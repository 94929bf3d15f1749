import { roleBoundary } from '@leasehold/documents';
import { type ActionInfo, compileActionPattern, type GlobMatcher, many } from '@leasehold/policy';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { escalates, listed, readAllows } from '../reading';

/** A role allows nothing that the boundary of every role takes away again. */
export const withinBoundary: RoleGuardrail = {
  id: 'within-boundary',
  title: "A role allows nothing that the roles' boundary denies",
  severity: 'error',
  page: pageOf('within-boundary'),
  unwaivable: 'AWS would refuse the action all the same',
  over: 'role',
  *check({ role, catalogue }) {
    for (const { index, actions } of readAllows(role, catalogue)) {
      for (const [entry, { pattern, wildcard, actions: covered }] of actions.entries()) {
        const found = covered.filter((action) => !escalates(action) && outside(action));
        if (found.length === 0) continue;
        yield {
          message: wildcard
            ? `\`${pattern}\` also stands for ${listed(found)}, which the boundary of every role denies.`
            : `\`${found[0]?.id}\` is denied by the boundary of every role.`,
          expected: 'no action of IAM, STS, Organizations or account settings',
          hint: 'Leave it out: a lease would be refused it.',
          at: role.locate(['allow', index, 'actions', entry]),
        };
      }
    }
  },
};

/** Read off the boundary that is deployed, so that the two cannot disagree. */
const RULES = many(roleBoundary().Statement).map(({ Effect, Action, NotAction }) => ({
  effect: Effect,
  matches: matcher(many(Action).map(compileActionPattern), many(NotAction).map(compileActionPattern)),
}));

function matcher(some: readonly GlobMatcher[], none: readonly GlobMatcher[]): GlobMatcher {
  return (id) => some.some((matches) => matches(id)) || (none.length > 0 && !none.some((matches) => matches(id)));
}

const memory = new WeakMap<ActionInfo, boolean>();

function outside(action: ActionInfo): boolean {
  const known = memory.get(action);
  if (known !== undefined) return known;
  const of = (effect: 'Allow' | 'Deny') => RULES.some((rule) => rule.effect === effect && rule.matches(action.id));
  const found = of('Deny') || !of('Allow');
  memory.set(action, found);
  return found;
}
