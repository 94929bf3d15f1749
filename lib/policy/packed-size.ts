/**
 * How much of a session token the session policies and tags take up. AWS packs them in a binary form that it does not
 * describe, against a limit that it does not state; this is an estimate that grows as theirs does.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (PackedPolicySize)
 */
import { deflateRawSync } from 'node:zlib';

/** What is packed into a token. */
export interface Packed {
  readonly policies: readonly string[];
  readonly policyArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Bytes that fit, chosen so that AWS's own example comes out near AWS's own figure. */
const CAPACITY = 2200;

/** Estimated per cent of the space used, rounded up; AWS refuses a call above 100. */
export function packedPercent({ policies, policyArns, tags }: Packed): number {
  const entries = Object.entries(tags).flat();
  const texts = [...policies, ...policyArns, ...entries];
  if (texts.length === 0) return 0;
  return Math.ceil((deflateRawSync(texts.join('\0')).length * 100) / CAPACITY);
}
