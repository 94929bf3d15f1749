/**
 * The part of AWS Identity and Access Management that leases need: MFA devices, role tags, versions of policies,
 * and reads of deployed identities and policies.
 */
import type { QueryService } from '../query/service';
import { createAccessKey } from './access-keys';
import {
  createVirtualMfaDevice,
  deactivateMfaDevice,
  deleteVirtualMfaDevice,
  enableMfaDevice,
  listMfaDevices,
  listVirtualMfaDevices,
} from './mfa-devices';
import { createPolicyVersion, deletePolicyVersion, getPolicyVersion, listPolicyVersions } from './policy-versions';
import {
  getEntity,
  getInlinePolicy,
  getPolicy,
  listAttachedPolicies,
  listEntities,
  listInlinePolicies,
  listPolicies,
} from './reads';
import { listRoleTags, tagRole, untagRole } from './role-tags';

export const IAM: QueryService = {
  name: 'iam',
  eventSource: 'iam.amazonaws.com',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  version: '2010-05-08',
  operations: {
    CreateVirtualMFADevice: createVirtualMfaDevice,
    EnableMFADevice: enableMfaDevice,
    ListMFADevices: listMfaDevices,
    ListVirtualMFADevices: listVirtualMfaDevices,
    DeactivateMFADevice: deactivateMfaDevice,
    DeleteVirtualMFADevice: deleteVirtualMfaDevice,
    CreateAccessKey: createAccessKey,
    TagRole: tagRole,
    UntagRole: untagRole,
    ListRoleTags: listRoleTags,
    GetUser: getEntity('user'),
    GetRole: getEntity('role'),
    ListUsers: listEntities('user'),
    ListRoles: listEntities('role'),
    ListUserPolicies: listInlinePolicies('user'),
    ListRolePolicies: listInlinePolicies('role'),
    GetUserPolicy: getInlinePolicy('user'),
    GetRolePolicy: getInlinePolicy('role'),
    ListAttachedUserPolicies: listAttachedPolicies('user'),
    ListAttachedRolePolicies: listAttachedPolicies('role'),
    ListPolicies: listPolicies,
    GetPolicy: getPolicy,
    CreatePolicyVersion: createPolicyVersion,
    DeletePolicyVersion: deletePolicyVersion,
    GetPolicyVersion: getPolicyVersion,
    ListPolicyVersions: listPolicyVersions,
  },
};
