/**
 * IAM's operations on virtual MFA devices.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html and related pages.
 */
import { NAME_ALPHABET, textOf } from '@leasehold/contract/text';
import { MfaDevice } from '../account/mfa-device';
import type { Account } from '../account/model';
import { validate } from '../query/parameters';
import { type Call, type Operation, permit } from '../query/service';
import { AwsError } from '../wire/aws-error';
import { namedArn, noSuchEntity, required, userOf } from './lookup';

/** Maximum number of devices per user: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_DEVICES = 8;

export const createVirtualMfaDevice: Operation = (call) => {
  const { parameters, draft, caller } = call;
  const { VirtualMFADeviceName: name, Path: path = '/' } = parameters;
  validate(
    { virtualMFADeviceName: name, path },
    {
      virtualMFADeviceName: { required: true, length: [1, 226], pattern: textOf(NAME_ALPHABET, 1, 226) },
      path: { length: [1, 512], pattern: /^\/$|^\/[\u0021-\u007E]+\/$/ },
    },
  );
  draft.requestParameters = { virtualMFADeviceName: name, path };
  const serialNumber = caller.account.arn(`mfa${path}${name}`);
  permit(call, [{ action: 'iam:CreateVirtualMFADevice', resource: serialNumber, context: {} }]);
  if (caller.account.devices.has(serialNumber)) {
    throw new AwsError(409, 'EntityAlreadyExists', 'MFADevice entity at the same path and name already exists.');
  }
  const device = new MfaDevice(serialNumber);
  caller.account.devices.set(serialNumber, device);
  draft.responseElements = { virtualMFADevice: { serialNumber } };
  // The response contains a blob: base64 of the base 32 text.
  const seed = Buffer.from(device.seed()).toString('base64');
  return { VirtualMFADevice: { SerialNumber: serialNumber, Base32StringSeed: seed } };
};

export const enableMfaDevice: Operation = (call) => {
  const { parameters, draft, caller, facts } = call;
  const { SerialNumber: serial, AuthenticationCode1: first, AuthenticationCode2: second } = parameters;
  validate(
    { serialNumber: serial, authenticationCode1: first, authenticationCode2: second },
    {
      serialNumber: { required: true, length: [9, 256], pattern: /^[\w+=/:,.@-]+$/ },
      authenticationCode1: { required: true, length: [6, 6], pattern: /^\d+$/, secret: true },
      authenticationCode2: { required: true, length: [6, 6], pattern: /^\d+$/, secret: true },
    },
  );
  draft.requestParameters = { userName: parameters.UserName, serialNumber: serial };
  permitOnUser(call, 'iam:EnableMFADevice');
  const user = userOf(call);
  const device = deviceOf(caller.account, serial);
  if (device.user !== undefined) {
    throw new AwsError(409, 'EntityAlreadyExists', 'MFA Device is already in use.');
  }
  if (caller.account.devicesOf(user).length >= MOST_DEVICES) {
    throw new AwsError(409, 'LimitExceeded', `Cannot exceed quota for MfaDevicesPerUser: ${MOST_DEVICES}`);
  }
  if (!device.takeTwo(first ?? '', second ?? '', facts.now)) {
    throw new AwsError(403, 'InvalidAuthenticationCode', 'Authentication code for device is not valid.');
  }
  device.user = user.name;
  device.enableDate = new Date(facts.now);
  return undefined;
};

export const listMfaDevices: Operation = (call) => {
  call.draft.requestParameters = { userName: call.parameters.UserName };
  permitOnUser(call, 'iam:ListMFADevices');
  const user = userOf(call);
  return {
    MFADevices: call.caller.account.devicesOf(user).map((device) => ({
      UserName: user.name,
      SerialNumber: device.serialNumber,
      EnableDate: device.enableDate,
    })),
    IsTruncated: false,
  };
};

export const listVirtualMfaDevices: Operation = (call) => {
  const { AssignmentStatus: status = 'Any' } = call.parameters;
  permit(call, [{ action: 'iam:ListVirtualMFADevices', resource: '*', context: {} }]);
  const devices = [...call.caller.account.devices.values()].filter(
    ({ user }) => status === 'Any' || (status === 'Assigned') === (user !== undefined),
  );
  return {
    VirtualMFADevices: devices.map(({ serialNumber, enableDate }) => ({
      SerialNumber: serialNumber,
      EnableDate: enableDate,
    })),
    IsTruncated: false,
  };
};

export const deactivateMfaDevice: Operation = (call) => {
  const { parameters, draft, caller } = call;
  const serial = required(parameters.SerialNumber, 'serialNumber');
  draft.requestParameters = { userName: parameters.UserName, serialNumber: serial };
  permitOnUser(call, 'iam:DeactivateMFADevice');
  const user = userOf(call);
  const device = deviceOf(caller.account, serial);
  if (device.user !== user.name) throw noSuchEntity('MFA device is not associated with the user.');
  device.user = undefined;
  device.enableDate = undefined;
  return undefined;
};

export const deleteVirtualMfaDevice: Operation = (call) => {
  const { parameters, draft, caller } = call;
  const serial = required(parameters.SerialNumber, 'serialNumber');
  draft.requestParameters = { serialNumber: serial };
  permit(call, [{ action: 'iam:DeleteVirtualMFADevice', resource: deviceArn(caller.account, serial), context: {} }]);
  const device = deviceOf(caller.account, serial);
  if (device.user !== undefined) throw new AwsError(409, 'DeleteConflict', 'MFA VirtualDevice is in use.');
  caller.account.devices.delete(serial);
  return undefined;
};

function permitOnUser(call: Call, action: string): void {
  const { caller, parameters } = call;
  const name = parameters.UserName ?? (caller.kind === 'user' ? caller.user.name : undefined);
  permit(call, [{ action, resource: namedArn(caller.account, 'user', name), context: {} }]);
}

function deviceOf(account: Account, serial: string | undefined): MfaDevice {
  const device = account.devices.get(serial ?? '');
  if (!device) throw noSuchEntity(`VirtualMFADevice with serial number ${serial} does not exist.`);
  return device;
}

/**
 * The ARN for authorizing a call. A serial number that is not the ARN of a device is treated as a device that does not
 * exist.
 */
function deviceArn(account: Account, serial: string): string {
  return serial.startsWith(account.arn('mfa/')) ? serial : account.arn('mfa/unknown');
}
