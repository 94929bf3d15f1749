/**
 * Compares the current text of AWS-managed policies with the pinned text before a session gets such a policy, because
 * the approval covers only the pinned text. Source:
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html
 */
import { GetPolicyCommand, GetPolicyVersionCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { Grant } from '@leasehold/contract/event';
import { hashOf } from '../canonical';
import { POLICY_CHANGED, Refused, Unavailable } from '../port-errors';
import { failed } from './fault';

const READ = 'iam:GetPolicy';
const READ_TEXT = 'iam:GetPolicyVersion';

/**
 * Throws unless every managed policy of a grant still has the approved text.
 * @throws {Refused} with {@link POLICY_CHANGED}
 * @throws {Unavailable} if a text cannot be read
 */
export async function demandPinnedTexts(iam: () => IAMClient, { managedPolicies = [] }: Grant): Promise<void> {
  await Promise.all(
    managedPolicies.map(async ({ arn, sha256 }) => {
      if ((await textHash(iam(), arn)) !== sha256) throw new Refused(READ_TEXT, POLICY_CHANGED);
    }),
  );
}

async function textHash(iam: IAMClient, PolicyArn: string): Promise<string> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn })).catch((error) => {
    throw failed(READ, error);
  });
  const VersionId = Policy?.DefaultVersionId;
  if (VersionId === undefined) throw new Unavailable(READ);
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId })).catch((error) => {
    throw failed(READ_TEXT, error);
  });
  try {
    return hashOf(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')));
  } catch (cause) {
    throw new Unavailable(READ_TEXT, { cause });
  }
}
