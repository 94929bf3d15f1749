/** Explains why a person cannot sign in and how to fix the problem. */

import type { PersonKind } from '@leasehold/documents';
import { LeaseError } from '@leasehold/runtime';
import { UsageError } from '../exit';
import type { BrokerPlace } from './broker-location';
import type { Caller } from './known-caller';

/** The caller, the role to assume, and the MFA device. */
export interface Asking {
  readonly caller: Caller;
  readonly kind: PersonKind;
  readonly role: string;
  /** Serial number of the MFA device. Undefined if the credentials already include MFA, or cannot use MFA. */
  readonly serial: string | undefined;
}

/** The error for a code that is malformed or that AWS rejected. Another code may succeed. */
export class WrongCode extends LeaseError {
  constructor(message: string) {
    super('denied', message, 'Start again with the next code.', false);
  }
}

/**
 * Translates an AssumeRole error. The SDK's error is not kept as `cause`, because it contains the request with the
 * code.
 */
export function signInRefusal(error: unknown, asking: Asking): LeaseError {
  const { name, message } = factsOf(error);
  const { caller, role, kind, serial } = asking;
  if (/invalid MFA one time pass code/i.test(message))
    return new WrongCode(`AWS did not accept the code of ${serial}: each code is valid once, for 30 seconds`);
  if (/MultiFactorAuthentication failed/i.test(message)) {
    return new LeaseError(
      'denied',
      `${serial} is not an MFA device of ${caller.arn} that shows codes`,
      'Specify the ARN of your MFA device, which IAM lists under your security credentials: --mfa-serial ARN, or LEASEHOLD_MFA_SERIAL.',
      false,
    );
  }
  if (!/^AccessDenied/.test(name)) return stsRefusal(error, 'that you may sign in');
  const hint =
    serial === undefined
      ? `Sign in with the long-term key of your IAM user: temporary credentials must include MFA from the last hour. If they do, ${ADMITTED[kind]}`
      : `H${ADMITTED[kind].slice(1)}`;
  return new LeaseError('denied', `AWS does not allow ${caller.arn} to assume ${role}`, hint, false);
}

const ADMITTED: Readonly<Record<PersonKind, string>> = {
  approver: "have your user's name put under `approvers` of the project, and the stack deployed.",
  administrator: 'have a document of `kind: Principal` say that you are an administrator, and the stack deployed.',
  requester: 'have a document of `kind: Principal` name your user, and the stack deployed.',
};

/**
 * Translates an error of any STS call.
 * @param asked What was requested from STS, worded as the end of the sentence "AWS did not confirm …".
 */
export function stsRefusal(error: unknown, asked: string): LeaseError {
  const { name, status } = factsOf(error);
  if (name === 'AbortError') return new LeaseError('aborted', 'the sign-in was cancelled', 'Start again.', true);
  if (status === undefined || status >= 500 || status === 429 || /Throttl/.test(name)) {
    return new LeaseError(
      'unavailable',
      `AWS did not confirm ${asked}: there was no response (${name})`,
      'Try again.',
      true,
    );
  }
  const hint = /Expired|TimeTooSkewed/.test(name)
    ? "Get new credentials, and check this machine's clock."
    : 'Use the access key of your own IAM user, in the partition of the broker.';
  return new LeaseError('denied', `AWS did not confirm ${asked}: it refused these credentials (${name})`, hint, false);
}

/** The error for a caller who is not a person with an IAM user. */
export function noPerson({ caller, kind, role }: Asking): LeaseError {
  return new LeaseError(
    'denied',
    `${caller.arn} cannot sign in as ${kind}: this requires a person's own IAM user`,
    `Use the access key of your IAM user (--profile NAME, or AWS_PROFILE), or a session of ${role}.`,
    false,
  );
}

/**
 * The error that is reported if people of this kind cannot call the broker, or if the role for this kind cannot be
 * determined.
 */
export function noRole({ manifest, url }: BrokerPlace, kind: PersonKind): UsageError {
  return manifest?.broker === undefined
    ? new UsageError(`the address ${url} does not show which stack the broker belongs to`, {
        expected: 'an address that ends in the stage leasehold-STACK, or a manifest',
        hint: "Name the stack's `leasehold` output: --manifest FILE.",
      })
    : new UsageError(`nobody speaks to this broker as ${kind}`, { hint: `H${ADMITTED[kind].slice(1)}` });
}

function factsOf(error: unknown): { readonly name: string; readonly message: string; readonly status?: number } {
  const { name, message, $metadata } = (error ?? {}) as {
    name?: unknown;
    message?: unknown;
    $metadata?: { httpStatusCode?: unknown };
  };
  const status = $metadata?.httpStatusCode;
  return {
    name: String(name ?? 'Error').slice(0, 100),
    message: String(message ?? ''),
    ...(typeof status === 'number' ? { status } : {}),
  };
}
