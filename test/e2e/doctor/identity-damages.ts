/** Damages to the identities of agents. */
import { generateKeyPairSync } from 'node:crypto';
import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateVirtualMFADeviceCommand,
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteGroupCommand,
  DeleteLoginProfileCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteSSHPublicKeyCommand,
  DeleteUserPermissionsBoundaryCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachUserPolicyCommand,
  EnableMFADeviceCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListSSHPublicKeysCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
  SetDefaultPolicyVersionCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateUserCommand,
  UploadSSHPublicKeyCommand,
} from '@aws-sdk/client-iam';
import { ACCOUNT, AGENT, allow, type LiveDamage, policyArn, policyText, trusting } from './damage';

const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
const UserName = AGENT;
const device = (name: string) => `arn:aws:iam::${ACCOUNT}:mfa/${name}`;

/** Makes a text the default version of a policy, and back. */
export function otherVersion(name: string, document: string) {
  const PolicyArn = policyArn(name);
  let made: string | undefined;
  return {
    damage: async ({ iam }: { readonly iam: IAMClient }) => {
      const { PolicyVersion } = await iam.send(
        new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault: true }),
      );
      made = PolicyVersion?.VersionId;
    },
    repair: async ({ iam }: { readonly iam: IAMClient }) => {
      await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
      await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: made }));
    },
  };
}

function inlinePolicy(PolicyName: string, PolicyDocument: string) {
  return {
    damage: ({ iam }: { readonly iam: IAMClient }) =>
      iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument })),
    repair: ({ iam }: { readonly iam: IAMClient }) => iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName })),
  };
}

/** A role outside the stack. */
function strangerRole(RoleName: string, AssumeRolePolicyDocument: string) {
  return {
    damage: ({ iam }: { readonly iam: IAMClient }) =>
      iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument })),
    repair: ({ iam }: { readonly iam: IAMClient }) => iam.send(new DeleteRoleCommand({ RoleName })),
  };
}

/** Enrols a device; moto accepts any codes. */
export async function enrol(iam: IAMClient, user: string, name: string): Promise<void> {
  await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name }));
  await iam.send(
    new EnableMFADeviceCommand({
      UserName: user,
      SerialNumber: device(name),
      AuthenticationCode1: '123456',
      AuthenticationCode2: '654321',
    }),
  );
}

async function removeDevice(iam: IAMClient, name: string): Promise<void> {
  await iam.send(new DeactivateMFADeviceCommand({ UserName, SerialNumber: device(name) }));
  await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: device(name) }));
}

