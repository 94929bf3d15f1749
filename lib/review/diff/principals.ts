/** The principals in a trust policy or resource policy. */
import { many, type OneOrMany, type PolicyDocument, type PrincipalBlock, type Statement } from '@leasehold/policy';
import { accountNamed, isAccountId } from '../account-ids';
import { statementsOf } from './equal-values';

/** A principal that a statement names. */
export interface Named {
  /** `Everyone` for `*`, and for an allow statement with `NotPrincipal`. */
  readonly kind: 'Everyone' | 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';
  /** The principal as written, except that an account is always written as its twelve-digit id. `*` for everyone. */
  readonly value: string;
  /** A key that is the same for all notations of a principal. */
  readonly key: string;
}

/** A principal that an allow statement permits. */
export interface Entry {
  readonly named: Named;
  readonly statement: Statement;
}

/** The principals that the allow statements of a document permit, statement by statement. */
export function entriesOf(document: PolicyDocument): readonly Entry[] {
  return statementsOf(document).flatMap((statement) =>
    statement.Effect === 'Allow' ? namedBy(statement).map((named) => ({ named, statement })) : [],
  );
}

/**
 * The document with only those allow statements whose principals `keep` accepts. `undefined` if no allow statement
 * remains.
 */
export function onlyFor(document: PolicyDocument, keep: (named: Named) => boolean): PolicyDocument | undefined {
  const statements = statementsOf(document).flatMap((statement): Statement[] => {
    if (statement.Effect !== 'Allow') return [statement];
    const all = namedBy(statement);
    const kept = all.filter(keep);
    if (kept.length === all.length) return [statement];
    if (kept.length === 0) return [];
    return [{ ...statement, Principal: blockOf(kept) }];
  });
  return statements.some(({ Effect }) => Effect === 'Allow') ? { ...document, Statement: statements } : undefined;
}

/** The account to which a principal belongs; `undefined` for services, identity providers and everyone. */
export function accountOf({ kind, value }: Named): string | undefined {
  if (kind !== 'AWS' && kind !== 'Federated') return undefined;
  return accountNamed(value);
}

/** A principal in words, for example `account 123456789012`. */
export function inWords({ kind, value }: Named): string {
  switch (kind) {
    case 'Everyone':
      return 'everybody (*)';
    case 'Service':
      return `the service ${value}`;
    case 'Federated':
      return `the identity provider ${value}`;
    case 'CanonicalUser':
      return `the canonical user ${value}`;
    case 'AWS':
      return isAccountId(value) ? `account ${value}` : value;
  }
}

/** Whether the principal is an entire account. */
export function isAccount({ kind, value }: Named): boolean {
  return kind === 'AWS' && isAccountId(value);
}

function namedBy({ Principal, NotPrincipal }: Statement): readonly Named[] {
  if (NotPrincipal !== undefined || Principal === undefined) return [EVERYONE];
  if (Principal === '*') return [EVERYONE];
  if (typeof Principal !== 'object') return [EVERYONE];
  return Object.entries(Principal).flatMap(([kind, values]) =>
    many(values as OneOrMany<string>).map((value) => toNamed(kind as Named['kind'], String(value))),
  );
}

const EVERYONE: Named = { kind: 'Everyone', value: '*', key: '*' };

function toNamed(kind: Named['kind'], written: string): Named {
  if (kind === 'AWS' && written === '*') return EVERYONE;
  const account = kind === 'AWS' ? /^arn:[\w-]+:iam::(\d{12}):root$/.exec(written)?.[1] : undefined;
  const value = account ?? written;
  return { kind, value, key: `${kind} ${value}` };
}

/** A `Principal` element that contains the given principals. */
export function blockOf(named: readonly Named[]): PrincipalBlock {
  if (named.some(({ kind }) => kind === 'Everyone')) return '*';
  const block: Record<string, string[]> = {};
  for (const { kind, value } of named) {
    const values = block[kind] ?? [];
    values.push(value);
    block[kind] = values;
  }
  return block;
}
