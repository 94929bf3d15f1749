/**
 * Recognizes conditions that limit an allow statement with a wildcard resource to specific resources or values. A
 * condition on a tag identifies a resource only if the identity cannot put the tag on other resources.
 */
import { accessUnder, type Catalogue, many, type Statement } from '@leasehold/policy';
import type { ActionChange } from '../diff/access-change';
import { type Allowance, allowanceOf } from '../diff/allowance';
import type { IdentityDiff } from '../diff/identity-diff';
import { isBroad } from './breadth';

/**
 * Whether every statement that allows an action on a wildcard resource has a condition that requires a specific
 * resource or value. For a deletion, the condition must be on a tag of the deleted resource, because other keys
 * describe only the call.
 */
export function isNamedByCondition(
  { pair }: IdentityDiff,
  { action, access }: Pick<ActionChange, 'action' | 'access'>,
  catalogue: Catalogue,
): boolean {
  if (access !== 'write' && access !== 'delete') return false;
  if (pair.after === undefined || /[*? ]/.test(action)) return false;
  const allowance = allowanceOf(pair.after);
  const broad = allowance.grants(action).filter(({ resources }) => resources.some(isBroad));
  if (broad.length === 0) return false;
  const tagged = isTagReliable(allowance, action.slice(0, action.indexOf(':')), catalogue);
  return broad.every(
    ({ statement }) =>
      (tagged && demandsFixed(statement, RESOURCE_TAG)) || (access === 'write' && demandsFixed(statement, VALUE)),
  );
}

/**
 * Whether every statement that allows an action on a wildcard resource has conditions that limit the statement to read
 * access.
 */
export function isReadUnderConditions({ pair }: IdentityDiff, action: string, catalogue: Catalogue): boolean {
  const info = catalogue.action(action);
  if (info === undefined || pair.after === undefined) return false;
  const broad = allowanceOf(pair.after)
    .grants(action)
    .filter(({ resources }) => resources.some(isBroad));
  return broad.length > 0 && broad.every(({ statement }) => accessUnder(info, listsOf(statement)) === 'read');
}

function listsOf({ Condition }: Statement): Parameters<typeof accessUnder>[1] {
  return Object.fromEntries(
    Object.entries(Condition ?? {}).map(([operator, block]) => [
      operator,
      Object.fromEntries(Object.entries(block).map(([key, values]) => [key, many(values).map(String)])),
    ]),
  );
}

/** A condition key for a tag of the resource: `aws:ResourceTag/team`, `ec2:ResourceTag/team`. */
const RESOURCE_TAG = /^[a-z0-9-]+:resourcetag\//i;
/**
 * A condition key for a tag of the request, or a condition key of the service. Other keys describe the caller, the
 * network or the time.
 */
const VALUE =
  /^(aws:requesttag\/|(?!aws:)[a-z0-9-]+:(?!resourcetag\/|(viaservice|calleraccount|region|principalarn)$))/i;
/** The condition key for the call that creates a resource and tags it. */
const CREATION = /^[a-z0-9-]+:createaction$/i;

/** Whether a condition permits only fixed values of a key. */
function demandsFixed({ Condition }: Statement, keys: RegExp): boolean {
  return Object.entries(Condition ?? {}).some(([operator, demands]) => {
    if (!/^(ForAnyValue:)?(String(Equals(IgnoreCase)?|Like)|Arn(Equals|Like))$/i.test(operator)) return false;
    return Object.entries(demands).some(
      ([key, values]) =>
        keys.test(key) && many(values).length > 0 && many(values).every((value) => !/^[*?]/.test(String(value))),
    );
  });
}

/** Whether the identity cannot add tags to a service's resources that other identities created. */
function isTagReliable(allowance: Allowance, service: string, catalogue: Catalogue): boolean {
  if (!catalogue.hasService(service.toLowerCase())) return false;
  return catalogue
    .expand(`${service}:*`)
    .filter(({ levels, name }) => levels.includes('Tagging') && !/^(untag|delete|remove)/i.test(name))
    .every(({ id }) =>
      allowance
        .grants(id)
        .filter(({ resources }) => resources.some(isBroad))
        .every(({ statement }) => demandsFixed(statement, RESOURCE_TAG) || demandsFixed(statement, CREATION)),
    );
}
