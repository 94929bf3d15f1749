/** Recognizes permissions on the caller's own user. Such permissions do not give control over other users. */
import type { Gained } from './powers';

/**
 * Whether an action is gained only on the caller's own user, `arn:…:user/${aws:username}`. A role session has no
 * `aws:username`, so the pattern matches nothing for a role session. `enabling` contains the users for whom MFA devices
 * may be enabled: a new device has no effect before it is enabled. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
 */
export function isSelfService({ action, resources }: Gained, enabling: readonly string[]): boolean {
  if (!SELF_MANAGED.test(action) || resources.length === 0) return false;
  if (resources.every(isOneself)) return true;
  return /^iam:CreateVirtualMFADevice$/i.test(action) && resources.every(isDevice) && enabling.every(isOneself);
}

/**
 * Actions that people use to manage their own user: keys, password, devices, certificates. Policies, groups and
 * boundaries are not included, because changing them increases the user's permissions.
 */
const SELF_MANAGED =
  /^iam:\w*(AccessKey|LoginProfile|Password|MFADevice|ServiceSpecificCredential|SigningCertificate|SSHPublicKey)s?$/i;

/**
 * Whether an action is gained only on service-linked roles. IAM refuses such a change (`UnmodifiableEntity`) unless the
 * role's own service makes it. AWS's own policies allow such changes so that a service can create its role. Tagging is
 * not included, because IAM permits tagging of service-linked roles. Sources:
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html,
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html
 */
export function isRefusedChange({ action, resources }: Gained): boolean {
  return CHANGES_ROLE.test(action) && areServiceLinked(resources);
}

/** Whether all resources are service-linked roles. */
export function areServiceLinked(resources: readonly string[]): boolean {
  return resources.length > 0 && resources.every((text) => SERVICE_LINKED.test(text));
}

const CHANGES_ROLE =
  /^iam:((Attach|Detach|Put|Delete)RolePolicy|(Put|Delete)RolePermissionsBoundary|UpdateAssumeRolePolicy|UpdateRole)$/i;

const SERVICE_LINKED = /^arn:[^:]+:iam::[^:/]*:role\/aws-service-role\/./i;

/** Whether all actions are gained only on the caller's own user, for example on the user's tags. */
export function isOnOneself(gained: readonly Gained[]): boolean {
  return gained.every(({ resources }) => resources.length > 0 && resources.every(isOneself));
}

/** Whether a resource is the calling user at any path, or a device with the user's name. */
function isOneself(resource: string): boolean {
  return /^arn:[^:]+:iam::[^:/]*:(user\/(\S*\/)?\$\{aws:username\}|mfa\/\$\{aws:username\}[^*?/]*)$/i.test(resource);
}

function isDevice(resource: string): boolean {
  return /^arn:[^:]+:iam::[^:/]*:mfa\//i.test(resource);
}
