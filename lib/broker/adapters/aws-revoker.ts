import { largest } from '@leasehold/contract/any-length';
import type { Broker } from '@leasehold/definitions';
import type { Revocation, Revoker, RoleDenial, ShutRole } from '../ports';
import type { IamRevoker } from './iam-revoker';
import type { PolicyDenials } from './policy-denials';

export interface AwsRevokerOptions {
  readonly tags: IamRevoker;
  readonly policy: PolicyDenials;
  /** How a single lease is revoked. */
  readonly by: NonNullable<Broker['revoke']>['by'];
}

/**
 * {@link Revoker} for AWS, with two independent mechanisms: tags on roles, and the revocation policy. Whole roles are
 * revoked with both mechanisms.
 */
export class AwsRevoker implements Revoker {
  readonly #tags: IamRevoker;
  readonly #policy: PolicyDenials;
  readonly #by: AwsRevokerOptions['by'];

  constructor({ tags, policy, by }: AwsRevokerOptions) {
    this.#tags = tags;
    this.#policy = policy;
    this.#by = by;
  }

  async revoke(role: string, leases: readonly Revocation[]): Promise<{ readonly shutUntil?: number }> {
    if (this.#by === 'role-tags' || !this.#policy.covers(role) || leases.length === 0) {
      return this.#tags.revoke(role, leases);
    }
    const { roles, everything } = await this.#policy.deny(leases);
    // If the leases of a role do not fit, the policy document denies the whole role. The role is then shut by its tag
    // too, so that its trust policy opens no session which AWS would deny.
    if (!everything && !roles.has(role)) return {};
    const shutUntil = largest(leases.map(({ until }) => until));
    await this.#tags.shut(role, shutUntil);
    return { shutUntil };
  }

  shut(role: string, until: number): Promise<void> {
    return this.#tags.shut(role, until);
  }

  async deny(roles: readonly RoleDenial[]): Promise<void> {
    await this.#policy.deny(roles.filter(({ role }) => this.#policy.covers(role)));
  }

  async standing(): Promise<readonly ShutRole[]> {
    const shut = await this.#tags.standing();
    if (shut.length === 0) return [];
    const denied = await this.#policy.deniedRoles().catch(() => undefined);
    return shut.map((each) => {
      const inPolicy = denied === undefined ? 'not-read' : denied.has(each.role) ? 'present' : 'missing';
      return { ...each, policy: this.#policy.covers(each.role) ? inPolicy : 'none' };
    });
  }

  /** @throws the error of a mechanism that failed, after the other mechanism was pruned */
  async prune(now: number): Promise<void> {
    const done = await Promise.allSettled([this.#tags.prune(now), this.#policy.prune(now)]);
    for (const each of done) if (each.status === 'rejected') throw each.reason;
  }
}
