/**
 * Reduces a policy to the parts that decide who may use one statement: the statement itself, and the deny statements
 * that cover everything that the statement allows. The result is written as a trust policy, because the caller's own
 * policies cannot extend a trust policy.
 */
import { defined } from '@leasehold/contract/defined';
import { compileGlob, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { statementsOf } from '../diff/equal-values';

/** A trust policy that permits exactly the same callers as the statement. */
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

/** The document with one more deny statement, which applies to everyone who meets the condition. */
export function without(document: PolicyDocument, condition: Statement['Condition']): PolicyDocument {
  const deny: Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:*',
    ...(condition === undefined || Object.keys(condition).length === 0 ? {} : { Condition: condition }),
  };
  return { ...document, Statement: [...statementsOf(document), deny] };
}

/**
 * The actions in a trust policy that let a caller assume the role. Permissions to set session tags or a source identity
 * are not sufficient to assume a role.
 */
function openingOf(actions: readonly string[]): readonly string[] {
  const opening = actions.filter((action) => /^sts:(assume|.*\*)/i.test(action));
  return opening.length > 0 ? opening : actions;
}

function isToken(principal: Statement['Principal']): boolean {
  return typeof principal === 'object' && principal.Federated !== undefined;
}

/**
 * Whether a deny statement denies everything that the given statement allows, on every resource. False if uncertain.
 */
function covers(deny: Statement, { Action, Resource }: Statement): boolean {
  if (deny.NotPrincipal !== undefined || Action === undefined) return false;
  const everywhere = deny.Resource === undefined && deny.NotResource === undefined;
  const where = many(Resource).length === 0 ? ['*'] : many(Resource);
  return within(many(Action), many(deny.Action), true) && (everywhere || within(where, many(deny.Resource), false));
}

/** Whether each of the patterns is covered by one of the other patterns. */
function within(patterns: readonly string[], others: readonly string[], fold: boolean): boolean {
  const text = (value: string) => (fold ? value.toLowerCase() : value);
  return patterns.every((pattern) =>
    others.some(
      (other) =>
        text(other) === text(pattern) ||
        // A `?` in this pattern would match a `*` in the other pattern as an ordinary character.
        (!other.includes('${') &&
          !(other.includes('?') && pattern.includes('*')) &&
          compileGlob(text(other))(text(pattern))),
    ),
  );
}
