/** Lists the MFA devices that are enrolled on an agent's user. */
import { ListMFADevicesCommand } from '@aws-sdk/client-iam';
import { defined } from '@leasehold/contract/defined';
import { demandAdministrator, type MfaClients } from './clients';
import type { DevicePlace } from './device-owner';
import { refusal } from './error';

/** An MFA device on an agent's user. */
export interface Device {
  readonly serialNumber: string;
  readonly enabledSince: Date | undefined;
}

/**
 * Every device of the agent's user.
 * @throws MfaError
 */
export async function listDevices(
  clients: MfaClients,
  place: Pick<DevicePlace, 'userName' | 'environment'>,
): Promise<readonly Device[]> {
  await demandAdministrator(clients, place.environment);
  return devicesOf(clients, place.userName);
}

/** {@link listDevices} without a check of the caller. */
export async function devicesOf({ iam }: MfaClients, userName: string): Promise<readonly Device[]> {
  const devices: Device[] = [];
  let Marker: string | undefined;
  try {
    do {
      const page = await iam.send(new ListMFADevicesCommand({ UserName: userName, ...defined({ Marker }) }));
      for (const { SerialNumber, EnableDate } of page.MFADevices ?? []) {
        if (SerialNumber !== undefined) devices.push({ serialNumber: SerialNumber, enabledSince: EnableDate });
      }
      Marker = page.IsTruncated ? page.Marker : undefined;
    } while (Marker !== undefined);
  } catch (error) {
    throw refusal(error, `Listing the devices of ${userName}`);
  }
  return devices;
}
