/** Recognizes permissions on the caller's own user, which give no power over others. */
import type { Gained } from './powers';

/**
 * Whether an action is gained only on the caller's own user, `arn:…:user/${aws:username}`. A role session has no such
 * name, so the pattern matches nothing for it. `enabling` contains the users for whom MFA devices may be enabled: a new
 * device has no effect before that. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
 */
export function isSelfService({ action, resources }: Gained, enabling: readonly string[]): boolean {
  if (!SELF_MANAGED.test(action) || resources.length === 0) return false;
  if (resources.every(isOneself)) return true;
  return /^iam:CreateVirtualMFADevice$/i.test(action) && resources.every(isDevice) && enabling.every(isOneself);
}

/**
 * What people manage for their own user: keys, password, devices, certificates. Policies, groups and boundaries are not
 * included, because changing them increases the user's permissions.
 */
const SELF_MANAGED =
  /^iam:\w*(AccessKey|LoginProfile|Password|MFADevice|ServiceSpecificCredential|SigningCertificate|SSHPublicKey)s?$/i;

/**
 * Whether an action is gained only on service-linked roles, where IAM refuses it to all but their own service
 * (`UnmodifiableEntity`). AWS's own policies allow such changes so that a service can create its role. Tags are not among
 * them: IAM accepts those of service-linked roles.
 * Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html,
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html
 */
export function isRefusedChange({ action, resources }: Gained): boolean {
  return CHANGES_ROLE.test(action) && areServiceLinked(resources);
}

/** Whether resources are service-linked roles and nothing else. */
export function areServiceLinked(resources: readonly string[]): boolean {
  return resources.length > 0 && resources.every((text) => SERVICE_LINKED.test(text));
}

const CHANGES_ROLE =
  /^iam:((Attach|Detach|Put|Delete)RolePolicy|(Put|Delete)RolePermissionsBoundary|UpdateAssumeRolePolicy|UpdateRole)$/i;

const SERVICE_LINKED = /^arn:[^:]+:iam::[^:/]*:role\/aws-service-role\/./i;

/** Whether everything is gained only on the caller's own user, such as its tags. */
export function isOnOneself(gained: readonly Gained[]): boolean {
  return gained.every(({ resources }) => resources.length > 0 && resources.every(isOneself));
}

/** The user itself, at any path, or a device with the user's name. */
function isOneself(resource: string): boolean {
  return /^arn:[^:]+:iam::[^:/]*:(user\/(\S*\/)?\$\{aws:username\}|mfa\/\$\{aws:username\}[^*?/]*)$/i.test(resource);
}

function isDevice(resource: string): boolean {
  return /^arn:[^:]+:iam::[^:/]*:mfa\//i.test(resource);
}
