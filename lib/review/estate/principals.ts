/** Which identity something in a plan speaks of, by name or by reference, and the drafts that identities are built in. */
import { defined } from '@leasehold/contract/defined';
import { formatArn } from '@leasehold/policy';
import type { Identity, PlacedPolicy, Read } from '../model';
import { on, type PlanIndex } from './plan-index';
import { placeOf, type ScopedInstance, type Side } from './resource-instances';
import { IDENTITY_TYPES, type IdentityKind } from './tables';
import { AFTER_APPLY, type Value } from './value';

/** An identity while it is put together. */
export interface Draft {
  readonly identity: Omit<Identity, 'policies' | 'groups' | 'exclusive' | 'boundary' | 'trust' | 'maxSession'>;
  /** The resource that makes it, where the plan manages it. */
  readonly instance?: ScopedInstance;
  /** By what tells them apart, so that what is said twice counts once. */
  readonly policies: Map<string, PlacedPolicy>;
  readonly groups: Set<string>;
  readonly exclusive: { inline: boolean; attached: boolean };
  /** Addresses of the resources that give it something. */
  readonly parts: Set<string>;
  /** Ids of all policies that a resource leaves it. */
  readonly only: { inline?: ReadonlySet<string>; attached?: ReadonlySet<string> };
}

/** An identity that is meant, surely or possibly. */
export interface Meant {
  readonly draft: Draft;
  /** False where the plan leaves open which of several it is. */
  readonly sure: boolean;
}

/** The identities of one side, while they are put together. */
export class Principals {
  readonly drafts = new Map<string, Draft>();
  private readonly byInstance = new Map<ScopedInstance, Draft>();
  /** By the name that it has on this side. */
  private readonly byName = new Map<string, Draft>();
  /** ARNs of those that data sources have read. */
  private readonly elsewhere = new Map<string, Read<string>>();

  constructor(
    private readonly planIndex: PlanIndex,
    private readonly side: Side,
  ) {
    const isKept = ({ before, after }: ScopedInstance) => before !== undefined && after !== undefined;
    // One that stays keeps its key, also when another takes over its name.
    for (const instance of [...planIndex.all.filter(isKept), ...planIndex.all.filter((each) => !isKept(each))]) {
      const kind = IDENTITY_TYPES.get(instance.type);
      const value = on(instance, side);
      if (kind === undefined || value === undefined) continue;
      if (instance.mode === 'managed') this.manage(instance, kind, value);
      else this.look(instance, kind, value);
    }
  }

  /** Those that `attribute` of `instance` names. What names none that can be found is noted as unread. */
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

  /** The draft that a resource makes. */
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
    // The name was that of one that has another name on this side.
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
    // The name before, so that one that is renamed or replaced has one key.
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

/** As the state has it, or as it will be made from account, path and name. */
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
