/**
 * Lists the permissions of AWS-managed policies. Only policies whose texts are included in this package are known.
 */
import type { Allow, PinnedPolicy } from '@leasehold/definitions';
import type { PolicyDocument } from '@leasehold/policy';
import { awsManagedPolicy, awsManagedPowers, policyTextHash } from '@leasehold/policy/aws-managed';
import { type Managing, managedArns } from './managed-policies';

/** The permissions of a role's AWS-managed policies. A policy with an unknown text counts as permitting everything. */
export function managedPowers(role: Managing): readonly Allow[] {
  return managedArns(role).flatMap((arn) => awsManagedPowers(arn)?.statements ?? [EVERYTHING]);
}

/** The texts that {@link managedPowers} uses for a role's AWS-managed policies. */
export function managedDocuments(role: Managing): readonly PolicyDocument[] {
  return managedArns(role).map((arn) => awsManagedPolicy(arn) ?? ALL);
}

/** Whether the known text of a policy equals the pinned text; undefined if no text is known. */
export function isPinnedText({ arn, sha256 }: Pick<PinnedPolicy, 'arn' | 'sha256'>): boolean | undefined {
  const hash = knownTextHash(arn);
  return hash === undefined ? undefined : hash === sha256;
}

/** The hash of the known text of a policy; undefined if no text is known. */
export function knownTextHash(arn: string): string | undefined {
  const document = awsManagedPolicy(arn);
  return document && policyTextHash(document);
}

const EVERYTHING: Allow = { actions: ['*'], resources: ['*'], conditions: {} };
const ALL: PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
