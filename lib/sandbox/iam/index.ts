/**
 * The parts of AWS Identity and Access Management that are required for leases: MFA devices, role tags, versions of
 * policies, and reads of deployed identities and policies. The operations that create and delete identities are
 * supported for `leasehold conformance`.
 */
import type { QueryService } from '../query/service';
import { createAccessKey, deleteAccessKey, listAccessKeys } from './access-keys';
import { getAccountSummary } from './account-summary';
import { createRole, createUser, deleteRole, deleteUser } from './identities';
import {
  createVirtualMfaDevice,
  deactivateMfaDevice,
  deleteVirtualMfaDevice,
  enableMfaDevice,
  listMfaDevices,
  listVirtualMfaDevices,
} from './mfa-devices';
import {
  attachRolePolicy,
  createPolicy,
  deleteInlinePolicy,
  deletePolicy,
  detachRolePolicy,
  putInlinePolicy,
} from './policies';
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
    ListAccessKeys: listAccessKeys,
    DeleteAccessKey: deleteAccessKey,
    CreateUser: createUser,
    CreateRole: createRole,
    DeleteUser: deleteUser,
    DeleteRole: deleteRole,
    PutUserPolicy: putInlinePolicy('user'),
    PutRolePolicy: putInlinePolicy('role'),
    DeleteUserPolicy: deleteInlinePolicy('user'),
    DeleteRolePolicy: deleteInlinePolicy('role'),
    AttachRolePolicy: attachRolePolicy,
    DetachRolePolicy: detachRolePolicy,
    CreatePolicy: createPolicy,
    DeletePolicy: deletePolicy,
    GetAccountSummary: getAccountSummary,
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
