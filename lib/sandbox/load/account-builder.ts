/** Builds an account from the data of a source, and checks that the data is complete. */
import { defined } from '@leasehold/contract/defined';
import { PEOPLE_PATH } from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import { many, PolicyError, type PolicyKind, parseArn, parsePolicy } from '@leasehold/policy';
import { uniqueId } from '../account/ids';
import { Account, firstVersion } from '../account/model';
import { SandboxError } from '../errors';

/** A user, as described by a source. `attached` and `boundary` are ARNs of policies. */
export interface UserSource {
  readonly name: string;
  readonly path: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly inline?: Readonly<Record<string, PolicyDocument>>;
  readonly attached?: readonly string[];
  readonly boundary?: string;
}

/** A role, as a source describes it. */
export interface RoleSource extends UserSource {
  readonly trust: PolicyDocument;
  /**
   * Maximum session duration in seconds.
   * @default 3600
   */
  readonly maxSessionDuration?: number;
  readonly description?: string;
}

/** A managed policy, as described by a source. */
export interface PolicySource {
  readonly name: string;
  readonly path: string;
  readonly document: PolicyDocument;
  readonly description?: string;
}

/** An account under construction. */
export class AccountBuilder {
  readonly #account: Account;
  /**
   * The time at which the sandbox read the account. It is used as the creation time of all resources in the account.
   */
  readonly #created = new Date();

  constructor(id: string, partition: string) {
    this.#account = new Account(id, partition);
  }

  policy({ name, path, document, description }: PolicySource): void {
    const arn = this.#account.arn(`policy${path}${name}`);
    const id = uniqueId('ANPA', arn);
    this.#account.policies.set(arn, {
      name,
      path,
      arn,
      id,
      createDate: this.#created,
      ...firstVersion(document, this.#created),
      ...defined({ description }),
    });
  }

  user(source: UserSource): void {
    const arn = this.#account.arn(`user${source.path}${source.name}`);
    this.#account.users.set(source.name, {
      kind: 'user',
      arn,
      id: uniqueId('AIDA', arn),
      createDate: this.#created,
      ...common(source),
    });
  }

  /** Adds an inline policy to an existing user. */
  inline(userName: string, name: string, document: PolicyDocument): void {
    const user = this.#account.users.get(userName);
    if (!user) throw new TypeError(`there is no user ${userName}`);
    this.#account.users.set(userName, { ...user, inline: new Map([...user.inline, [name, document]]) });
  }

  role(source: RoleSource): void {
    const arn = this.#account.arn(`role${source.path}${source.name}`);
    const { trust, maxSessionDuration = 3600, description } = source;
    this.#account.roles.set(source.name, {
      kind: 'role',
      arn,
      id: uniqueId('AROA', arn),
      createDate: this.#created,
      ...common(source),
      trust,
      maxSessionDuration,
      ...defined({ description }),
    });
  }

  /** Whether the account has a user or role with this name. */
  has(name: string): boolean {
    return this.#account.users.has(name) || this.#account.roles.has(name);
  }

  /**
   * Builds the account. All policies are parsed here, so that parsing cannot fail later. A policy that is missing or
   * cannot be parsed is an error, because the policy could contain a deny statement.
   * @throws {SandboxError} for such a policy.
   */
  build(): Account {
    const account = this.#account;
    this.#addPeople();
    for (const { arn, document } of account.policies.values()) check(document, 'identity', arn);
    for (const identity of [...account.users.values(), ...account.roles.values()]) {
      for (const [name, document] of identity.inline) check(document, 'identity', `${name} of ${identity.arn}`);
      for (const policy of [...identity.attached, ...(identity.boundary === undefined ? [] : [identity.boundary])]) {
        const managed = account.policy(policy);
        if (managed === undefined) {
          throw new SandboxError(
            `${identity.arn} has the policy ${policy}, which the sandbox does not know`,
            'Deploy the policy with the same stack, or detach the policy.',
          );
        }
        check(managed.document, 'identity', policy);
      }
      if (identity.kind === 'role') check(identity.trust, 'trust', `the trust policy of ${identity.arn}`);
    }
    for (const role of account.roles.values()) addProviders(account, role.trust);
    return account;
  }

  /**
   * Adds the IAM users of people who call a broker. Stacks do not create these users, but the trust policies of the
   * people's roles refer to these users.
   */
  #addPeople(): void {
    const account = this.#account;
    for (const { path, trust } of [...account.roles.values()]) {
      if (path !== PEOPLE_PATH) continue;
      for (const arn of principalsOf(trust, 'AWS')) {
        const user = readUserArn(arn);
        if (user?.account === account.id && !this.has(user.name)) this.user(user);
      }
    }
  }
}

/** Account, path and name of a user. `undefined` if the ARN does not belong to a user. */
export function readUserArn(
  arn: string,
): { readonly account: string; readonly partition: string; readonly path: string; readonly name: string } | undefined {
  const { service, account = '', partition = '', resource = '' } = parseArn(arn) ?? {};
  const [, path, name] = /^user(\/(?:.*\/)?)([^/]+)$/.exec(resource) ?? [];
  return service !== 'iam' || path === undefined || name === undefined ? undefined : { account, partition, path, name };
}

function common({ name, path, tags = {}, inline = {}, attached = [], boundary }: UserSource) {
  return {
    name,
    path,
    tags,
    inline: new Map(Object.entries(inline)),
    attached,
    ...defined({ boundary }),
  };
}

function check(document: PolicyDocument, kind: PolicyKind, what: string): void {
  try {
    parsePolicy(document, kind);
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    throw new SandboxError(`${what}: ${cause.message}`, 'Fix the policy; AWS would reject it too.', { cause });
  }
}

/**
 * Adds the OIDC providers that occur in a trust policy. Each provider gets the audience that STS expects in the tokens
 * of workloads.
 */
function addProviders(account: Account, trust: PolicyDocument): void {
  for (const arn of principalsOf(trust, 'Federated')) {
    const issuer = /^oidc-provider\/(.+)$/.exec(parseArn(arn)?.resource ?? '')?.[1];
    if (issuer !== undefined) account.providers.set(issuer, ['sts.amazonaws.com']);
  }
}

function principalsOf(trust: PolicyDocument, kind: 'AWS' | 'Federated'): readonly string[] {
  return many(trust.Statement).flatMap(({ Principal: principal }) =>
    principal === undefined || principal === '*' ? [] : many(principal[kind]),
  );
}
