/** Verifies that each agent's user has one access key and no other credentials. */
import { shellOption } from '@leasehold/contract/text';
import { observeEach, present } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { hasUsers, observeAgents } from './agent-users';

/** Number of days after which a key should be rotated, as recommended in the CIS benchmark for AWS. */
const KEY_DAYS = 90;
const DAY = 86_400_000;

export const agentPassword: AccountVerification = {
  id: 'agent-password',
  part: 'identity',
  severity: 'critical',
  title: "An agent's user has no console password",
  why: 'If the user has a password, somebody can sign in to the AWS console as this user. A person who knows the password can act as the agent without the access key.',
  applies: hasUsers,
  verify: (context) =>
    observeAgents(
      context,
      async ({ deployed }) => {
        const found = await context.live.aws.find('iam', 'GetLoginProfile', { UserName: deployed.name });
        if (found === undefined) return [];
        return [
          {
            kind: 'damage',
            place: deployed.arn,
            message: `The user has had a console password since ${dayOf(found.LoginProfile?.CreateDate)}.`,
            hint: `Remove it: aws iam delete-login-profile ${shellOption('--user-name', deployed.name)}`,
          },
        ];
      },
      'user',
    ),
};

export const agentSecondKey: AccountVerification = {
  id: 'agent-second-key',
  part: 'identity',
  severity: 'high',
  title: "An agent's user has at most one active access key",
  why: 'A second access key is needed only for a few minutes, during a rotation. A second key that is not removed may belong to somebody else.',
  applies: hasUsers,
  verify: (context) =>
    observeAgents(
      context,
      async ({ deployed }) => {
        const active = (await keysOf(context, deployed.name)).filter(({ status }) => status !== 'Inactive');
        if (active.length < 2) return [];
        return [
          {
            kind: 'damage',
            place: deployed.arn,
            message: `The user has ${active.length} active access keys: ${active.map(({ id }) => id).join(', ')}.`,
            hint: 'Deactivate the key that the agent does not use, and delete it a day later.',
          },
        ];
      },
      'user',
    ),
};

export const agentKeyAge: AccountVerification = {
  id: 'agent-key-age',
  part: 'identity',
  severity: 'medium',
  title: `The access key of an agent is younger than ${KEY_DAYS} days`,
  why: 'Over time, an access key can leak into logs, images and backups. Rotation limits how long a leaked key can be used.',
  applies: hasUsers,
  verify: (context) =>
    observeAgents(
      context,
      async ({ deployed }) => {
        const keys = await keysOf(context, deployed.name);
        return keys.flatMap(({ id, status, created }): readonly Damage[] => {
          if (status === 'Inactive') return [];
          const days = Math.floor((context.now.getTime() - created.getTime()) / DAY);
          if (days <= KEY_DAYS) return [];
          return [
            {
              kind: 'damage',
              place: deployed.arn,
              message: `The access key ${id} is ${days} days old.`,
              hint: 'Create a second key, switch the agent to it, then delete the old key.',
            },
          ];
        });
      },
      'user',
    ),
};

export const agentKeyUse: AccountVerification = {
  id: 'agent-key-use',
  part: 'identity',
  severity: 'high',
  title: "An agent's key was last used to request a lease",
  why: 'The agent calls only STS and, if there is a broker, the API of the broker. A call to another service shows that somebody is trying out what the access key can do.',
  applies: hasUsers,
  verify: (context) =>
    observeAgents(
      context,
      async ({ deployed }) => {
        const usual = context.environment.broker === undefined ? ['sts'] : ['sts', 'execute-api'];
        const keys = await keysOf(context, deployed.name);
        return observeEach(
          keys,
          () => deployed.arn,
          async ({ id }) => {
            const answer = await context.live.aws.call('iam', 'GetAccessKeyLastUsed', { AccessKeyId: id });
            const last = present(answer.AccessKeyLastUsed, 'AccessKeyLastUsed', 'iam:GetAccessKeyLastUsed');
            // IAM returns this literal for a key that was never used.
            const service = present(last.ServiceName, 'ServiceName', 'iam:GetAccessKeyLastUsed');
            if (service === 'N/A' || usual.includes(service)) return [];
            return [
              {
                kind: 'damage',
                place: deployed.arn,
                message: `The access key ${id} was last used for ${service} in ${last.Region ?? 'an unknown region'}, on ${dayOf(last.LastUsedDate)}.`,
                hint: 'Use the access key id to look up the calls in CloudTrail. If nobody can explain the calls, deactivate the key.',
              },
            ];
          },
        );
      },
      'user',
    ),
};

