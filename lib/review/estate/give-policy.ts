/** Adds policies to identities without duplicates. */
import type { PlacedPolicy, Read } from '../model';
import type { Meant } from './principals';
import type { ScopedInstance } from './resource-instances';

/**
 * Adds a policy to the given identities. If the plan does not show to which of these identities the policy is attached,
 * the policy is added to each identity, and its document counts as unknown.
 */
export function give(meant: readonly Meant[], id: string, policy: PlacedPolicy): void {
  for (const { draft, sure } of meant) {
    const unsure: Read<never> = { kind: 'unknown', why: 'the plan leaves open whether it is attached here' };
    draft.policies.set(sure ? id : `${id} ${policy.place.address}`, sure ? policy : { ...policy, document: unsure });
  }
}

/**
 * An id that distinguishes the inline policies of one identity: the policy's name or, if it has no name, its location
 * in the plan.
 */
export function inlineId(name: Read<string | undefined>, instance: ScopedInstance): string {
  return name.kind === 'known' && name.value !== undefined ? `inline ${name.value}` : `inline at ${instance.address}`;
}

/**
 * An id that distinguishes the managed policies of one identity: the policy's ARN, or its location in the plan if the
 * ARN is unknown.
 */
export function managedId({ arn, place }: PlacedPolicy): string {
  return arn === undefined ? `managed at ${place.address}` : `managed ${arn}`;
}
