/** Manages the virtual MFA devices of approvers on the IAM users of agents. */
export { type MfaClients, mfaClients } from './clients';
export { type DevicePlace, devicePlace } from './device-owner';
export { type Device, listDevices } from './devices';
export { type EnrollHost, enrollDevice, type ShownSeed } from './enroll';
export { MfaError, type MfaErrorCode } from './error';
export { removeDevice } from './remove';
