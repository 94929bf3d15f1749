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
export function packedPercent(packed: Packed): number {
  const text = pieces(packed).join('\0');
  return text === '' ? 0 : Math.ceil((deflateRawSync(text).length * 100) / CAPACITY);
}

/** Whether the estimate is at most so many per cent. What is short enough as it is need not be packed to know. */
export function packsWithin(percent: number, packed: Packed): boolean {
  const most = (CAPACITY * percent) / 100;
  const stored = pieces(packed).reduce((sum, piece) => sum + Buffer.byteLength(piece) + 1, STORED_OVERHEAD);
  return stored <= most || packedPercent(packed) <= percent;
}

/** Bytes that DEFLATE adds at most to a short text: https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4 */
const STORED_OVERHEAD = 16;

function pieces({ policies, policyArns, tags }: Packed): readonly string[] {
  return [...policies, ...policyArns, ...Object.entries(tags).flat()];
}
