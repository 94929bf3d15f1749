/**
 * Finds identities that can definitely attach policies to themselves. The policy engine evaluates only the parts of
 * policies that are known to apply.
 */
import {
  evaluate,
  many,
  type PolicyDocument,
  PolicyError,
  type Principal,
  prepare,
  type Statement,
} from '@leasehold/policy';
import { allowanceOf } from '../diff/allowance';
import { statementsOf } from '../diff/equal-values';
import { speaksOf } from '../diff/lost-denies';
import type { Side } from '../diff/side';
import { unreadIn } from '../model';
import { someBroad } from './breadth';
import { resourcesOf } from './powers';

/** The actions with which an identity of the given kind changes its own tags. */
export function tagActionsOf({ identity }: Side): readonly string[] {
  return identity.kind === 'user' ? ['iam:TagUser', 'iam:UntagUser'] : ['iam:TagRole', 'iam:UntagRole'];
}

/** Whether an identity can certainly change the policies of every identity whenever it can change its own tags. */
export function givesEverybodyPolicies(side: Side): boolean {
  const { kind, name, arn } = side.identity;
  const self = arn.kind === 'known' ? arn.value : `arn:aws:iam::000000000000:${kind}/${name}`;
  return policyActionsOf(side).some((action) => {
    const grants = allowanceOf(side)
      .grants(action)
      .filter(({ statement }) => isCertain(statement, side));
    return grants.length > 0 && someBroad(resourcesOf(grants)) && surelyMay(side, action, self);
  });
}

/** Whether an identity can certainly change its own policies whenever it can change its own tags. */
export function givesItselfPolicies(side: Side): boolean {
  const { arn } = side.identity;
  return arn.kind === 'known' && policyActionsOf(side).some((action) => surelyMay(side, action, arn.value));
}

function policyActionsOf({ identity }: Side): readonly string[] {
  return identity.kind === 'user'
    ? ['iam:PutUserPolicy', 'iam:AttachUserPolicy']
    : ['iam:PutRolePolicy', 'iam:AttachRolePolicy'];
}

/** Whether the identity may perform the action on a resource, regardless of conditions and of the identity's tags. */
function surelyMay(side: Side, action: string, self: string): boolean {
  if (mayBeDenied(side)) return false;
  const { documents, boundary, identity } = side;
  const principal: Principal =
    identity.kind === 'user' ? { kind: 'user', arn: self } : { kind: 'session', roleArn: self, sessionName: 'session' };
  const certain = (document: PolicyDocument): PolicyDocument => ({
    ...document,
    Statement: statementsOf(document).flatMap((statement) => certainPart(statement, side)),
  });
  const parts = documents.map(certain).filter(({ Statement }) => many(Statement).length > 0);
  const limits = boundary === undefined ? undefined : certain(boundary);
  if (parts.length === 0 || (limits !== undefined && many(limits.Statement).length === 0)) return false;
  try {
    const policies = prepare({ identity: parts, ...(limits === undefined ? {} : { boundary: limits }) });
    return evaluate({ action, resource: self, principal, context: {} }, policies).outcome === 'allowed';
  } catch (error) {
    if (error instanceof PolicyError) return false;
    throw error;
  }
}

/** Whether a policy or the boundary has a part that is not read and that could deny any action. */
function mayBeDenied({ policies, identity: { boundary } }: Side): boolean {
  return [...policies, ...(boundary === undefined ? [] : [boundary])].some(
    ({ document }) => unreadIn(document) !== undefined || (document.kind === 'known' && document.omits !== undefined),
  );
}

/**
 * The statement as it is evaluated to find what the identity can certainly do. Conditions of a deny statement are
 * assumed to be met; an allow statement is omitted unless its conditions are certainly met. A conditional deny
 * statement that also denies changing tags is omitted.
 */
function certainPart(statement: Statement, side: Side): readonly Statement[] {
  const { Condition: _, NotResource, Resource, ...rest } = statement;
  if (statement.Effect === 'Allow') {
    const places = NotResource === undefined ? { Resource } : { NotResource };
    return isCertain(statement, side) ? [{ ...rest, ...places } as Statement] : [];
  }
  if (isConditional(statement) && preventsTagging(statement, side)) return [];
  const varies = [...many(Resource), ...many(NotResource)].some((text) => text.includes('${'));
  const places = varies ? { Resource: '*' } : NotResource === undefined ? { Resource } : { NotResource };
  return [{ ...rest, ...places } as Statement];
}

/**
 * Whether an allow statement applies whenever the identity can change its own tags: it has no conditions, or it is also
 * the only statement that allows changing tags, and its conditions have the same meaning for every action.
 */
function isCertain(statement: Statement, side: Side): boolean {
  if (!isConditional(statement)) return true;
  const { arn } = side.identity;
  const self = arn.kind === 'known' ? arn.value : undefined;
  const grants = tagActionsOf(side).flatMap((action) => allowanceOf(side).grants(action, self));
  return hasGlobalConditions(statement) && grants.every((grant) => grant.statement === statement);
}

/** Whether a conditional deny statement that denies changing policies always denies changing tags too. */
function preventsTagging(statement: Statement, side: Side): boolean {
  return hasGlobalConditions(statement) && tagActionsOf(side).every((action) => speaksOf([statement], action));
}

function isConditional({ Condition }: Statement): boolean {
  return Object.keys(Condition ?? {}).length > 0;
}

/** Whether all conditions are on keys that have the same value for every action. */
function hasGlobalConditions({ Condition }: Statement): boolean {
  const keys = Object.values(Condition ?? {}).flatMap((block) => Object.keys(block));
  return keys.every((key) => /^aws:(?!(request|resource|principal)tag\/|tagkeys$)/i.test(key));
}
