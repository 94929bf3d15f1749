/** Verifies the approvers' MFA devices on the agents' users. */
import { strictJson } from '@leasehold/contract/strict-json';
import { shellOperand, shellOption } from '@leasehold/contract/text';
import { agentArn, iamRegion, mfaDeviceArn } from '@leasehold/documents';
import { deployedIdentities } from '../roles/deployed-identities';
import { present } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { agentUsers, hasUsers, observeAgents } from './agent-users';

export const mfaMissing: AccountVerification = {
  id: 'mfa-missing',
  part: 'identity',
  severity: 'medium',
  title: "Every approver has an MFA device on every agent's user",
  why: 'STS accepts an MFA code only from a device of the user who makes the call. An approver who has no device on this user cannot open a lease.',
  applies: (environment) => hasUsers(environment) && environment.approvers.length > 0,
  verify: (context) =>
    observeAgents(
      context,
      async ({ deployed }) => {
        const enrolled = await devicesOf(context, deployed.name);
        return expectedDevices(context, deployed.name)
          .filter(({ serial }) => !enrolled.includes(serial))
          .map(({ approver, serial }) => ({
            kind: 'damage',
            place: serial,
            message: `${approver} has no MFA device on the user ${deployed.name}.`,
            hint: `Let ${approver} enrol one: leasehold mfa enroll ${shellOption('--env', context.environment.name)} ${shellOperand(approver)}`,
          }));
      },
      'user',
    ),
};

export const mfaUnknown: AccountVerification = {
  id: 'mfa-unknown',
  part: 'identity',
  severity: 'critical',
  title: "No agent's user has an MFA device of a person who is not an approver",
  why: "Whoever has the seed of an MFA device on the agent's user can open leases of every role with gate `mfa`.",
  applies: hasUsers,
  verify: (context) =>
    observeAgents(
      context,
      async ({ deployed }) => {
        const known = expectedDevices(context, deployed.name).map(({ serial }) => serial);
        return (await devicesOf(context, deployed.name))
          .filter((serial) => !known.includes(serial))
          .map((serial) => ({
            kind: 'damage',
            place: serial,
            message: `The device on the user ${deployed.name} belongs to no approver.`,
            hint: `Find out who enrolled it, then deactivate it: aws iam deactivate-mfa-device ${shellOption('--user-name', deployed.name)} ${shellOption('--serial-number', serial)}`,
          }));
      },
      'user',
    ),
};

/** Number of days that CloudTrail's event history covers. */
const HISTORY_DAYS = 90;
/**
 * Calls that add, change or remove an MFA device. Removals are included because another device can be added after a
 * removal.
 */
const CHANGES = [
  'CreateVirtualMFADevice',
  'EnableMFADevice',
  'ResyncMFADevice',
  'DeactivateMFADevice',
  'DeleteVirtualMFADevice',
];

export const mfaEnrolledByAgent: AccountVerification = {
  id: 'mfa-enrolled-by-agent',
  part: 'identity',
  severity: 'critical',
  title: `No agent and no lease changed an MFA device in the last ${HISTORY_DAYS} days`,
  why: 'An agent that enrols a device can approve its own requests. IAM denies the enrolment call. If the history contains such a call, a boundary was missing, or somebody tried to make the call.',
  applies: hasUsers,
  verify: async ({ environment, live, now }) => {
    const since = new Date(now.getTime() - HISTORY_DAYS * 86_400_000);
    const ours = new Set([
      ...deployedIdentities(environment).map(({ arn }) => arn),
      ...environment.agents.map((agent) => agentArn(agent, environment)),
    ]);
    const events = await Promise.all(
      CHANGES.map((AttributeValue) =>
        live.aws.list(
          'Events',
          'cloudtrail',
          'LookupEvents',
          { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }], StartTime: since, EndTime: now },
          iamRegion(environment.partition),
        ),
      ),
    );
    return events
      .flat()
      .flatMap(({ EventName = 'an unknown call', EventId = '', CloudTrailEvent }): readonly Damage[] => {
        const caller = callerOf(CloudTrailEvent);
        if (caller !== undefined && !ours.has(caller)) return [];
        return [
          {
            kind: 'damage',
            place: caller ?? `event ${EventId}`,
            message: `${caller ?? 'A caller who cannot be read'} called ${EventName} (event ${EventId}).`,
            hint: 'Remove every device that no approver enrolled, and rotate the key of the agent.',
          },
        ];
      });
  },
};

/** ARN of the caller in an event: the user, or the role of the session; `undefined` if the event cannot be parsed. */
function callerOf(event: string | undefined): string | undefined {
  try {
    const { userIdentity } = strictJson(event ?? '') as { userIdentity?: UserIdentity };
    return userIdentity?.sessionContext?.sessionIssuer?.arn ?? userIdentity?.arn ?? userIdentity?.invokedBy;
  } catch {
    return undefined;
  }
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
interface UserIdentity {
  readonly arn?: string;
  readonly invokedBy?: string;
  readonly sessionContext?: { readonly sessionIssuer?: { readonly arn?: string } };
}

function expectedDevices({ environment }: AccountContext, userName: string) {
  return agentUsers(environment)
    .filter((each) => each.userName === userName)
    .flatMap(({ agent }) =>
      environment.approvers.map((approver) => ({ approver, serial: mfaDeviceArn(approver, agent, environment) })),
    );
}

async function devicesOf({ live }: AccountContext, UserName: string): Promise<readonly string[]> {
  const devices = await live.aws.list('MFADevices', 'iam', 'ListMFADevices', { UserName });
  return devices.map(({ SerialNumber }) => present(SerialNumber, 'SerialNumber', 'iam:ListMFADevices'));
}
