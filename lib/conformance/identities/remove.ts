/**
 * Removes the resources that runs created: devices, users with their keys, roles, and then the policies that were
 * their boundaries. Resources outside the probes' IAM path, and resources in this path whose names do not have the form
 * of a run's names, are never removed.
 */
import { append } from '@leasehold/contract/any-length';
import type { Partition } from '@leasehold/definitions';
import type { CallInput, CommandOf } from '../aws/clients';
import { ConformanceError } from '../error';
import type { Administrator } from './administrator';
import { PROBE_PATH } from './definitions';
import { type Created, isProbeName, KINDS, type Kind } from './ledger';

/** The account and the clients for removals. */
export interface Removal {
  readonly administrator: Administrator;
  readonly partition: Partition;
  readonly account: string;
  readonly signal: AbortSignal;
}

/** A resource that could not be removed, with the reason. */
export interface Left extends Created {
  readonly why: string;
}

/**
 * Removes all created resources, and continues if one removal fails. Returns the resources that could not be removed.
 */
export async function removeCreated(created: readonly Created[], removal: Removal): Promise<readonly Left[]> {
  const left: Left[] = [];
  for (const kind of KINDS) {
    for (const { name } of created.filter((each) => each.kind === kind)) {
      try {
        await REMOVE[kind](demandProbeName(name), removal);
      } catch (error) {
        if (!(error instanceof ConformanceError)) throw error;
        left.push({ kind, name, why: error.message });
      }
    }
  }
  return left;
}

/**
 * Finds the resources in the probes' IAM path. Returns the resources that a run created and, separately, all others
 * (`foreign`).
 */
export async function findLeftovers(
  removal: Removal,
): Promise<{ readonly found: readonly Created[]; readonly foreign: readonly Created[] }> {
  const { partition, account } = removal;
  const PathPrefix = PROBE_PATH;
  const prefix = `arn:${partition}:iam::${account}:mfa${PROBE_PATH}`;
  const users = await pages('ListUsers', { PathPrefix }, removal, ({ Users }) => Users);
  const roles = await pages('ListRoles', { PathPrefix }, removal, ({ Roles }) => Roles);
  const policies = await pages('ListPolicies', { PathPrefix, Scope: 'Local' }, removal, ({ Policies }) => Policies);
  const devices = await pages('ListVirtualMFADevices', {}, removal, ({ VirtualMFADevices }) => VirtualMFADevices);
  const atPath = ({ Path }: { readonly Path?: string | undefined }) => Path === PROBE_PATH;
  const all: readonly Created[] = [
    ...devices
      .filter(({ SerialNumber = '' }) => SerialNumber.startsWith(prefix))
      .map(({ SerialNumber = '' }) => ({ kind: 'device' as const, name: SerialNumber.slice(prefix.length) })),
    ...users.filter(atPath).map(({ UserName = '' }) => ({ kind: 'user' as const, name: UserName })),
    ...roles.filter(atPath).map(({ RoleName = '' }) => ({ kind: 'role' as const, name: RoleName })),
    ...policies.filter(atPath).map(({ PolicyName = '' }) => ({ kind: 'policy' as const, name: PolicyName })),
  ];
  return {
    found: all.filter(({ name }) => isProbeName(name)),
    foreign: all.filter(({ name }) => !isProbeName(name)),
  };
}

async function pages<C extends CommandOf<'iam'>, T>(
  command: C,
  input: CallInput<'iam', C>,
  { administrator, signal }: Removal,
  items: (page: Awaited<ReturnType<typeof administrator.call<C>>>) => readonly T[] | undefined,
): Promise<readonly T[]> {
  const found: T[] = [];
  let marker: string | undefined;
  do {
    const asked = marker === undefined ? input : { ...(input as object), Marker: marker };
    const page = await administrator.call(command, asked as CallInput<'iam', C>, signal);
    append(found, items(page) ?? []);
    const { IsTruncated, Marker } = page as { readonly IsTruncated?: boolean; readonly Marker?: string };
    marker = IsTruncated ? Marker : undefined;
  } while (marker !== undefined);
  return found;
}

type Remove = (name: string, removal: Removal) => Promise<void>;

const REMOVE: Readonly<Record<Kind, Remove>> = {
  device: async (name, { administrator, partition, account, signal }) => {
    const SerialNumber = `arn:${partition}:iam::${account}:mfa${PROBE_PATH}${name}`;
    // An enabled device belongs to the agent user of the same run.
    const UserName = agentOf(name);
    await administrator.remove('DeactivateMFADevice', { UserName, SerialNumber }, signal);
    await administrator.remove('DeleteVirtualMFADevice', { SerialNumber }, signal);
  },
  user: async (UserName, removal) => {
    const { administrator, signal } = removal;
    if (!(await isAtPath('user', UserName, removal))) return;
    const keys = await administrator.remove('ListAccessKeys', { UserName }, signal);
    for (const { AccessKeyId } of keys?.AccessKeyMetadata ?? []) {
      await administrator.remove('DeleteAccessKey', { UserName, AccessKeyId }, signal);
    }
    const inline = await administrator.remove('ListUserPolicies', { UserName }, signal);
    for (const PolicyName of inline?.PolicyNames ?? []) {
      await administrator.remove('DeleteUserPolicy', { UserName, PolicyName }, signal);
    }
    await administrator.remove('DeleteUser', { UserName }, signal);
  },
  role: async (RoleName, removal) => {
    const { administrator, signal } = removal;
    if (!(await isAtPath('role', RoleName, removal))) return;
    const inline = await administrator.remove('ListRolePolicies', { RoleName }, signal);
    for (const PolicyName of inline?.PolicyNames ?? []) {
      await administrator.remove('DeleteRolePolicy', { RoleName, PolicyName }, signal);
    }
    const attached = await administrator.remove('ListAttachedRolePolicies', { RoleName }, signal);
    for (const { PolicyArn } of attached?.AttachedPolicies ?? []) {
      await administrator.remove('DetachRolePolicy', { RoleName, PolicyArn }, signal);
    }
    await administrator.remove('DeleteRole', { RoleName }, signal);
  },
  policy: async (name, { administrator, partition, account, signal }) => {
    const PolicyArn = `arn:${partition}:iam::${account}:policy${PROBE_PATH}${name}`;
    const versions = await administrator.remove('ListPolicyVersions', { PolicyArn }, signal);
    for (const { VersionId, IsDefaultVersion } of versions?.Versions ?? []) {
      if (!IsDefaultVersion) await administrator.remove('DeletePolicyVersion', { PolicyArn, VersionId }, signal);
    }
    await administrator.remove('DeletePolicy', { PolicyArn }, signal);
  },
};

/**
 * Names of users and roles are unique in an account, not in a path. A user or role outside the path could have this
 * name.
 */
async function isAtPath(kind: 'user' | 'role', name: string, { administrator, signal }: Removal): Promise<boolean> {
  const found =
    kind === 'user'
      ? (await administrator.remove('GetUser', { UserName: name }, signal))?.User
      : (await administrator.remove('GetRole', { RoleName: name }, signal))?.Role;
  return found?.Path === PROBE_PATH;
}

/** Name of the user of a device `<run>-<number>`. */
function agentOf(device: string): string {
  return `${device.slice(0, device.indexOf('-'))}-p-agent`;
}

function demandProbeName(name: string): string {
  if (isProbeName(name)) return name;
  throw new TypeError(`${name} is not the name of a probe`);
}
