/** The probe about the packed size of session policies and tags. */
import { LEASE_ID_PREFIX, LEASE_ID_TAG, REASON_TAG } from '@leasehold/documents';
import { packedPercent } from '@leasehold/policy';
import { holds, type RunnableProbe, violated } from '../probe';
import { undecided } from '../verdicts';

const POLICIES = 20;
/** Maximum number of characters of a session policy, a quota of STS. */
const LONGEST = 2048;

export const packedSize: RunnableProbe = {
  id: 'packed-size',
  topic: 'session',
  assumption: 'PackedPolicySize is never more than Leasehold’s estimate',
  tried: `Leases with ${POLICIES} session policies of different length and content are opened. For each lease, the packed size that AWS reports is compared with Leasehold’s estimate.`,
  consequence: 'When a lease is collected, STS can refuse a grant that the broker considers short enough.',
  change: 'Raise the estimate in the policy engine; `lib/policy/packed-size.ts` states its capacity.',
  run: async (bench) => {
    const reason = 'Comparing packed sizes';
    const measured: Record<string, string> = {};
    let over = 0;
    for (let index = 1; index <= POLICIES; index++) {
      const policy = samplePolicy(index);
      const id = `${LEASE_ID_PREFIX}packed-${index}`;
      const options = { policy, reason, tags: { [LEASE_ID_TAG]: id } };
      const opened = await bench.eventually(() => bench.openAsBroker('lease', `policy ${index}`, options));
      const tags = { [LEASE_ID_TAG]: id, [REASON_TAG]: reason, requester: bench.lab.plan.agent.name };
      const estimate = packedPercent({ policies: [policy], policyArns: [], tags });
      const isTooLarge = /^PackedPolicyTooLarge/.test(opened.code ?? '');
      if (opened.packed === undefined && !isTooLarge) return undecided(opened);
      const figure = opened.packed ?? Number(/(\d+)%/.exec(opened.message ?? '')?.[1] ?? 101);
      if (figure > estimate) over += 1;
      measured[`policy ${index}, ${policy.length} characters`] = `AWS ${figure} %, estimate ${estimate} %`;
    }
    return over === 0
      ? holds('For every policy, the packed size that AWS reports is at most the estimate.', measured)
      : violated(
          `The packed size that AWS reports is larger than the estimate for ${over} of ${POLICIES} policies.`,
          measured,
        );
  },
};

/** Returns a session policy like those that the broker creates. The same index always gives the same policy. */
export function samplePolicy(index: number): string {
  const statements: object[] = [];
  const text = () => JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const most = Math.round((LONGEST * index) / POLICIES);
  for (let number = 0; ; number++) {
    const bucket = `team-${(index * 7919 + number * 104_729).toString(36)}-data`;
    statements.push({
      Effect: 'Allow',
      Action: number % 2 === 0 ? ['s3:GetObject', 's3:PutObject'] : 'dynamodb:ListTables',
      Resource: number % 2 === 0 ? `arn:aws:s3:::${bucket}/release-${number}/*` : '*',
    });
    if (text().length > most && statements.length > 1) {
      statements.pop();
      return text();
    }
    if (text().length > most) return text();
  }
}
