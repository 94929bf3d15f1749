/** Adds policies to identities without duplicates. */
import type { PlacedPolicy, Read } from '../model';
import type { Meant } from './principals';
import type { ScopedInstance } from './resource-instances';

/** Adds a policy to the given identities. If it is uncertain which one is meant, each of them may have it. */
export function give(meant: readonly Meant[], id: string, policy: PlacedPolicy): void {
  for (const { draft, sure } of meant) {
    const unsure: Read<never> = { kind: 'unknown', why: 'the plan leaves open whether it is attached here' };
    draft.policies.set(sure ? id : `${id} ${policy.place.address}`, sure ? policy : { ...policy, document: unsure });
  }
}

/** Distinguishes the inline policies of one identity: the name, or else the place. */
export function inlineId(name: Read<string | undefined>, instance: ScopedInstance): string {
  return name.kind === 'known' && name.value !== undefined ? `inline ${name.value}` : `inline at ${instance.address}`;
}

/** Distinguishes the managed policies of one identity: the ARN, or else the place. */
export function managedId({ arn, place }: PlacedPolicy): string {
  return arn === undefined ? `managed at ${place.address}` : `managed ${arn}`;
}
