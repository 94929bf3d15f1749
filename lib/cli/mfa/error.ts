/** Reasons why a device cannot be enrolled, listed or removed. */
import { LeaseholdError } from '@leasehold/contract/error';

export type MfaErrorCode =
  /** The agent is not an IAM user, so no device can be enrolled on it. */
  | 'no-user'
  /** The caller is the agent itself, or one of the agent's leases. */
  | 'own-identity'
  /** The caller belongs to another account. */
  | 'other-account'
  /** The approver already has a device, or the user has the maximum number of devices. */
  | 'taken'
  /** The device does not exist. */
  | 'missing'
  /** The codes were wrong or missing. The new device does not remain on the user. */
  | 'not-enabled'
  /** AWS refused the call or could not be reached. */
  | 'refused';

/** An error of MFA device management. The error does not contain any seed or code. */
export class MfaError extends LeaseholdError<MfaErrorCode> {
  override readonly name = 'MfaError';

  constructor(code: MfaErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super({ code, message, hint }, options);
  }
}

/** AWS's error message, without details of the request, because the request may contain codes. */
export function refusal(error: unknown, doing: string): MfaError {
  if (error instanceof MfaError) return error;
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: 'a value was thrown' };
  return new MfaError('refused', `${doing} failed: ${name}: ${message}`, REFUSED);
}

const REFUSED = 'Use administrator credentials that are permitted to call iam:*MFADevice* for the agent’s user.';
