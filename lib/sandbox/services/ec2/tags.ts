/**
 * Tags on new resources. The tags are condition keys of the action itself, and setting the tags also requires
 * `ec2:CreateTags`. Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
 */
import { type Context, type Need, UnmappedRequest } from '../../service-mapping';
import { tagKeys, tagList } from '../common/keys';
import type { Row, ServiceCall } from '../common/table';
import { type Kind, kindOfId, onAny, onId } from './kinds';

/**
 * The tags by resource type, as condition keys. A request with tags for a resource type that the action does not create
 * is refused.
 */
export function tagsOf({ input }: ServiceCall, made: readonly Kind[]): ReadonlyMap<Kind, Context> {
  const found = new Map<Kind, Context>();
  for (const specification of input.members('TagSpecification')) {
    const named = specification.need('ResourceType');
    const kind = made.find((candidate) => candidate === named);
    if (kind === undefined || found.has(kind)) throw new UnmappedRequest(`tags on ${named} are not supported`);
    found.set(kind, tagList(specification, 'Tag'));
  }
  return found;
}

/** The needs for tagging new resources. */
export function taggingNeeds({ request, operation }: ServiceCall, tags: ReadonlyMap<Kind, Context>): readonly Need[] {
  return [...tags].map(([kind, context]) =>
    onAny(request, 'CreateTags', kind, { ...context, 'ec2:CreateAction': operation }),
  );
}

export const createTags: Row = ({ request, operation, input }) => {
  const context = tagList(input, 'Tag');
  return input.texts('ResourceId').map((id) => onId(request, operation, kindOfId(id), id, context));
};

/** Tags are removed by name, or by name and value. If the request contains no name, all tags are removed. */
export const deleteTags: Row = ({ request, operation, input }) => {
  const tags = input.members('Tag');
  const valued = tags.every((tag) => tag.has('Value'));
  const context = valued ? tagList(input, 'Tag') : tagKeys(tags.map((tag) => tag.need('Key')));
  return input.texts('ResourceId').map((id) => onId(request, operation, kindOfId(id), id, context));
};
