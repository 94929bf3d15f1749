/**
 * Resolves the identities to which parts of a plan refer, by name or by reference. Contains the drafts from which
 * identities are built.
 */
import { defined } from '@leasehold/contract/defined';
import { formatArn } from '@leasehold/policy';
import type { Identity, PlacedPolicy, Read } from '../model';
import { on, type PlanIndex } from './plan-index';
import { placeOf, type ScopedInstance, type Side } from './resource-instances';
import { IDENTITY_TYPES, type IdentityKind } from './tables';
import { AFTER_APPLY, type Value } from './value';

/** An identity that is being built. */
export interface Draft {
  readonly identity: Omit<Identity, 'policies' | 'groups' | 'exclusive' | 'boundary' | 'trust' | 'maxSession'>;
  /** The resource that creates the identity, if the plan manages it. */
  readonly instance?: ScopedInstance;
  /** Policies by id, so that duplicates count once. */
  readonly policies: Map<string, PlacedPolicy>;
  readonly groups: Set<string>;
  readonly exclusive: { inline: boolean; attached: boolean };
  /** Addresses of the resources that attach a policy to the identity or add it to a group. */
  readonly parts: Set<string>;
  /** Ids of the policies that an exclusive resource permits. */
  readonly only: { inline?: ReadonlySet<string>; attached?: ReadonlySet<string> };
}

/** An identity to which a part of the plan certainly or possibly refers. */
export interface Meant {
  readonly draft: Draft;
  /** False if the plan does not show which of several identities is meant. */
  readonly sure: boolean;
}

/** The identities of one side while they are being built. */
export class Principals {
  readonly drafts = new Map<string, Draft>();
  private readonly byInstance = new Map<ScopedInstance, Draft>();
  /** The drafts, by the name that the identity has on this side. */
  private readonly byName = new Map<string, Draft>();
  /** ARNs of identities that data sources read. */
  private readonly elsewhere = new Map<string, Read<string>>();

  constructor(
    private readonly planIndex: PlanIndex,
    private readonly side: Side,
  ) {
    const isKept = ({ before, after }: ScopedInstance) => before !== undefined && after !== undefined;
    // An existing identity keeps its key, even if another identity gets its name.
    for (const instance of [...planIndex.all.filter(isKept), ...planIndex.all.filter((each) => !isKept(each))]) {
      const kind = IDENTITY_TYPES.get(instance.type);
      const value = on(instance, side);
      if (kind === undefined || value === undefined) continue;
      if (instance.mode === 'managed') this.manage(instance, kind, value);
      else this.look(instance, kind, value);
    }
  }

  /** The identities that `attribute` of `instance` names. A name that cannot be resolved is recorded as unread. */
  named(instance: ScopedInstance, kind: IdentityKind, attribute: string, name: Value): readonly Meant[] {
    const read = name.text();
    if (read.kind === 'known' && read.value !== undefined) {
      const draft = this.called(instance, kind, read.value);
      draft.parts.add(instance.address);
      return [{ draft, sure: true }];
    }
    const why = read.kind === 'unknown' ? read.why : `it names no ${kind}`;
    const meant = why === AFTER_APPLY ? this.followed(instance, kind, attribute) : [];
    if (meant.length === 0) this.planIndex.unread(placeOf(instance, attribute), `${article(kind)} that is ${why}`);
    for (const { draft, sure } of meant) if (sure) draft.parts.add(instance.address);
    return meant;
  }

  /** The draft of the identity that a resource creates. */
  of(instance: ScopedInstance): Draft | undefined {
    return this.byInstance.get(instance);
  }

  private followed(instance: ScopedInstance, kind: IdentityKind, attribute: string): readonly Meant[] {
    const types = [...IDENTITY_TYPES].flatMap(([type, each]) => (each === kind ? [type] : []));
    const { targets, exact } = this.planIndex.references.follow(instance, attribute, types);
    return targets.flatMap((target) => {
      const draft = this.byInstance.get(target);
      return draft === undefined ? [] : [{ draft, sure: exact }];
    });
  }

  private called(instance: ScopedInstance, kind: IdentityKind, name: string): Draft {
    const called = keyOf(kind, instance.scope.key, name);
    const known = this.byName.get(called);
    if (known !== undefined) return known;
    // The name belonged to an identity that has a different name on this side.
    const key = this.drafts.has(called) ? `${called} (by its name)` : called;
    const arn = this.elsewhere.get(called) ?? { kind: 'unknown', why: 'the plan only names it, without its path' };
    const draft = draftOf({ key, kind, name, account: instance.scope.account, arn });
    this.drafts.set(key, draft);
    this.byName.set(called, draft);
    return draft;
  }

  private look(instance: ScopedInstance, kind: IdentityKind, value: Value): void {
    const name = value.at(kind === 'role' ? 'name' : `${kind}_name`).text();
    const arn = value.at('arn').text();
    if (name.kind === 'unknown' || name.value === undefined || arn.kind === 'unknown' || arn.value === undefined)
      return;
    this.elsewhere.set(keyOf(kind, instance.scope.key, name.value), { kind: 'known', value: arn.value });
  }

  private manage(instance: ScopedInstance, kind: IdentityKind, value: Value): void {
    const { scope } = instance;
    const [name, other] = [nameOf(value), nameOf(this.side === 'before' ? instance.after : instance.before)];
    const here = name ?? (instance.deposed ? undefined : other);
    // The name before the plan, so that a renamed or replaced identity has the same key on both sides.
    const first = this.side === 'after' && !instance.deposed ? (other ?? name) : here;
    const plain = keyOf(kind, scope.key, first ?? instance.address);
    const key = this.drafts.has(plain) ? `${plain} ${instance.address}` : plain;
    const draft = draftOf(
      {
        key,
        kind,
        name: name ?? instance.address,
        place: placeOf(instance),
        account: scope.account,
        arn: arnOf(instance, kind, value, name),
      },
      instance,
    );
    this.drafts.set(key, draft);
    this.byInstance.set(instance, draft);
    const called = keyOf(kind, scope.key, here ?? instance.address);
    if (!this.byName.has(called)) this.byName.set(called, draft);
  }
}

function draftOf(identity: Draft['identity'], instance?: ScopedInstance): Draft {
  return {
    identity,
    ...defined({ instance }),
    policies: new Map(),
    groups: new Set(),
    exclusive: { inline: false, attached: false },
    parts: new Set(),
    only: {},
  };
}

function keyOf(kind: IdentityKind, scope: string, name: string): string {
  return `${kind} ${scope} ${name}`;
}

function nameOf(value: Value | undefined): string | undefined {
  const name = value?.at('name').text();
  return name?.kind === 'known' ? name.value : undefined;
}

/** The ARN of an identity: from the state, or built from account, path and name. */
function arnOf({ scope }: ScopedInstance, kind: IdentityKind, value: Value, name: string | undefined): Read<string> {
  const arn = value.at('arn').text();
  if (arn.kind === 'known' && arn.value !== undefined) return { kind: 'known', value: arn.value };
  const path = value.at('path').text();
  if (name === undefined || path.kind === 'unknown') return { kind: 'unknown', why: AFTER_APPLY };
  if (scope.account.kind === 'unknown') return scope.account;
  const resource = `${kind}${path.value ?? '/'}${name}`;
  const account = scope.account.value;
  return {
    kind: 'known',
    value: formatArn({ partition: scope.partition, service: 'iam', region: '', account, resource }),
  };
}

function article(kind: IdentityKind): string {
  return `a ${kind}`;
}
