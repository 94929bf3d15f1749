/** Determines the approver, the IAM user and the serial number of an MFA device. */
import type { Agent, Environment } from '@leasehold/definitions';
import { agentArn, agentName, mfaDeviceArn } from '@leasehold/documents';
import { MfaError } from './error';

/** An approver's device on the IAM user of an agent. */
export interface DevicePlace {
  readonly approver: string;
  readonly agent: Agent;
  readonly environment: Environment;
  readonly userName: string;
  readonly userArn: string;
  /** The serial number from the `leasehold` output. Clients send this number to STS. */
  readonly serialNumber: string;
  /** The last part of the serial number, which is the device's name. */
  readonly deviceName: string;
}

/**
 * The user that has the approver's device, and the device's serial number.
 * @throws MfaError `no-user` if the agent has no IAM user, because STS accepts a code only from a device of the calling
 *   user
 */
export function devicePlace(approver: string, agent: Agent, environment: Environment): DevicePlace {
  if (agent.identity.type !== 'iam-user') {
    throw new MfaError(
      'no-user',
      `agent ${agent.name} is no IAM user but ${agent.identity.type}, and MFA devices belong to users`,
      'Open its roles through the broker.',
    );
  }
  const serialNumber = mfaDeviceArn(approver, agent, environment);
  return {
    approver,
    agent,
    environment,
    userName: agentName(agent, environment),
    userArn: agentArn(agent, environment),
    serialNumber,
    deviceName: serialNumber.slice(serialNumber.indexOf('/') + 1),
  };
}