export const agentOtherCredentials: AccountVerification = {
  id: 'agent-other-credentials',
  part: 'identity',
  severity: 'high',
  title: "An agent's user has no SSH key, signing certificate or service-specific credential",
  why: "In addition to the user's access key, each of these credentials can be used to authenticate to a service as the user.",
  applies: hasUsers,
  verify: (context) =>
    observeAgents(
      context,
      ({ deployed }) =>
        observeEach(
          OTHER_CREDENTIALS,
          ({ what }) => `${deployed.arn} (${what})`,
          async ({ what, list, remove }) =>
            (await list(context, deployed.name)).map((id) => ({
              kind: 'damage',
              place: deployed.arn,
              message: `The user has a ${what}: ${id}.`,
              hint: `Remove it: aws iam ${shellOption(remove, id)} ${shellOption('--user-name', deployed.name)}`,
            })),
        ),
      'user',
    ),
};

interface OtherCredential {
  readonly what: string;
  readonly list: (context: AccountContext, UserName: string) => Promise<readonly string[]>;
  /** The CLI subcommand that removes the credential, up to the option whose value is the credential's id. */
  readonly remove: string;
}

const OTHER_CREDENTIALS: readonly OtherCredential[] = [
  {
    what: 'SSH public key',
    list: async ({ live }, UserName) =>
      (await live.aws.list('SSHPublicKeys', 'iam', 'ListSSHPublicKeys', { UserName })).map(({ SSHPublicKeyId }) =>
        present(SSHPublicKeyId, 'SSHPublicKeyId', 'iam:ListSSHPublicKeys'),
      ),
    remove: 'delete-ssh-public-key --ssh-public-key-id',
  },
  {
    what: 'signing certificate',
    list: async ({ live }, UserName) =>
      (await live.aws.list('Certificates', 'iam', 'ListSigningCertificates', { UserName })).map(({ CertificateId }) =>
        present(CertificateId, 'CertificateId', 'iam:ListSigningCertificates'),
      ),
    remove: 'delete-signing-certificate --certificate-id',
  },
  {
    what: 'service-specific credential',
    list: async ({ live }, UserName) =>
      (await live.aws.list('ServiceSpecificCredentials', 'iam', 'ListServiceSpecificCredentials', { UserName })).map(
        ({ ServiceSpecificCredentialId }) =>
          present(ServiceSpecificCredentialId, 'ServiceSpecificCredentialId', 'iam:ListServiceSpecificCredentials'),
      ),
    remove: 'delete-service-specific-credential --service-specific-credential-id',
  },
];

/** The access keys of a user, each with id and status. */
async function keysOf({ live }: AccountContext, UserName: string) {
  const keys = await live.aws.list('AccessKeyMetadata', 'iam', 'ListAccessKeys', { UserName });
  return keys.map(({ AccessKeyId, Status, CreateDate }) => ({
    id: present(AccessKeyId, 'AccessKeyId', 'iam:ListAccessKeys'),
    status: present(Status, 'Status', 'iam:ListAccessKeys'),
    created: present(CreateDate, 'CreateDate', 'iam:ListAccessKeys'),
  }));
}

function dayOf(date: Date | undefined): string {
  return date === undefined ? 'an unknown day' : date.toISOString().slice(0, 10);
}
