/** The IAM data of an account: users, roles, policies, MFA devices, OIDC providers. */
import type { PolicyDocument } from '@leasehold/policy';
import { awsManagedPolicy } from '@leasehold/policy/aws-managed';
import { AwsError } from '../wire/aws-error';
import type { MfaDevice } from './mfa-device';

/** Common properties of IAM users and roles, to which policies can be attached. */
interface Identity {
  readonly name: string;
  /** IAM path, for example `/agents/`. */
  readonly path: string;
  readonly arn: string;
  /** Unique id, for example `AROA…`. */
  readonly id: string;
  readonly createDate: Date;
  readonly tags: Readonly<Record<string, string>>;
  /** Inline policies by name. */
  readonly inline: ReadonlyMap<string, PolicyDocument>;
  /** ARNs of attached managed policies. */
  readonly attached: readonly string[];
  /** ARN of the permissions boundary. */
  readonly boundary?: string;
}

export interface User extends Identity {
  readonly kind: 'user';
}

export interface Role extends Identity {
  readonly kind: 'role';
  readonly trust: PolicyDocument;
  /** Maximum session duration in seconds, from 3,600 to 43,200. */
  readonly maxSessionDuration: number;
  readonly description?: string;
}

export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  readonly createDate: Date;
  readonly description?: string;
  /** The document in force. */
  readonly document: PolicyDocument;
  /** The id of the version in force. */
  readonly defaultVersion: string;
  /** All versions, the oldest first. */
  readonly versions: readonly PolicyVersion[];
}

export interface PolicyVersion {
  /** Version id: `v1`, `v2` and so on. */
  readonly id: string;
  readonly createDate: Date;
  readonly document: PolicyDocument;
}

/** The version fields for a new policy, which has one version. */
export function firstVersion(
  document: PolicyDocument,
  createDate: Date,
): Pick<ManagedPolicy, 'document' | 'defaultVersion' | 'versions'> {
  return { document, defaultVersion: 'v1', versions: [{ id: 'v1', createDate, document }] };
}

/** One account. */
export class Account {
  /** Twelve digits. */
  readonly id: string;
  readonly partition: string;
  readonly users = new Map<string, User>();
  readonly roles = new Map<string, Role>();
  /** Policies by ARN: the account's own policies, and AWS-managed policies that were looked up. */
  readonly policies = new Map<string, ManagedPolicy>();
  /**
   * Number of times that any policy of the account was replaced. Data read from policies before the latest replacement
   * is out of date.
   */
  policyChanges = 0;
  /** MFA devices by serial number. */
  readonly devices = new Map<string, MfaDevice>();
  /** The trusted audiences for each OIDC token issuer. The key is the issuer without its scheme. */
  readonly providers = new Map<string, readonly string[]>();

  constructor(id: string, partition: string) {
    this.id = id;
    this.partition = partition;
    this.policy(`arn:${partition}:iam::aws:policy/AdministratorAccess`);
  }

  /** An IAM ARN of this account. */
  arn(resource: string): string {
    return `arn:${this.partition}:iam::${this.id}:${resource}`;
  }

  /** The MFA devices that are enabled for a user. */
  devicesOf(user: User): readonly MfaDevice[] {
    return [...this.devices.values()].filter((device) => device.user === user.name);
  }

  /** The managed policy with this ARN, customer-managed or AWS-managed. */
  policy(arn: string): ManagedPolicy | undefined {
    const known = this.policies.get(arn);
    if (known !== undefined) return known;
    const document = arn.startsWith(`arn:${this.partition}:`) ? awsManagedPolicy(arn) : undefined;
    if (document === undefined) return undefined;
    const policy = managedByAws(arn, document);
    this.policies.set(arn, policy);
    return policy;
  }

  /** Replaces a policy by a changed copy. */
  replacePolicy(policy: ManagedPolicy): void {
    this.policies.set(policy.arn, policy);
    this.policyChanges += 1;
  }

  /**
   * The document of a managed policy. Throws for an unknown policy, because the sandbox cannot determine which calls
   * such a policy denies.
   */
  document(policyArn: string): PolicyDocument {
    const policy = this.policy(policyArn);
    if (policy) return policy.document;
    throw new AwsError(
      500,
      'ServiceFailure',
      `The sandbox does not know the policy ${policyArn}, so it refuses the request.`,
    );
  }
}

function managedByAws(arn: string, document: PolicyDocument): ManagedPolicy {
  const [path, name] = [arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1), arn.slice(arn.lastIndexOf('/') + 1)];
  const createDate = new Date('2015-02-06T18:39:46Z');
  return { name, path, arn, id: 'ANPAIWMBCKSKIEE64ZLYK', createDate, ...firstVersion(document, createDate) };
}
