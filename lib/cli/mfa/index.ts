/** Manages the virtual MFA devices of approvers on the IAM users of agents. */
export { type MfaClients, mfaClients } from './clients';
export { type Device, listDevices } from './devices';
export { type EnrollHost, enrollDevice, type ShownSeed } from './enroll';
export { MfaError, type MfaErrorCode } from './error';
export { type DevicePlace, devicePlace } from './place';
export { removeDevice } from './remove';
