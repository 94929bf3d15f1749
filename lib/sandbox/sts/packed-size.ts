/**
 * How much of a session token the session policies and tags take up. AWS packs them in a binary form that it does not
 * describe, against a limit that it does not state; this is an estimate that grows as theirs does.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (PackedPolicySize)
 */
import { deflateRawSync } from 'node:zlib';
import { AwsError } from '../wire/aws-error';

/** What is packed into a token. */
export interface Packed {
  readonly policies: readonly string[];
  readonly policyArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Bytes that fit, chosen so that AWS's own example comes out near AWS's own figure. */
const CAPACITY = 2200;

/**
 * Per cent of the space used, rounded up.
 * @throws {AwsError} `PackedPolicyTooLarge` above 100.
 */
export function packedSize({ policies, policyArns, tags }: Packed): number {
  const entries = Object.entries(tags).flat();
  const texts = [...policies, ...policyArns, ...entries];
  if (texts.length === 0) return 0;
  const percent = Math.ceil((deflateRawSync(texts.join('\0')).length * 100) / CAPACITY);
  if (percent <= 100) return percent;
  throw new AwsError(
    400,
    'PackedPolicyTooLarge',
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );
}
