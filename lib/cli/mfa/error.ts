/** Why a device cannot be enrolled, listed or removed. */
import { LeaseholdError } from '@leasehold/contract/error';

export type MfaErrorCode =
  /** The agent is no IAM user: nobody's device can be enrolled on it. */
  | 'no-user'
  /** The caller is the agent itself, or a lease of its. */
  | 'own-identity'
  /** The caller belongs to another account. */
  | 'other-account'
  /** The approver has a device already, or there is no room for one. */
  | 'taken'
  /** There is no such device. */
  | 'missing'
  /** The codes were not right, or were not given. Nothing is left behind. */
  | 'not-enabled'
  /** AWS refused, or could not be reached. */
  | 'refused';

/** An error of this room. It holds no seed and no code. */
export class MfaError extends LeaseholdError<MfaErrorCode> {
  override readonly name = 'MfaError';

  constructor(code: MfaErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super({ code, message, hint }, options);
  }
}

/** What AWS said, in its own words, without the request, which may hold codes. */
export function refusal(error: unknown, doing: string): MfaError {
  if (error instanceof MfaError) return error;
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: 'a value was thrown' };
  return new MfaError('refused', `${doing} failed: ${name}: ${message}`, REFUSED);
}

const REFUSED = 'Ask with an administrator’s credentials that may call iam:*MFADevice* on the agent’s user.';
