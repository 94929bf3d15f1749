/** What the policies that AWS manages permit, as far as their texts are known here. */
import type { Allow, PinnedPolicy } from '@leasehold/definitions';
import type { PolicyDocument } from '@leasehold/policy';
import { awsManagedPolicy, awsManagedPowers, policyTextHash } from '@leasehold/policy/aws-managed';
import { type Managing, managedArns } from './managed-policies';

/** What the managed policies of a role permit. A policy whose text is not known counts as one that permits everything. */
export function managedPowers(role: Managing): readonly Allow[] {
  return managedArns(role).flatMap((arn) => awsManagedPowers(arn)?.statements ?? [EVERYTHING]);
}

/** The texts of a role's managed policies, as {@link managedPowers} knows them. */
export function managedDocuments(role: Managing): readonly PolicyDocument[] {
  return managedArns(role).map((arn) => awsManagedPolicy(arn) ?? ALL);
}

/** Whether the known text of a policy is the one that was pinned; undefined if no text is known. */
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
