/** Reads the policies of each role, user and group from a plan or a state, as printed by `terraform show -json`. */
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { many, oneOrMany, type PolicyDocument } from '@leasehold/policy';
import { awsManagedPolicy } from '@leasehold/policy/aws-managed';
import type { ImportSource, Loss } from '../model';

type Json = Readonly<Record<string, unknown>>;

interface Resource {
  readonly address: string;
  readonly type: string;
  readonly values: Json;
}

/** Whether a JSON value is output of `terraform show -json`. */
export function isTerraform(value: unknown): value is Json {
  return isJson(value) && typeof value.format_version === 'string' && ('values' in value || 'planned_values' in value);
}

/**
 * Sources in the output. The policies attached to one principal form one source, named after the principal. Each
 * unattached policy forms a separate source. Trust policies and resource policies are not read: they control who may
 * access something, not what a role may do.
 */
export function terraformSources(shown: Json): {
  readonly sources: readonly ImportSource[];
  readonly unread: readonly Loss[];
} {
  const root = ((shown.planned_values ?? shown.values) as Json | undefined)?.root_module;
  const prior = ((shown.prior_state as Json | undefined)?.values as Json | undefined)?.root_module;
  const book = new Book();
  for (const resource of resourcesIn(root)) book.read(resource);
  for (const resource of [...resourcesIn(root), ...resourcesIn(prior)]) book.readData(resource);
  return book.result();
}

function resourcesIn(module: unknown): readonly Resource[] {
  if (!isJson(module)) return [];
  const own = list(module.resources).flatMap((entry): readonly Resource[] => {
    if (!isJson(entry) || typeof entry.type !== 'string') return [];
    return [{ address: String(entry.address), type: entry.type, values: isJson(entry.values) ? entry.values : {} }];
  });
  return [...own, ...list(module.child_modules).flatMap(resourcesIn)];
}

/** The kind of a principal. Principals of different kinds may share a name. */
type Kind = 'role' | 'user' | 'group' | 'permission set';

/** Resource types that contain an inline policy, and the attribute that names the principal of the policy. */
const INLINE: Readonly<Record<string, { readonly kind: Kind; readonly owner: string; readonly policy: string }>> = {
  aws_iam_role_policy: { kind: 'role', owner: 'role', policy: 'policy' },
  aws_iam_user_policy: { kind: 'user', owner: 'user', policy: 'policy' },
  aws_iam_group_policy: { kind: 'group', owner: 'group', policy: 'policy' },
  aws_ssoadmin_permission_set_inline_policy: {
    kind: 'permission set',
    owner: 'permission_set_arn',
    policy: 'inline_policy',
  },
};

/** Resource types that attach policies by ARN, and the attributes that name the principals. */
const ATTACHMENTS: Readonly<Record<string, readonly (readonly [kind: Kind, key: string])[]>> = {
  aws_iam_role_policy_attachment: [['role', 'role']],
  aws_iam_user_policy_attachment: [['user', 'user']],
  aws_iam_group_policy_attachment: [['group', 'group']],
  aws_iam_policy_attachment: [
    ['role', 'roles'],
    ['user', 'users'],
    ['group', 'groups'],
  ],
  aws_iam_role_policy_attachments_exclusive: [['role', 'role_name']],
};

/** Resource types that are principals. */
const PRINCIPALS: Readonly<Record<string, Kind>> = { aws_iam_role: 'role', aws_iam_user: 'user' };

/** A principal and the policies collected for it. */
interface Owner {
  readonly name: string;
  readonly documents: PolicyDocument[];
  /** ARNs of the principal's attached policies and of its boundary. */
  readonly attached: string[];
  boundary?: string;
  /**
   * Whether one of the principal's policies cannot be read. The unreadable policy might deny access that the other
   * policies allow.
   */
  incomplete: boolean;
}

class Book {
  readonly #owners = new Map<string, Owner>();
  readonly #managed = new Map<string, { readonly name: string; readonly document: PolicyDocument }>();
  readonly #data: { readonly address: string; readonly document: PolicyDocument }[] = [];
  readonly #unread: Loss[] = [];

  read(resource: Resource): void {
    const { address, type, values } = resource;
    const inline = INLINE[type];
    if (inline !== undefined) {
      this.#own(this.#owner(inline.kind, values[inline.owner], address), values[inline.policy], address);
    }
    const kind = PRINCIPALS[type];
    if (kind !== undefined) this.#readPrincipal(kind, resource);
    if (type === 'aws_iam_policy') {
      const document = this.#document(values.policy, address);
      const name = lastName(values.name) ?? address;
      if (document !== undefined) this.#managed.set(String(values.arn ?? address), { name, document });
    }
    for (const [owned, key] of ATTACHMENTS[type] ?? []) {
      for (const named of list(values[key])) this.#attach(this.#owner(owned, named, address), values, address);
    }
  }

