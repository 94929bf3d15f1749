/**
 * States the health of the broker for the doctor: that the schedule runs and its work succeeds, and whether the
 * reviewer answers. Only the schedule puts the test question, at most once an hour, and the question is the same every
 * time. Nobody who calls the broker can trigger it or change a word of it, and its answer decides nothing.
 */
import { defined } from '@leasehold/contract/defined';
import { ANSWERED } from '@leasehold/documents';
import { ReviewerFailed } from '../port-errors';
import type { ReviewerPort } from '../ports';
import { readAnswer } from '../verdict/answer';
import type { ReviewerQuestion } from '../verdict/question';
import type { Deps } from './deps';

/**
 * Milliseconds to wait for the reviewer's answer. After a sweep of ordinary length, the function has at least this much
 * time left.
 */
const PATIENCE = 15_000;

/** Offers a role that exists nowhere. */
export const TEST_QUESTION: ReviewerQuestion = {
  requester: { kind: 'agent', name: 'health-check', groups: [] },
  policy: 'This request is a test of the connection. Deny it.',
  roles: [
    {
      name: 'health-check',
      purpose: 'Tests whether the reviewer responds. No credentials are issued.',
      access: 'read',
      actions: ['sts:GetCallerIdentity'],
      parameters: {},
      maxMinutes: 15,
    },
  ],
  untrusted: { reason: 'Test whether the reviewer answers', role: 'health-check', parameters: {} },
};

/**
 * @param isComplete whether all other work of the schedule succeeded
 * @throws {Unavailable}
 */
export async function stateHealth({ health, reviewer, clock }: Deps, isComplete: boolean): Promise<void> {
  if (health === undefined) return;
  const isDue = await health.beat({
    now: clock(),
    isComplete,
    ...defined({ target: reviewer?.target ?? reviewer?.model }),
  });
  if (isDue && reviewer !== undefined) await health.answered(await resultOf(reviewer));
}

async function resultOf(reviewer: ReviewerPort): Promise<typeof ANSWERED | ReviewerFailed['why']> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ReviewerFailed('timeout')), PATIENCE);
  });
  try {
    const answer = readAnswer(await Promise.race([reviewer.review(TEST_QUESTION), late]));
    return 'faults' in answer ? 'nonsense' : ANSWERED;
  } catch (error) {
    return error instanceof ReviewerFailed ? error.why : 'unavailable';
  } finally {
    clearTimeout(timer);
  }
}
