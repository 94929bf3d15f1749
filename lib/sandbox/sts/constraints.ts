/**
 * The constraints on STS parameters, from AWS's service model.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
import { NAME_ALPHABET } from '@leasehold/contract/text';
import { type Constraint, members, type Parameters, texts, validate } from '../query/parameters';
import { MOST_TAGS, readTagList, type Tags } from '../query/tags';
import { AwsError } from '../wire/aws-error';

const NAME = new RegExp(`^[${NAME_ALPHABET}]*$`, 'u');
// biome-ignore lint/suspicious/noControlCharactersInRegex: a policy may contain tab, line feed and carriage return.
const POLICY_TEXT = /^[\u0009\u000A\u000D\u0020-\u00FF]+$/;

/** Maximum number of characters of a session policy and the policy ARNs together. */
const PLAINTEXT_LIMIT = 2048;

export const ROLE_ARN: Constraint = { required: true, length: [20, 2048] };
export const SESSION_NAME: Constraint = { required: true, length: [2, 64], pattern: NAME };
export const SOURCE_IDENTITY: Constraint = { length: [2, 64], pattern: NAME };
export const EXTERNAL_ID: Constraint = { length: [2, 1224], pattern: /^[\w+=,.@:/-]*$/ };
export const SERIAL_NUMBER: Constraint = { length: [9, 256], pattern: /^[\w+=/:,.@-]*$/ };
export const TOKEN_CODE: Constraint = { length: [6, 6], pattern: /^\d*$/, secret: true };
export const POLICY: Constraint = { length: [1, PLAINTEXT_LIMIT], pattern: POLICY_TEXT };

/** Session tags, and the keys that a chained session inherits. */
export interface Tagging {
  readonly tags: Tags;
  readonly transitiveTagKeys: readonly string[];
}

/** Reads the session tags of a call. Throws `AwsError` for tags that STS does not accept. */
export function readTags(parameters: Parameters): Tagging {
  const tags = readTagList(parameters, 'InvalidParameterValue') ?? {};
  const seen = new Set(Object.keys(tags).map((key) => key.toLowerCase()));
  const transitiveTagKeys = texts(parameters, 'TransitiveTagKeys', MOST_TAGS) ?? [];
  if (transitiveTagKeys.some((key) => !seen.has(key.toLowerCase()))) {
    invalid('The specified transitive tag key must be included in the requested tags.');
  }
  return { tags, transitiveTagKeys };
}

/** ARNs of managed policies that are passed as session policies. */
export function readPolicyArns(parameters: Parameters): readonly string[] | undefined {
  const arns = members(parameters, 'PolicyArns', 10)?.map(({ arn }) => {
    validate({ 'policyArns.arn': arn }, { 'policyArns.arn': { required: true, length: [20, 2048] } });
    return arn ?? '';
  });
  const characters = [parameters.Policy ?? '', ...(arns ?? [])].join('').length;
  if (characters > PLAINTEXT_LIMIT) {
    throw new AwsError(
      400,
      'ValidationError',
      `The plaintext of session policies can't exceed ${PLAINTEXT_LIMIT} characters; these have ${characters}.`,
    );
  }
  return arns;
}

/** The duration in whole seconds, which must be within a range, or the default. */
export function readDuration(parameters: Parameters, range: readonly [number, number], standard: number): number {
  validate({ DurationSeconds: parameters.DurationSeconds }, { DurationSeconds: { range } });
  return parameters.DurationSeconds === undefined ? standard : Number(parameters.DurationSeconds);
}

function invalid(message: string): never {
  throw new AwsError(400, 'InvalidParameterValue', message);
}
