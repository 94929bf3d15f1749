/** Power over one's own user: no power over anybody else. */
import type { Gained } from './powers';

/**
 * Whether an action is gained on the caller's own user alone, `arn:…:user/${aws:username}`. A session of a role has no
 * such name, so that the pattern matches nothing of its own. `enabling` are the users for whom devices may be enabled:
 * a new device is of use to nobody before that.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html
 */
export function isSelfService({ action, resources }: Gained, enabling: readonly string[]): boolean {
  if (!SELF_MANAGED.test(action) || resources.length === 0) return false;
  if (resources.every(isOneself)) return true;
  return /^iam:CreateVirtualMFADevice$/i.test(action) && resources.every(isDevice) && enabling.every(isOneself);
}

/**
 * What people manage of their own user: keys, password, devices, certificates. Policies, groups and boundaries are none
 * of it: who changes them for themselves gains power.
 */
const SELF_MANAGED =
  /^iam:\w*(AccessKey|LoginProfile|Password|MFADevice|ServiceSpecificCredential|SigningCertificate|SSHPublicKey)s?$/i;

/** The user itself, at any path, or a device that carries its name. */
function isOneself(resource: string): boolean {
  return /^arn:[^:]+:iam::[^:/]*:(user\/(\S*\/)?\$\{aws:username\}|mfa\/\$\{aws:username\}[^*?/]*)$/i.test(resource);
}

function isDevice(resource: string): boolean {
  return /^arn:[^:]+:iam::[^:/]*:mfa\//i.test(resource);
}
