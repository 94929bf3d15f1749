/**
 * Enrolls an approver's device: creates the device, shows its seed, checks two codes, and enables the device. Nothing
 * is written to disk.
 */
import {
  CreateVirtualMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
} from '@aws-sdk/client-iam';
import { renderUnicodeCompact } from 'uqr';
import { demandAdministrator, type MfaClients } from './clients';
import type { DevicePlace } from './device-owner';
import { devicesOf } from './devices';
import { MfaError, refusal } from './error';
import { takeAway } from './remove';

/** The data for the approver's app: a QR code as lines of block characters, and the key for manual entry. */
export interface ShownSeed {
  /**
   * QR codes for the same key, largest first. The first QR code contains every label that an app can show. Each further
   * QR code contains fewer labels and needs fewer rows of the terminal.
   */
  readonly codes: readonly string[];
  readonly key: string;
}

/** Functions that interact with the person at the terminal. */
export interface EnrollHost {
  /** Shows the seed, but only on a terminal, so that the seed is not recorded anywhere. Called once. */
  readonly show: (seed: ShownSeed) => void;
  /** Asks for a code of six digits. Resolves with `undefined` if the person cancels or `signal` aborts. */
  readonly code: (which: 'first' | 'second' | 'first again') => Promise<string | undefined>;
  /** Aborts the enrollment. */
  readonly signal: AbortSignal;
}

/**
 * Maximum number of devices for one user: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST_DEVICES = 8;
/** Maximum number of attempts to enter the codes. */
const ATTEMPTS = 3;

/**
 * Enrolls the device under the serial number in the stack's `leasehold` output. If the enrollment ends early (wrong
 * codes, an interruption, an error), the device is deleted again. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_enable_cliapi.html
 * @throws MfaError
 */
export async function enrollDevice(clients: MfaClients, place: DevicePlace, host: EnrollHost): Promise<void> {
  await demandAdministrator(clients, place.environment);
  const { serialNumber, userName, approver } = place;
  const devices = await devicesOf(clients, userName);
  if (devices.some((device) => device.serialNumber === serialNumber)) {
    throw new MfaError(
      'taken',
      `${approver} has a device on ${userName} already`,
      `If this device is lost, remove it first: leasehold mfa remove ${approver}.`,
    );
  }
  if (devices.length >= MOST_DEVICES) {
    throw new MfaError(
      'taken',
      `${userName} has ${MOST_DEVICES} devices, the most that AWS takes`,
      'Remove one first.',
    );
  }
  // A device that this call did not create is not deleted, because another administrator may have created it in the
  // meantime.
  const seed = await create(clients, place);
  try {
    host.show(shownSeed(seed, place));
    await enable(clients, place, host);
  } catch (error) {
    await takeAway(clients, place).catch((cause) => {
      throw new MfaError(
        'refused',
        `the enrolment ended early, and ${serialNumber} could not be deleted`,
        `Delete the device: leasehold mfa remove ${approver}.`,
        { cause },
      );
    });
    throw error;
  }
}

/**
 * Creates the device and returns its seed in base 32. An existing unassigned device with the same name is deleted
 * first, because it is left over from an interrupted enrollment.
 */
async function create({ iam }: MfaClients, { serialNumber, deviceName }: DevicePlace): Promise<string> {
  const command = () => iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: deviceName }));
  const doing = `Creating ${serialNumber}`;
  const { VirtualMFADevice: device } = await command().catch(async (error) => {
    if (!(error instanceof Error) || !error.name.startsWith('EntityAlreadyExists')) throw refusal(error, doing);
    // A device in use cannot be deleted: AWS answers DeleteConflict.
    await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serialNumber })).catch((conflict) => {
      throw refusal(conflict, `Deleting the unused ${serialNumber}`);
    });
    return command().catch((again) => {
      throw refusal(again, doing);
    });
  });
  const seed = Buffer.from(device?.Base32StringSeed ?? []).toString('ascii');
  if (device?.SerialNumber === serialNumber && /^[A-Z2-7]{16,}=*$/.test(seed)) return seed.replace(/=+$/, '');
  throw new MfaError(
    'refused',
    `AWS made another device than ${serialNumber}`,
    'In the IAM console, find the other device, which AWS created instead, and delete it.',
  );
}

/**
 * The length of the label determines the number of rows in the QR code. A label of at most 19 characters results in a
 * QR code with 20 rows. On a terminal with 24 rows, this leaves room for the key and a question. Source of the format:
 * https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 */
export function shownSeed(key: string, { userName, approver }: DevicePlace): ShownSeed {
  const code = (label: string) =>
    renderUnicodeCompact(`otpauth://totp/${label}?secret=${key}`, { border: 1, ecc: 'L' });
  return {
    key,
    codes: [code(`Leasehold:${encodeURIComponent(`${userName} ${approver}`)}`), code(encodeURIComponent(userName))],
  };
}

async function enable({ iam }: MfaClients, place: DevicePlace, host: EnrollHost): Promise<void> {
  const { serialNumber: SerialNumber, userName: UserName } = place;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const first = await digits(host, attempt === 1 ? 'first' : 'first again');
    const second = await digits(host, 'second');
    const codes = { AuthenticationCode1: first, AuthenticationCode2: second };
    try {
      await iam.send(new EnableMFADeviceCommand({ SerialNumber, UserName, ...codes }));
      return;
    } catch (error) {
      if (!(error instanceof Error) || !error.name.startsWith('InvalidAuthenticationCode')) {
        throw refusal(error, `Enabling ${SerialNumber}`);
      }
    }
  }
  throw new MfaError(
    'not-enabled',
    'AWS took none of the codes; the device was deleted',
    'Set the clock of the device, and enter two consecutive codes.',
  );
}

async function digits(host: EnrollHost, which: Parameters<EnrollHost['code']>[0]): Promise<string> {
  for (;;) {
    const code = host.signal.aborted ? undefined : (await host.code(which))?.replace(/\s/g, '');
    if (code === undefined || code === '' || host.signal.aborted) {
      throw new MfaError('not-enabled', 'no code was given; the device was deleted', 'Enrol anew when it is at hand.');
    }
    if (/^\d{6}$/.test(code)) return code;
  }
}
