/**
 * A statement by itself, with the denies that meet all of what it allows: what is left of a policy when the question is
 * who, and not what. It is written as a trust policy, since no policy of the caller's own adds to one.
 */
import { defined } from '@leasehold/contract/defined';
import { compileGlob, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { statementsOf } from '../diff/same';

/** Who may do what the statement allows, as a trust policy. */
export function whoMay(statement: Statement, document: PolicyDocument): PolicyDocument {
  const principal = statement.Principal ?? '*';
  const action = isToken(principal) ? 'sts:AssumeRoleWith*' : 'sts:AssumeRole';
  const opening = { ...statement, Action: openingOf(many(statement.Action)) };
  const denies = statementsOf(document).filter((other) => other.Effect === 'Deny' && covers(other, opening));
  return {
    ...defined({ Version: document.Version }),
    Statement: [statement, ...denies].map(({ Effect, Principal = '*', Condition }) => ({
      Effect,
      Principal,
      Action: Effect === 'Allow' ? action : 'sts:*',
      ...defined({ Condition }),
    })),
  };
}

/** The same with one more deny, of everybody who meets a condition. */
export function without(document: PolicyDocument, condition: Statement['Condition']): PolicyDocument {
  const deny: Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:*',
    ...(condition === undefined || Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
  return { ...document, Statement: [...statementsOf(document), deny] };
}

/** Of a trust policy, what opens the role: tags and the source identity of a session open nothing by themselves. */
function openingOf(actions: readonly string[]): readonly string[] {
  const opening = actions.filter((action) => /^sts:(assume|.*\*)/i.test(action));
  return opening.length > 0 ? opening : actions;
}

function isToken(principal: Statement['Principal']): boolean {
  return typeof principal === 'object' && principal.Federated !== undefined;
}

/** Whether a deny meets everything that the statement allows, on every resource; not when in doubt. */
function covers(deny: Statement, { Action, Resource }: Statement): boolean {
  if (deny.NotPrincipal !== undefined || Action === undefined) return false;
  const everywhere = deny.Resource === undefined && deny.NotResource === undefined;
  const where = many(Resource).length === 0 ? ['*'] : many(Resource);
  return within(many(Action), many(deny.Action), true) && (everywhere || within(where, many(deny.Resource), false));
}

/** Whether each pattern lies within one of the others. */
function within(patterns: readonly string[], others: readonly string[], fold: boolean): boolean {
  const text = (value: string) => (fold ? value.toLowerCase() : value);
  return patterns.every((pattern) =>
    others.some(
      (other) =>
        text(other) === text(pattern) ||
        // A `?` would take a `*` of the other for a letter.
        (!other.includes('${') &&
          !(other.includes('?') && pattern.includes('*')) &&
          compileGlob(text(other))(text(pattern))),
    ),
  );
}
