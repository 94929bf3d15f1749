/**
 * Code shared by the commands that call a broker: reports refusals, and checks input before the command asks a person.
 */
import { LeaseholdError } from '@leasehold/contract/error';
import { BrokerProblem } from '@leasehold/runtime/broker';
import { type ExitCode, UsageError } from '../exit';
import { leasing, tellRefusal } from '../leasing';
import { duration } from '../render/text';
import type { Shell } from '../shell';

/**
 * Runs a command that calls a broker. The exit code is 1 if the broker refuses the call, and 2 for an unknown lease or
 * principal or a mistake in the command line.
 */
export function speaking(shell: Shell, work: (signal: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
  return leasing(shell, async (signal) => {
    try {
      return await work(signal);
    } catch (error) {
      // The broker left out a part of a record. Nothing that it sent is a proof.
      if (error instanceof LeaseholdError && error.code === 'incomplete-record') return tellRefusal(error, shell);
      if (!(error instanceof BrokerProblem)) throw error;
      const { message: said, hint, retryAfter, problem } = error;
      const { lease } = problem;
      const message = lease === undefined || said.includes(lease) ? said : `${lease}: ${said}`;
      if (MISTAKES.includes(problem.code)) throw new UsageError(message.replace(/\.$/, ''), { hint }, error);
      const wait = retryAfter === undefined ? '' : ` It can be asked again in ${duration(retryAfter)}.`;
      return tellRefusal({ code: problem.code, message, hint: `${hint}${wait}` }, shell);
    }
  });
}

const MISTAKES: readonly string[] = ['malformed', 'not-found', 'too-large-body', 'unsupported-media-type'];

/**
 * Validates a lease id from the command line.
 * @throws UsageError
 */
export function leaseIdOf(text: string): string {
  const { LEASE_ID } = contract();
  if (LEASE_ID.test(text)) return text;
  throw new UsageError(`"${text}" is not a lease id`, {
    expected: 'the id of a lease, for example lh-01jd3m8q4v7x2k9p5r6t0w1y2z',
    hint: 'Take it from `leasehold leases`.',
  });
}

/**
 * Validates a role name from the command line.
 * @throws UsageError
 */
export function roleNameOf(text: string): string {
  if (contract().leasesQuery.shape.role.safeParse(text).success) return text;
  throw new UsageError(`"${text}" is not a role name`, { hint: 'Name a role as the definitions do.' });
}

/**
 * Validates a reason from the command line, before it is recorded.
 * @throws UsageError
 */
export function becauseOf(text: string | undefined): string {
  const because = text?.trim();
  if (because !== undefined && contract().denyBody.shape.because.safeParse(because).success) return because;
  throw new UsageError(because === undefined ? 'no reason is given' : 'the reason cannot be put on record', {
    expected: '--because with one line of 3 to 500 characters',
    hint: 'Give a reason. The reason is recorded, and the requester can read it.',
  });
}

/** The contract package is loaded only when it is needed, because it also loads its validator. */
function contract(): typeof import('@leasehold/contract') {
  return require('@leasehold/contract');
}
