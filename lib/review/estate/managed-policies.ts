/** Managed policies by ARN: policies in the plan, and other policies as far as they are known. */
import { defined } from '@leasehold/contract/defined';
import { formatArn } from '@leasehold/policy';
import { AWS_MANAGED_DATE, awsManagedPolicy, isAwsManaged } from '@leasehold/policy/aws-managed';
import type { PlacedPolicy, Read } from '../model';
import { readDocument } from './delayed-documents';
import { on, type PlanIndex } from './plan-index';
import { placeOf, type ScopedInstance, type Side } from './resource-instances';
import { MANAGED_POLICY } from './tables';
import { AFTER_APPLY, type Value } from './value';

const UNKNOWN_OF_AWS = `no policy of this name was known on ${AWS_MANAGED_DATE}`;

/** Looks up the managed policies of one side. */
export class ManagedPolicies {
  private readonly byArn = new Map<string, ScopedInstance>();

  constructor(
    private readonly planIndex: PlanIndex,
    private readonly side: Side,
  ) {
    for (const instance of planIndex.all) {
      if (instance.type !== MANAGED_POLICY) continue;
      const value = on(instance, side);
      const arn = value && arnOf(instance, value);
      if (arn !== undefined && !(instance.mode === 'data' && this.byArn.has(arn))) this.byArn.set(arn, instance);
    }
  }

  /**
   * The policy to which `attribute` of `instance` refers. `arn` is the attribute's value. Undefined if the attribute
   * refers to no policy.
   */
  named(instance: ScopedInstance, attribute: string, arn: Value): PlacedPolicy | undefined {
    const read = arn.text();
    if (read.kind === 'known')
      return read.value === undefined ? undefined : this.byName(read.value, instance, attribute);
    return this.followed(instance, attribute, read);
  }

  /** The policy with the given ARN. */
  byName(arn: string, instance: ScopedInstance, attribute: string): PlacedPolicy {
    const policy = this.byArn.get(arn);
    if (policy !== undefined) return { ...this.placed(policy), arn };
    const document = awsManagedPolicy(arn);
    return {
      place: placeOf(instance, attribute),
      name: arn,
      arn,
      document:
        document === undefined
          ? { kind: 'unknown', why: isAwsManaged(arn) ? UNKNOWN_OF_AWS : 'the plan only names this policy' }
          : { kind: 'known', value: document },
    };
  }

  private followed(
    instance: ScopedInstance,
    attribute: string,
    read: Read<unknown> & { kind: 'unknown' },
  ): PlacedPolicy {
    const unknown: PlacedPolicy = { place: placeOf(instance, attribute), document: read };
    if (read.why !== AFTER_APPLY) return unknown;
    const { targets, exact } = this.planIndex.references.follow(instance, attribute, [MANAGED_POLICY]);
    const [target] = targets;
    return exact && target !== undefined && on(target, this.side) !== undefined ? this.placed(target) : unknown;
  }

  private placed(policy: ScopedInstance): PlacedPolicy {
    const value = on(policy, this.side);
    const place = placeOf(policy, 'policy');
    const name = value?.at('name').text();
    const document = value && readDocument(this.planIndex, policy, 'policy', value, 'identity');
    const arn = value && arnOf(policy, value);
    return {
      place,
      ...(name?.kind === 'known' && name.value !== undefined ? { name: name.value } : {}),
      ...defined({ arn }),
      document: document ?? { kind: 'unknown', why: 'there is no document' },
    };
  }
}

/** The ARN of a policy: from the state, or built from account, path and name. */
function arnOf({ scope }: ScopedInstance, value: Value): string | undefined {
  const arn = value.at('arn').text();
  if (arn.kind === 'known' && arn.value !== undefined) return arn.value;
  const [name, path] = [value.at('name').text(), value.at('path').text()];
  if (name.kind === 'unknown' || path.kind === 'unknown' || name.value === undefined) return undefined;
  if (scope.account.kind === 'unknown') return undefined;
  return formatArn({
    partition: scope.partition,
    service: 'iam',
    region: '',
    account: scope.account.value,
    resource: `policy${path.value ?? '/'}${name.value}`,
  });
}
