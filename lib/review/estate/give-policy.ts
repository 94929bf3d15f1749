/** Gives policies to identities, each once. */
import type { PlacedPolicy, Read } from '../model';
import type { Meant } from './principals';
import type { ScopedInstance } from './resource-instances';

/** Gives a policy to those that are meant; where that is not sure, each of them may have it. */
export function give(meant: readonly Meant[], id: string, policy: PlacedPolicy): void {
  for (const { draft, sure } of meant) {
    const unsure: Read<never> = { kind: 'unknown', why: 'the plan leaves open whether it is attached here' };
    draft.policies.set(sure ? id : `${id} ${policy.place.address}`, sure ? policy : { ...policy, document: unsure });
  }
}

/** What tells the inline policies of one identity apart: the name, else the place. */
export function inlineId(name: Read<string | undefined>, instance: ScopedInstance): string {
  return name.kind === 'known' && name.value !== undefined ? `inline ${name.value}` : `inline at ${instance.address}`;
}

/** What tells the managed policies of one identity apart: the ARN, else the place. */
export function managedId({ arn, place }: PlacedPolicy): string {
  return arn === undefined ? `managed at ${place.address}` : `managed ${arn}`;
}
