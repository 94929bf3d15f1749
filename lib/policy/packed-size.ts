/**
 * Estimates how much of a session token the session policies and tags use. AWS packs them in an undocumented binary
 * format with an undocumented limit. The estimate grows with the input, like AWS's value. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (PackedPolicySize)
 */
import { deflateRawSync } from 'node:zlib';

/** The content that is packed into a token. */
export interface Packed {
  readonly policies: readonly string[];
  readonly policyArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The assumed packed-size limit in bytes. It was chosen so that the estimate for an example from AWS is close to AWS's
 * value.
 */
const CAPACITY = 2200;

/** The estimated share of the limit that is used, in percent, rounded up. AWS rejects a call above 100 percent. */
export function packedPercent(packed: Packed): number {
  const text = pieces(packed).join('\0');
  return text === '' ? 0 : Math.ceil((deflateRawSync(text).length * 100) / CAPACITY);
}

/**
 * Whether the estimate is at most the given percentage. The content is compressed only if it is too long without
 * compression.
 */
export function packsWithin(percent: number, packed: Packed): boolean {
  const most = (CAPACITY * percent) / 100;
  const stored = pieces(packed).reduce((sum, piece) => sum + Buffer.byteLength(piece) + 1, STORED_OVERHEAD);
  return stored <= most || packedPercent(packed) <= percent;
}

/**
 * The maximum number of bytes by which DEFLATE can enlarge a short input:
 * https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4
 */
const STORED_OVERHEAD = 16;

function pieces({ policies, policyArns, tags }: Packed): readonly string[] {
  return [...policies, ...policyArns, ...Object.entries(tags).flat()];
}
