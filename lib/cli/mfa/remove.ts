/** Removes an approver's device. */
import { DeactivateMFADeviceCommand, DeleteVirtualMFADeviceCommand } from '@aws-sdk/client-iam';
import { demandAdministrator, type MfaClients } from './clients';
import type { DevicePlace } from './device-owner';
import { MfaError, refusal } from './error';

/**
 * Disables and deletes a device. Codes from the device can no longer be used to get leases. Leases that were already
 * issued remain valid until they expire.
 * @throws MfaError `missing` if there is no such device
 */
export async function removeDevice(clients: MfaClients, place: DevicePlace): Promise<void> {
  await demandAdministrator(clients, place.environment);
  if (await takeAway(clients, place)) return;
  throw new MfaError(
    'missing',
    `there is no device ${place.serialNumber}`,
    'Look which there are: leasehold mfa list.',
  );
}

/** {@link removeDevice} without a check of the caller. Returns `false` if there was no device. */
export async function takeAway({ iam }: MfaClients, { serialNumber, userName }: DevicePlace): Promise<boolean> {
  await iam
    .send(new DeactivateMFADeviceCommand({ SerialNumber: serialNumber, UserName: userName }))
    .catch(unlessMissing(`Disabling ${serialNumber}`));
  const gone = await iam
    .send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serialNumber }))
    .catch(unlessMissing(`Deleting ${serialNumber}`));
  return gone !== undefined;
}

function unlessMissing(doing: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof Error && error.name.startsWith('NoSuchEntity')) return undefined;
    throw refusal(error, doing);
  };
}