  #readPrincipal(kind: Kind, { address, values }: Resource): void {
    const owner = this.#owner(kind, values.name, address);
    for (const each of list(values.inline_policy)) {
      if (isJson(each) && each.policy !== undefined && each.policy !== '') this.#own(owner, each.policy, address);
    }
    append(owner.attached, list(values.managed_policy_arns).map(String));
    const limit = values.permissions_boundary;
    if (typeof limit === 'string' && limit !== '') owner.boundary = limit;
  }

  #attach(owner: Owner, values: Json, address: string): void {
    const arns = [...list(values.policy_arn), ...list(values.policy_arns)];
    append(owner.attached, arns.map(String));
    if (arns.length > 0) return;
    owner.incomplete = true;
    this.#loseUnknown(address);
  }

  /** Reads the documents in data sources, except duplicates of documents that were already read. */
  readData({ address, type, values }: Resource): void {
    if (type !== 'aws_iam_policy_document' || typeof values.json !== 'string') return;
    const document = this.#document(values.json, address);
    if (document === undefined || !isIdentity(document)) return;
    if (!this.#data.some((each) => same(each.document, document))) this.#data.push({ address, document });
  }

  result(): { readonly sources: readonly ImportSource[]; readonly unread: readonly Loss[] } {
    const used = new Set([...this.#owners.values()].flatMap(({ attached, boundary }) => [...attached, boundary]));
    const owned = [...this.#owners.values()].flatMap((owner) => this.#source(owner) ?? []);
    const loose = [...this.#managed].filter(([arn]) => !used.has(arn));
    const alone = loose.map(([, { name, document }]) => ({ name, documents: [document] }));
    const seen = [...owned, ...alone].flatMap(({ documents }) => documents);
    const data = this.#data
      .filter(({ document }) => !seen.some((other) => same(other, document)))
      .map(({ address, document }) => ({ name: address.split('.').at(-1) ?? address, documents: [document] }));
    return { sources: distinctlyNamed([...owned, ...alone, ...data]), unread: this.#unread };
  }

  /**
   * The source for a principal. Only returned if all policies and the boundary of the principal are known, because each
   * of them may remove permissions.
   */
  #source(owner: Owner): ImportSource | undefined {
    const { name, attached, boundary } = owner;
    const found = [...new Set(attached)].map((arn) => this.#managed.get(arn)?.document ?? awsManagedPolicy(arn));
    const limit =
      boundary === undefined ? undefined : (this.#managed.get(boundary)?.document ?? awsManagedPolicy(boundary));
    const missing = [...new Set(attached)].filter((_, index) => found[index] === undefined);
    if (boundary !== undefined && limit === undefined) missing.push(boundary);
    const documents = [...owner.documents, ...found.filter((each) => each !== undefined)];
    if (missing.length > 0 || owner.incomplete) {
      this.#unread.push({
        what: [name, ...missing].join(' with '),
        why: 'This file does not contain all policies of the identity, and a missing policy might deny what the other policies allow.',
        instead: 'Import it from the account with `--role-arn`, or a single policy from a file of its own.',
      });
      return undefined;
    }
    if (documents.length === 0) return undefined;
    return { name, documents, ...defined({ boundary: limit }) };
  }

  #owner(kind: Kind, named: unknown, address: string): Owner {
    const name = lastName(named) ?? address;
    const key = `${kind} ${name}`;
    const owner = this.#owners.get(key) ?? { name, documents: [], attached: [], incomplete: false };
    this.#owners.set(key, owner);
    return owner;
  }

  #own(owner: Owner, policy: unknown, address: string): void {
    const document = this.#document(policy, address);
    if (document === undefined) owner.incomplete = true;
    else owner.documents.push(document);
  }

  #document(policy: unknown, address: string): PolicyDocument | undefined {
    if (typeof policy !== 'string') {
      this.#loseUnknown(address);
      return undefined;
    }
    try {
      const value: unknown = JSON.parse(policy);
      if (isJson(value) && 'Statement' in value) return value as unknown as PolicyDocument;
    } catch {
      // Ignored here because the caller reports it: text that is not JSON is not a policy.
    }
    this.#unread.push({ what: address, why: 'Its policy is not JSON.', instead: 'Correct it, and import it again.' });
    return undefined;
  }

  #loseUnknown(address: string): void {
    this.#unread.push({
      what: address,
      why: 'Its policy is known only after apply.',
      instead: 'Apply first, and import what `terraform show -json` prints of the state.',
    });
  }
}

/** Only trust policies and resource policies have principals. */
function isIdentity(document: PolicyDocument): boolean {
  return many(document.Statement).every((statement) => !('Principal' in statement) && !('NotPrincipal' in statement));
}

function distinctlyNamed(sources: readonly ImportSource[]): readonly ImportSource[] {
  const used = new Map<string, number>();
  return sources.map((source) => {
    const count = (used.get(source.name) ?? 0) + 1;
    used.set(source.name, count);
    return count === 1 ? source : { ...source, name: `${source.name}-${count}` };
  });
}

function same(one: PolicyDocument, other: PolicyDocument): boolean {
  const text = ({ Statement }: PolicyDocument) => JSON.stringify(oneOrMany(many(Statement)));
  return text(one) === text(other);
}

/** The last part of a name or an ARN: `deploy` for both `arn:…/deploy` and `deploy`. */
function lastName(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.split(/[/]/).at(-1) : undefined;
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isJson(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
