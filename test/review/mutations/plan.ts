/**
 * The reference project's plan, as Terraform 1.11 made it after an apply, to be changed in one place. `base.json` holds
 * each resource once: before and after are the same until a mutation makes them differ.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import type { PolicyDocument, Statement } from '@leasehold/policy';
import { plannedAccess } from '../../../lib/review/estate/planned-access';
import { readPlan } from '../../../lib/review/plan';
import type { Review } from '../../../lib/review/review';
import { reviewPlan } from '../../../lib/review/review-plan';

/** Attributes of a resource, JSON, to be changed freely. */
export type Values = Record<string, unknown>;
/** A statement to be changed freely. */
export type Draft = { -readonly [K in keyof Statement]: Statement[K] } & { Condition?: Record<string, Values> };
export interface DraftDocument {
  Version?: string;
  Statement: Draft[];
}

interface Base {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly resources: readonly Resource[];
  readonly manifest: Values;
  readonly configuration: unknown;
}

interface Resource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly provider_name: string;
  readonly values: Values;
  /** The address before, where it moved. */
  readonly previous?: string;
}

const BASE = readFileSync(join(__dirname, 'base.json'), 'utf8');
const base = (): Base => JSON.parse(BASE) as Base;

/** The plan after which the account is as the mutation left it. */
export class DraftPlan {
  readonly resources: Resource[] = [...base().resources];
  readonly manifest: { roles: Record<string, Values> } & Values = base().manifest as never;
  /** Address → attributes that are known only after apply. */
  readonly unknown = new Map<string, string[]>();
  /** Address → values before, where they differ from the base. */
  readonly #before = new Map<string, Resource>();

  #fresh = false;

  /** Nothing was applied before. */
  fromNothing(): void {
    this.#fresh = true;
  }

  /** Puts something into both sides, as if it had been applied already. */
  given(type: string, name: string, values: Values): Values {
    this.#before.set(`${type}.${name}`, this.#make(type, name, structuredClone(values)));
    return this.add(type, name, values);
  }

  /** The attributes of the one resource of a type whose address holds a text. */
  get(type: string, part = ''): Values {
    const found = this.resources.filter((resource) => resource.type === type && resource.address.includes(part));
    const [only] = found;
    if (only === undefined || found.length > 1) throw new Error(`${found.length} resources ${type} with ${part}`);
    return only.values;
  }

  address(type: string, part = ''): string {
    return this.resources.find((each) => each.type === type && each.address.includes(part))?.address ?? '';
  }

  add(type: string, name: string, values: Values): Values {
    const resource = this.#make(type, name, values);
    this.resources.push(resource);
    return resource.values;
  }

  remove(type: string, part = ''): void {
    const address = this.address(type, part);
    if (address === '') throw new Error(`no ${type} with ${part}`);
    this.resources.splice(
      this.resources.findIndex((each) => each.address === address),
      1,
    );
  }

  /** Changes a document that stands as JSON text in an attribute, or puts what the change returns in its place. */
  document(type: string, part: string, attribute: string, change: (document: DraftDocument) => unknown): void {
    const values = this.get(type, part);
    const document = JSON.parse(String(values[attribute])) as DraftDocument;
    const changed = change(document);
    values[attribute] = JSON.stringify(isDocument(changed) ? changed : document);
  }

  /** The trust policy of a purpose role. */
  trust(role: string, change: (document: DraftDocument) => unknown): void {
    this.document('aws_iam_role', `role-${role}_`, 'assume_role_policy', change);
  }

  /** The statement of a trust policy by which a lease is opened. */
  lease(role: string, change: (statement: Draft, conditions: Record<string, Values>) => void): void {
    this.trust(role, ({ Statement }) => {
      const lease = Statement.find(({ Sid }) => Sid === 'LeaseByMfa');
      if (lease?.Condition === undefined) throw new Error('no statement LeaseByMfa');
      change(lease, lease.Condition);
    });
  }

