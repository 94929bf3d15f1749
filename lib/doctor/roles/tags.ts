/** Compares the tags of users and roles with the deployed tags. */
import type { Environment } from '@leasehold/definitions';
import { REVOKED_PREFIX, stackName } from '@leasehold/documents';
import type { Damage } from '../verification';
import type { DeployedRoleOrUser } from './deployed-identities';

/** The default tag that Terraform sets on all resources of a stack. */
const STACK_TAG = 'leasehold:stack';

/** Reports damage: additional tags, and a stack tag that is missing or has the wrong value. */
export function tagDamage(
  { kind, arn, revocable }: DeployedRoleOrUser,
  tags: ReadonlyMap<string, string>,
  environment: Environment,
): readonly Damage[] {
  const others = [...tags.keys()].filter((key) => key !== STACK_TAG && !(revocable && key.startsWith(REVOKED_PREFIX)));
  const damage = (message: string): Damage => ({
    kind: 'damage',
    place: arn,
    message,
    hint: 'Apply the stack again, or remove the tags by hand.',
  });
  return [
    ...(others.length > 0 ? [damage(`The ${kind} has tags that are not deployed: ${others.sort().join(', ')}.`)] : []),
    ...(tags.get(STACK_TAG) === stackName(environment)
      ? []
      : [damage(`The ${kind} does not have the tag ${STACK_TAG} with the value ${stackName(environment)}.`)]),
  ];
}