const AGENT_ARN = `arn:aws:iam::${ACCOUNT}:user/agents/${AGENT}`;
const SSH_KEY = `ssh-rsa ${generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;

export const IDENTITY_DAMAGES: readonly LiveDamage[] = [
  {
    name: 'AdministratorAccess is attached to the agent',
    found: 'agent-policies',
    says: /AdministratorAccess, which is not deployed. It permits more/,
    damage: ({ iam }) => iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: ADMINISTRATOR })),
    repair: ({ iam }) => iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: ADMINISTRATOR })),
  },
  {
    name: 'an inline policy is added',
    found: 'agent-policies',
    says: /the inline policy debug, which is not deployed. It permits more than is deployed: s3:/,
    ...inlinePolicy('debug', policyText(allow('s3:GetObject'))),
  },
  {
    name: 'an inline policy is added that permits nothing more',
    found: 'agent-policies',
    says: /the inline policy same, which is not deployed. It permits nothing more today/,
    ...inlinePolicy(
      'same',
      policyText(allow('sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/leasehold/hermes-dev/hermes-dev-report`)),
    ),
  },
  {
    name: 'the policy for asking is detached',
    found: 'agent-policies',
    says: /permits less than is deployed/,
    damage: ({ iam }) => iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: policyArn(`${AGENT}-ask-1`) })),
    repair: ({ iam }) => iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: policyArn(`${AGENT}-ask-1`) })),
  },
  {
    name: 'the policy for asking has a wider version',
    found: 'agent-policies',
    // A role that trusts the whole account is now within reach of the policies.
    also: 'agent-reach',
    says: /The user permits more than is deployed: sts:AssumeRole/,
    ...otherVersion(`${AGENT}-ask-1`, policyText(allow('sts:AssumeRole'))),
  },
  {
    name: 'the boundary is removed',
    found: 'agent-boundary',
    says: /has no permissions boundary/,
    damage: ({ iam }) => iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName })),
    repair: ({ iam }) =>
      iam.send(
        new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: policyArn(`${AGENT}-boundary`) }),
      ),
  },
  {
    name: 'the boundary is another policy',
    found: 'agent-boundary',
    says: /another policy, .*AdministratorAccess. It/,
    damage: ({ iam }) =>
      iam.send(new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: ADMINISTRATOR })),
    repair: ({ iam }) =>
      iam.send(
        new PutUserPermissionsBoundaryCommand({ UserName, PermissionsBoundary: policyArn(`${AGENT}-boundary`) }),
      ),
  },
  {
    name: 'the boundary loses its denies',
    found: 'agent-boundary',
    says: /The boundary permits more than is deployed/,
    ...otherVersion(`${AGENT}-boundary`, policyText({ ...allow('sts:AssumeRole') })),
  },
  {
    name: 'the agent joins a group',
    found: 'agent-groups',
    says: /in the group operators/,
    damage: async ({ iam }) => {
      await iam.send(new CreateGroupCommand({ GroupName: 'operators' }));
      await iam.send(new AddUserToGroupCommand({ GroupName: 'operators', UserName }));
    },
    repair: async ({ iam }) => {
      await iam.send(new RemoveUserFromGroupCommand({ GroupName: 'operators', UserName }));
      await iam.send(new DeleteGroupCommand({ GroupName: 'operators' }));
    },
  },
  {
    name: 'the agent has a tag with which policies elsewhere decide',
    found: 'agent-tags',
    says: /tags that are not deployed: team/,
    damage: ({ iam }) => iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'team', Value: 'admin' }] })),
    repair: ({ iam }) => iam.send(new UntagUserCommand({ UserName, TagKeys: ['team'] })),
  },
  {
    name: 'the agent gets a password',
    found: 'agent-password',
    says: /console password since \d{4}-/,
    damage: ({ iam }) => iam.send(new CreateLoginProfileCommand({ UserName, Password: 'correct-Horse-battery-9' })),
    repair: ({ iam }) => iam.send(new DeleteLoginProfileCommand({ UserName })),
  },
  {
    name: 'the agent has two active keys',
    found: 'agent-second-key',
    says: /2 active access keys/,
    damage: async ({ iam }) => {
      await iam.send(new CreateAccessKeyCommand({ UserName }));
      await iam.send(new CreateAccessKeyCommand({ UserName }));
    },
    repair: async ({ iam }) => {
      const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
      for (const { AccessKeyId } of AccessKeyMetadata)
        await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
    },
  },
  {
    name: 'the agent has an SSH key',
    found: 'agent-other-credentials',
    says: /SSH public key/,
    damage: ({ iam }) => iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: SSH_KEY })),
    repair: async ({ iam }) => {
      const { SSHPublicKeys = [] } = await iam.send(new ListSSHPublicKeysCommand({ UserName }));
      for (const { SSHPublicKeyId } of SSHPublicKeys)
        await iam.send(new DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId }));
    },
  },
  {
    name: 'an approver has no device',
    found: 'mfa-missing',
    says: /oncall has no MFA device/,
    damage: ({ iam }) => removeDevice(iam, `${AGENT}-oncall`),
    repair: ({ iam }) => enrol(iam, AGENT, `${AGENT}-oncall`),
  },
  {
    name: 'a device belongs to nobody',
    found: 'mfa-unknown',
    says: /belongs to no approver/,
    damage: ({ iam }) => enrol(iam, AGENT, 'backup-phone'),
    repair: ({ iam }) => removeDevice(iam, 'backup-phone'),
  },
  {
    name: 'the user has another name',
    found: 'agent-exists',
    alone: true,
    says: /does not exist/,
    damage: ({ iam }) => iam.send(new UpdateUserCommand({ UserName, NewUserName: 'renamed' })),
    repair: ({ iam }) => iam.send(new UpdateUserCommand({ UserName: 'renamed', NewUserName: UserName })),
  },
  {
    name: 'a role outside the stack trusts the agent',
    found: 'agent-reach',
    says: /role\/legacy-admin names the agent/,
    ...strangerRole('legacy-admin', trusting(AGENT_ARN)),
  },
  {
    name: 'a role outside the stack trusts everybody',
    found: 'agent-reach',
    says: /role\/open-door names the agent/,
    ...strangerRole('open-door', trusting('*')),
  },
  {
    name: 'a role outside the stack trusts the agent with an external id',
    found: 'agent-reach',
    says: /role\/partner names the agent/,
    ...strangerRole('partner', trusting(AGENT_ARN, { Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } })),
  },
  {
    name: 'a role outside the stack trusts everybody whose ARN is at the path of the agents',
    found: 'agent-reach',
    says: /role\/by-path names the agent. Only the agent's boundary denies it/,
    ...strangerRole(
      'by-path',
      trusting('*', { Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/agents/*` } } }),
    ),
  },
];
