/** What `terraform show -json` prints, of a plan or of a state → the policies that each role, user and group has. */
import { many, oneOrMany, type PolicyDocument } from '@leasehold/policy';
import { awsManagedPolicy } from '@leasehold/policy/aws-managed';
import type { ImportSource, Loss } from '../model';

type Json = Readonly<Record<string, unknown>>;

interface Resource {
  readonly address: string;
  readonly type: string;
  readonly values: Json;
}

/** Whether a JSON value is what `terraform show -json` prints. */
export function isTerraform(value: unknown): value is Json {
  return isJson(value) && typeof value.format_version === 'string' && ('values' in value || 'planned_values' in value);
}

/**
 * Policies that are attached to one principal are one source, named after it; each policy that is attached to nothing is
 * a source by itself. Trust policies and policies of resources are not read: they say who may, not what a role may.
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

/** Resources with an inline policy, and the key of who has it. */
const INLINE: Readonly<Record<string, { readonly owner: string; readonly policy: string }>> = {
  aws_iam_role_policy: { owner: 'role', policy: 'policy' },
  aws_iam_user_policy: { owner: 'user', policy: 'policy' },
  aws_iam_group_policy: { owner: 'group', policy: 'policy' },
  aws_ssoadmin_permission_set_inline_policy: { owner: 'permission_set_arn', policy: 'inline_policy' },
};

/** Resources that attach a policy by its ARN, and the keys of whom they attach it to. */
const ATTACHMENTS: Readonly<Record<string, readonly string[]>> = {
  aws_iam_role_policy_attachment: ['role'],
  aws_iam_user_policy_attachment: ['user'],
  aws_iam_group_policy_attachment: ['group'],
  aws_iam_policy_attachment: ['roles', 'users', 'groups'],
  aws_iam_role_policy_attachments_exclusive: ['role_name'],
  aws_iam_role: ['name'],
};

class Book {
  readonly #owned = new Map<string, PolicyDocument[]>();
  readonly #managed = new Map<string, { readonly name: string; readonly document: PolicyDocument }>();
  readonly #attached: { readonly owner: string; readonly arn: string; readonly address: string }[] = [];
  readonly #data: { readonly address: string; readonly document: PolicyDocument }[] = [];
  readonly #unread: Loss[] = [];

  read({ address, type, values }: Resource): void {
    const inline = INLINE[type];
    if (inline !== undefined) this.#own(lastName(values[inline.owner]) ?? address, values[inline.policy], address);
    if (type === 'aws_iam_role') {
      for (const each of list(values.inline_policy)) {
        if (isJson(each) && each.policy !== undefined && each.policy !== '') {
          this.#own(lastName(values.name) ?? address, each.policy, address);
        }
      }
    }
    if (type === 'aws_iam_policy') {
      const document = this.#document(values.policy, address);
      const name = lastName(values.name) ?? address;
      if (document !== undefined) this.#managed.set(String(values.arn ?? address), { name, document });
    }
    const arns = [values.policy_arn, ...list(values.policy_arns), ...list(values.managed_policy_arns)];
    for (const key of ATTACHMENTS[type] ?? []) {
      for (const owner of list(values[key])) {
        for (const arn of arns) {
          if (typeof arn === 'string') this.#attached.push({ owner: lastName(owner) ?? address, arn, address });
        }
      }
    }
    const known = type in ATTACHMENTS && type !== 'aws_iam_role';
    if (known && arns.every((arn) => typeof arn !== 'string')) this.#loseUnknown(address);
  }

  /** Documents that nothing read so far holds to the letter. */
  readData({ address, type, values }: Resource): void {
    if (type !== 'aws_iam_policy_document' || typeof values.json !== 'string') return;
    const document = this.#document(values.json, address);
    if (document === undefined || !isIdentity(document)) return;
    if (!this.#data.some((each) => same(each.document, document))) this.#data.push({ address, document });
  }

  result(): { readonly sources: readonly ImportSource[]; readonly unread: readonly Loss[] } {
    const used = new Set<string>();
    for (const { owner, arn, address } of this.#attached) {
      const document = this.#managed.get(arn)?.document ?? awsManagedPolicy(arn);
      if (document === undefined) {
        this.#unread.push({
          what: `${address}: ${arn}`,
          why: 'The policy that it attaches is not in this file.',
          instead: 'Import what `aws iam get-policy-version` prints of it, or the role with `--role-arn`.',
        });
        continue;
      }
      used.add(arn);
      this.#owned.set(owner, [...(this.#owned.get(owner) ?? []), document]);
    }
    const owned = [...this.#owned].map(([name, documents]) => ({ name, documents }));
    const loose = [...this.#managed].filter(([arn]) => !used.has(arn));
    const alone = loose.map(([, { name, document }]) => ({ name, documents: [document] }));
    const seen = [...owned, ...alone].flatMap(({ documents }) => documents);
    const data = this.#data
      .filter(({ document }) => !seen.some((other) => same(other, document)))
      .map(({ address, document }) => ({ name: address.split('.').at(-1) ?? address, documents: [document] }));
    return { sources: distinctlyNamed([...owned, ...alone, ...data]), unread: this.#unread };
  }

  #own(owner: string, policy: unknown, address: string): void {
    const document = this.#document(policy, address);
    if (document !== undefined) this.#owned.set(owner, [...(this.#owned.get(owner) ?? []), document]);
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
      // Told below: a policy that is no JSON is none.
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

/** A trust or resource policy names principals. */
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

/** `arn:…/deploy` and `deploy` are called alike. */
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
