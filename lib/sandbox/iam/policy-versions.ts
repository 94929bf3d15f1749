/**
 * IAM's operations on the versions of customer-managed policies. Exactly one version is the default version.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html and related pages.
 */
import { largest } from '@leasehold/contract/any-length';
import { COUNT_QUOTAS } from '@leasehold/policy';
import type { ManagedPolicy, PolicyVersion } from '../account/model';
import { validate } from '../query/parameters';
import type { Call, Operation } from '../query/service';
import { AwsError } from '../wire/aws-error';
import type { Xml } from '../wire/xml';
import { readDocument } from './documents';
import { noSuchEntity, policyOf, required } from './lookup';
import { encoded, permitOnPolicy } from './reads';

const MOST_VERSIONS = COUNT_QUOTAS.versionsPerManagedPolicy.value;

export const createPolicyVersion: Operation = (call) => {
  const { parameters, facts, draft } = call;
  const { PolicyDocument: text, SetAsDefault: setAsDefault = 'false' } = parameters;
  validate({ policyDocument: text }, { policyDocument: { required: true, length: [1, 131_072] } });
  permitOnPolicy(call, 'iam:CreatePolicyVersion');
  const policy = ownPolicyOf(call);
  const document = readDocument(text, 'identity', 'managed-policy');
  if (policy.versions.length >= MOST_VERSIONS) {
    throw new AwsError(
      409,
      'LimitExceeded',
      `A managed policy can have up to ${MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version.`,
    );
  }
  const number = largest(policy.versions.map(({ id }) => Number(id.slice(1)))) + 1;
  const version: PolicyVersion = { id: `v${number}`, createDate: new Date(facts.now), document };
  const versions = [...policy.versions, version];
  const inForce = setAsDefault === 'true' ? { document, defaultVersion: version.id } : {};
  call.caller.account.replacePolicy({ ...policy, versions, ...inForce });
  draft.responseElements = { policyVersion: { versionId: version.id, isDefaultVersion: setAsDefault === 'true' } };
  return { PolicyVersion: described(version, setAsDefault === 'true' ? version.id : policy.defaultVersion) };
};

export const deletePolicyVersion: Operation = (call) => {
  permitOnPolicy(call, 'iam:DeletePolicyVersion');
  const policy = ownPolicyOf(call);
  const { id } = versionOf(call, policy);
  if (id === policy.defaultVersion) {
    throw new AwsError(409, 'DeleteConflict', 'Cannot delete the default version of a policy.');
  }
  call.caller.account.replacePolicy({ ...policy, versions: policy.versions.filter((each) => each.id !== id) });
  return undefined;
};

export const getPolicyVersion: Operation = (call) => {
  permitOnPolicy(call, 'iam:GetPolicyVersion');
  const policy = policyOf(call);
  const version = versionOf(call, policy);
  return { PolicyVersion: { Document: encoded(version.document), ...described(version, policy.defaultVersion) } };
};

export const listPolicyVersions: Operation = (call) => {
  permitOnPolicy(call, 'iam:ListPolicyVersions');
  const { versions, defaultVersion } = policyOf(call);
  return { Versions: [...versions].reverse().map((each) => described(each, defaultVersion)), IsTruncated: false };
};

/** A policy that the account may change. */
function ownPolicyOf(call: Call): ManagedPolicy {
  const policy = policyOf(call);
  if (!policy.arn.includes(':iam::aws:')) return policy;
  throw new AwsError(403, 'AccessDenied', `Policies of AWS cannot be changed: ${policy.arn}`);
}

function versionOf({ parameters }: Call, { versions }: ManagedPolicy): PolicyVersion {
  const id = required(parameters.VersionId, 'versionId');
  const version = versions.find((each) => each.id === id);
  if (version === undefined) throw noSuchEntity(`Policy version ${id} was not found.`);
  return version;
}

function described({ id, createDate }: PolicyVersion, defaultVersion: string): { readonly [key: string]: Xml } {
  return { VersionId: id, IsDefaultVersion: id === defaultVersion, CreateDate: createDate };
}
