import { type ActionInfo, accessOf, type Catalogue, foldAscii, sensitiveRead } from '@leasehold/policy';
import { type ConditionEntry, conditionsOf } from '../conditions';
import { exampleResources } from '../example-resource';
import { pageOf, type RoleGuardrail, type RoleSubject } from '../guardrail';
import { type AllowReading, isRefused, listed, readAllows } from '../reading';
import { reachesAll, resourcesOf } from '../resources';

/** Actions that write, delete or read sensitive data must be limited to specific resources. */
export const scopedResources: RoleGuardrail = {
  id: 'scoped-resources',
  title: 'Writes, deletes and sensitive reads name the resources they work on, wherever AWS allows it',
  severity: 'error',
  page: pageOf('scoped-resources'),
  over: 'role',
  *check(subject) {
    const { role, catalogue } = subject;
    for (const allow of readAllows(role, catalogue)) {
      const demanding = allow.granted.filter((action) => action.scopable && matters(action) && !isRefused(action));
      if (demanding.length === 0) continue;
      const conditions = conditionsOf(allow);
      for (const resource of resourcesOf(allow)) {
        const unscoped = demanding
          .filter((action) => reachesAll(action, resource, catalogue))
          .filter((action) => !byTag(action, conditions, catalogue));
        if (unscoped.length === 0) continue;
        yield {
          message: `\`${resource.text}\` lets ${listed(unscoped, MOST_LISTED)} work on every resource.`,
          ...remedy(unscoped, resource.text, allow, subject),
          at: role.locate(['allow', allow.index, 'resources', resource.index]),
        };
      }
    }
  },
};

/**
 * Whether the guardrail checks an action. Reads are exempt unless they are sensitive, because most `Describe*` actions
 * cannot be limited to a resource.
 */
function matters(action: ActionInfo): boolean {
  return accessOf(action) !== 'read' || sensitiveRead(action.id) !== undefined;
}

/** Whether a condition on a tag limits the statement to certain resources. */
function byTag(action: ActionInfo, conditions: readonly ConditionEntry[], catalogue: Catalogue): boolean {
  return conditions.some(({ operator, key, values }) => {
    if (operator?.family !== 'String' || operator.negated || operator.ifExists || operator.set !== undefined)
      return false;
    if (!marks(key, action) || values.length === 0) return false;
    // The value comes from the resource that the caller chooses, so it limits nothing.
    if (values.some((value) => /\$\{aws:/i.test(value))) return false;
    if (operator.like && values.some((value) => /^[*?]+$/.test(value))) return false;
    const found = catalogue.conditionKey(key, action);
    return found.known && found.applies;
  });
}

/**
 * Whether a condition key limits the resources of an action. Such keys are the tags of an existing resource, the tags
 * of a new resource for a creating action, and the key for tagging in the creating call for a tagging action. Sources:
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

/**
 * The hint: resources to write instead. If these resources do not fit all actions of the statement, the statement must
 * be split.
 */
function remedy(
  unscoped: readonly ActionInfo[],
  written: string,
  { granted }: AllowReading,
  { environment, catalogue }: RoleSubject,
): { readonly expected?: string; readonly hint: string } {
  const examples = exampleResources(unscoped, written, environment, catalogue);
  const shown = examples.slice(0, MOST_EXAMPLES).map((arn) => `\`${arn}\``);
  const stays = granted.filter(
    (action) => !isRefused(action) && !examples.some((arn) => catalogue.acceptsResource(action, arn)),
  );
  const tags = 'where only tags tell them apart, add a condition on a tag.';
  return {
    ...(shown.length === 0 ? {} : { expected: `resources with a name, for example ${shown.join(', ')}` }),
    hint:
      written !== '*' || stays.length === 0
        ? `Name the resources of the task, or a prefix of their names; ${tags}`
        : `Give these actions a statement of their own with such resources; ${tags}`,
  };
}

/** Maximum number of example resources in a hint. */
const MOST_EXAMPLES = 8;
const MOST_LISTED = 8;