  /** The permission policy of a purpose role. */
  policy(role: string, change: (document: DraftDocument) => unknown): void {
    this.document('aws_iam_role_policy', `role-${role}_`, 'policy', change);
  }

  /** One statement of the permission policy of a purpose role. */
  allow(role: string, index: number, change: (statement: Draft) => void): void {
    this.policy(role, ({ Statement }) => {
      const statement = Statement[index];
      if (statement === undefined) throw new Error(`no statement ${index}`);
      change(statement);
    });
  }

  /** Adds a statement to the permission policy of a purpose role. */
  grant(role: string, ...statements: readonly Statement[]): void {
    this.policy(role, ({ Statement }) => {
      Statement.push(...(statements as readonly Draft[]));
    });
  }

  /** `terraform show -json` of it. */
  json(): Values {
    const applied = this.#fresh ? [] : base().resources;
    const before = new Map(applied.map((resource) => [resource.address, resource]));
    for (const [address, resource] of this.#before) before.set(address, resource);
    const after = new Map(this.resources.map((resource) => [resource.address, resource]));
    for (const { address, previous = address } of this.resources) {
      const moved = previous === address ? undefined : before.get(previous);
      if (moved === undefined) continue;
      before.set(address, moved);
      before.delete(previous);
    }
    const addresses = [...new Set([...before.keys(), ...after.keys()])];
    const { format_version, terraform_version, configuration, manifest } = base();
    return {
      format_version,
      terraform_version,
      configuration,
      resource_changes: addresses.map((address) => this.#change(before.get(address), after.get(address))),
      output_changes: {
        leasehold: {
          actions: ['update'],
          before: this.#fresh ? null : manifest,
          after: this.manifest,
          after_unknown: false,
          before_sensitive: false,
          after_sensitive: false,
        },
      },
      errored: false,
      complete: true,
      applyable: true,
    };
  }

  #change(before: Resource | undefined, after: Resource | undefined): Values {
    const { address, mode, type, name, provider_name, previous } = (after ?? before) as Resource;
    const same = JSON.stringify(before?.values) === JSON.stringify(after?.values);
    const unknown = Object.fromEntries((this.unknown.get(address) ?? []).map((attribute) => [attribute, true]));
    const shown = Object.fromEntries(Object.entries(after?.values ?? {}).filter(([key]) => unknown[key] !== true));
    const actions =
      before === undefined ? ['create'] : after === undefined ? ['delete'] : same ? ['no-op'] : ['update'];
    return {
      address,
      mode,
      type,
      name,
      provider_name,
      ...defined({ previous_address: previous }),
      change: {
        actions: Object.keys(unknown).length > 0 && same ? ['update'] : actions,
        before: before?.values ?? null,
        after: after === undefined ? null : shown,
        after_unknown: after === undefined ? false : unknown,
        before_sensitive: before === undefined ? false : {},
        after_sensitive: after === undefined ? false : {},
      },
    };
  }

  #make(type: string, name: string, values: Values): Resource {
    const provider_name = 'registry.terraform.io/hashicorp/aws';
    return { address: `${type}.${name}`, mode: 'managed', type, name, provider_name, values };
  }
}

function isDocument(value: unknown): value is DraftDocument {
  return typeof value === 'object' && value !== null && 'Statement' in value;
}

export const TODAY = '2026-11-22';

/** The review of the reference project's plan after a mutation, through the reader. */
export function reviewOf(mutate: (plan: DraftPlan) => void): Promise<Review> {
  const draft = new DraftPlan();
  mutate(draft);
  return reviewPlan(plannedAccess(readPlan(JSON.stringify(draft.json()))), { today: TODAY });
}

export function document(...statements: readonly Statement[]): string {
  const policy: PolicyDocument = { Version: '2012-10-17', Statement: statements };
  return JSON.stringify(policy);
}
