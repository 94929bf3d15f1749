/**
 * IAM's operations on role tags. Policies refer to a role tag as `aws:PrincipalTag/…` in every session of the role
 * without a session tag of the same key. Trust policies refer to it as `iam:ResourceTag/…`.
 * Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html and related pages,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 */
import { NAME_ALPHABET, textOf } from '@leasehold/contract/text';
import type { Role } from '../account/model';
import { resourceTags, tagContext } from '../context';
import { texts, validate } from '../query/parameters';
import { type Call, type Operation, permit } from '../query/service';
import { MOST_TAGS, readTagList, TAG_KEY, type Tags } from '../query/tags';
import type { Context } from '../service-mapping';
import { AwsError } from '../wire/aws-error';
import { isMissing, namedArn, required, roleOf } from './lookup';

/** Sets tags. An existing key is replaced; keys are case-insensitive. */
export const tagRole: Operation = (call) => {
  const { parameters, draft } = call;
  const name = roleName(call);
  const tags = readTagList(parameters, 'InvalidInput');
  if (!tags) throw isMissing('tags');
  draft.requestParameters = { roleName: name, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) };
  const keys = Object.keys(tags);
  permitOnRole(call, 'iam:TagRole', { ...tagContext('aws:RequestTag', tags), 'aws:TagKeys': keys });
  const role = roleOf(call);
  const left = without(role.tags, keys);
  if (Object.keys(left).length + keys.length > MOST_TAGS) {
    throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for TagsPerRole: ${MOST_TAGS}`);
  }
  retag(call, role, { ...left, ...tags });
  return undefined;
};

/** Removes tags. A key that does not exist is ignored. */
export const untagRole: Operation = (call) => {
  const { parameters, draft } = call;
  const name = roleName(call);
  const keys = texts(parameters, 'TagKeys', MOST_TAGS);
  if (!keys) throw isMissing('tagKeys');
  for (const key of keys) validate({ 'tagKeys.member': key }, { 'tagKeys.member': TAG_KEY });
  draft.requestParameters = { roleName: name, tagKeys: keys };
  permitOnRole(call, 'iam:UntagRole', { 'aws:TagKeys': keys });
  const role = roleOf(call);
  retag(call, role, without(role.tags, keys));
  return undefined;
};

/** Lists the tags, on one page. */
export const listRoleTags: Operation = (call) => {
  call.draft.requestParameters = { roleName: roleName(call) };
  permitOnRole(call, 'iam:ListRoleTags', {});
  const tags = Object.entries(roleOf(call).tags).map(([Key, Value]) => ({ Key, Value }));
  return { Tags: tags, IsTruncated: false };
};

function roleName({ parameters }: Call): string {
  const name = required(parameters.RoleName, 'roleName');
  validate({ roleName: name }, { roleName: { length: [1, 64], pattern: textOf(NAME_ALPHABET, 1, 64) } });
  return name;
}

function permitOnRole(call: Call, action: string, context: Context): void {
  const { caller, parameters } = call;
  const role = caller.account.roles.get(parameters.RoleName ?? '');
  const resource = namedArn(caller.account, 'role', parameters.RoleName);
  permit(call, [{ action, resource, context: { ...(role && resourceTags(role)), ...context } }]);
}

/** Removes keys, ignoring case. */
function without(tags: Tags, keys: readonly string[]): Tags {
  const gone = new Set(keys.map((key) => key.toLowerCase()));
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.has(key.toLowerCase())));
}

/**
 * Replaces the role with a copy that has different tags. Every call of a session looks up the role again, so the data
 * that is cached for the old object is no longer used.
 */
function retag({ caller }: Call, role: Role, tags: Tags): void {
  caller.account.roles.set(role.name, { ...role, tags });
}
