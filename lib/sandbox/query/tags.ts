/**
 * Tags in the form that STS and IAM accept.
 * Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
 */
import { LONGEST_TAG_KEY, LONGEST_TAG_VALUE, TAG_ALPHABET } from '@leasehold/contract/text';
import { AwsError } from '../wire/aws-error';
import { type Constraint, members, type Parameters, validate } from './parameters';

/** Maximum number of tags of a session or role, which is also the maximum number of tags in one call. */
export const MOST_TAGS = 50;

const TAG_TEXT = new RegExp(`^[${TAG_ALPHABET}]*$`, 'u');

/** The constraint on a tag's key. */
export const TAG_KEY: Constraint = { required: true, length: [1, LONGEST_TAG_KEY], pattern: TAG_TEXT };
const TAG_VALUE: Constraint = { required: true, length: [0, LONGEST_TAG_VALUE], pattern: TAG_TEXT };

/** Tags by key, in the order given. */
export type Tags = Readonly<Record<string, string>>;

/**
 * The list `Tags` of a call; `undefined` if the call has no such list.
 * @param invalid the service's error code for tags that are well-formed but not valid.
 * @throws {AwsError} for tags that the service does not accept.
 */
export function readTagList(parameters: Parameters, invalid: string): Tags | undefined {
  const list = members(parameters, 'Tags', MOST_TAGS);
  if (!list) return undefined;
  const tags: Record<string, string> = {};
  const seen = new Set<string>();
  for (const { Key: key, Value: value } of list) {
    validate({ 'tags.key': key, 'tags.value': value }, { 'tags.key': TAG_KEY, 'tags.value': TAG_VALUE });
    if (key === undefined || value === undefined) continue;
    if (/^aws:/i.test(key)) throw new AwsError(400, invalid, 'Tag keys that begin with aws: are reserved.');
    if (seen.has(key.toLowerCase())) {
      const message = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.';
      throw new AwsError(400, invalid, message);
    }
    seen.add(key.toLowerCase());
    Object.defineProperty(tags, key, { value, enumerable: true });
  }
  return tags;
}
