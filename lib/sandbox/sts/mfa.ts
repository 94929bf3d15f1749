/** Checks the second factor of an STS call. */
import type { MfaDevice } from '../account/mfa-device';
import type { Cloud } from '../cloud';
import type { Caller } from '../credentials/caller';
import { type Parameters, validate } from '../query/parameters';
import { AwsError } from '../wire/aws-error';
import { SERIAL_NUMBER, TOKEN_CODE } from './constraints';

/**
 * The device for which a call contains a valid code. `undefined` for a call without a second factor. A valid code is
 * used up, even if the call fails later.
 * @throws {AwsError} `AccessDenied` if the code is wrong or was already used, or if the device does not belong to the
 * calling user.
 */
export function takeMfa(caller: Caller, parameters: Parameters, now: number, cloud: Cloud): MfaDevice | undefined {
  const { SerialNumber: serial, TokenCode: code } = parameters;
  validate({ SerialNumber: serial, TokenCode: code }, { SerialNumber: SERIAL_NUMBER, TokenCode: TOKEN_CODE });
  if (serial === undefined && code === undefined) return undefined;
  if (serial === undefined || code === undefined) {
    fail('MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.');
  }
  const device = caller.account.devices.get(serial);
  // Devices belong to users, so a role session has no device.
  if (
    caller.kind !== 'user' ||
    device === undefined ||
    device.user !== caller.user.name ||
    (cloud.violates('any-mfa-device') && caller.account.devicesOf(caller.user)[0] !== device)
  ) {
    fail(
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    );
  }
  const taken = device.take(code, now, {
    again: cloud.violates('mfa-code-once'),
    ...(cloud.violates('mfa-code-window') ? { window: 0 } : {}),
  });
  if (!taken) fail('MultiFactorAuthentication failed with invalid MFA one time pass code. ');
  return device;
}

function fail(message: string): never {
  throw new AwsError(403, 'AccessDenied', message);
}
