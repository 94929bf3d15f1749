import type { Environment } from '@leasehold/definitions';
import { type ActionInfo, accessOf, type Catalogue, foldAscii, sensitiveRead } from '@leasehold/policy';
import { type ConditionEntry, conditionsOf } from '../conditions';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { listed, readAllows } from '../reading';
import { reachesAll, resourcesOf } from '../resources';

/** Actions that write, delete or read sensitive data must name their resources. */
export const scopedResources: RoleGuardrail = {
  id: 'scoped-resources',
  title: 'Writes, deletes and sensitive reads name the resources they work on, wherever AWS allows it',
  severity: 'error',
  page: pageOf('scoped-resources'),
  over: 'role',
  *check({ role, environment, catalogue }) {
    for (const allow of readAllows(role, catalogue)) {
      const demanding = allow.granted.filter((action) => action.scopable && matters(action));
      if (demanding.length === 0) continue;
      const conditions = conditionsOf(allow);
      for (const resource of resourcesOf(allow)) {
        const unscoped = demanding
          .filter((action) => reachesAll(action, resource, catalogue))
          .filter((action) => !byTag(action, conditions, catalogue));
        if (unscoped.length === 0) continue;
        const [first] = unscoped;
        const format = first && exampleOf(first, environment);
        yield {
          message: `\`${resource.text}\` lets ${listed(unscoped)} work on everything there is.`,
          ...(format === undefined ? {} : { expected: `a named resource, for example \`${format}\`` }),
          hint: 'Name the resource, or a prefix of its name; where only tags tell it apart, add a condition on its tag.',
          at: role.locate(['allow', allow.index, 'resources', resource.index]),
        };
      }
    }
  },
};

/** Reads of descriptions are exempt: most `Describe*` actions cannot be limited to a resource. */
function matters(action: ActionInfo): boolean {
  return accessOf(action) !== 'read' || sensitiveRead(action.id) !== undefined;
}

/** Whether a condition on a tag determines the resources. */
function byTag(action: ActionInfo, conditions: readonly ConditionEntry[], catalogue: Catalogue): boolean {
  return conditions.some(({ operator, key, values }) => {
    if (operator?.family !== 'String' || operator.negated || operator.ifExists || operator.set !== undefined)
      return false;
    if (!marks(key, action) || values.length === 0) return false;
    if (operator.like && values.some((value) => /^[*?]+$/.test(value))) return false;
    const found = catalogue.conditionKey(key, action);
    return found.known && found.applies;
  });
}

/**
 * Whether a key determines what an action works on: the tags of an existing resource; for a creating action, the tags
 * that the resource gets; for a tagging action, that the creating call sets the tag. Sources:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
 */
function marks(key: string, action: ActionInfo): boolean {
  if (/^[a-z0-9-]+:resourcetag\//i.test(key)) return true;
  if (/^aws:requesttag\//i.test(key)) return CREATES.test(action.name) && !action.name.endsWith('Tags');
  return foldAscii(key) === 'ec2:createaction' && action.id === 'ec2:CreateTags';
}

/** A new resource has no name or tags before the call that creates it. */
const CREATES = /^(?:Allocate|Copy|Create|Import|Launch|Provision|Register|Request|Run)[A-Z]/;

/** An ARN format of the action, filled in with the environment's values. */
function exampleOf(action: ActionInfo, { partition, region, account }: Environment): string | undefined {
  return action.resourceTypes
    .flatMap(({ arns }) => arns)[0]
    ?.replace('${Partition}', partition)
    .replace('${Region}', region)
    .replace('${Account}', account);
}
