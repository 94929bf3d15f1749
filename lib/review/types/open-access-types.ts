/** Types that can give access to everyone, or to anyone who has a key, a token or a certificate. */
import type { Severity } from '../review';
import type { WatchedType } from './watched-types';

export interface LetsIn {
  readonly how: string;
  /**
   * Attributes that determine who gets access. If the value of such an attribute changes, other recipients get access.
   */
  readonly by: readonly string[];
  /** Set if the resource gives access only if the attribute is `true`. */
  readonly onlyWhenTrue?: true;
  /** Set if AWS's default for a new resource is `true`. */
  readonly unlessFalse?: true;
  readonly severity: Severity;
}

export const LETS_IN: Readonly<Partial<Record<WatchedType, LetsIn>>> = {
  aws_cognito_identity_pool: {
    how: 'gives credentials to guests who did not sign in',
    by: ['allow_unauthenticated_identities'],
    onlyWhenTrue: true,
    severity: 'medium',
  },
  // https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessConfigRequest.html
  aws_eks_cluster: {
    how: 'makes whoever creates it an administrator of the cluster, whose access no access entry of the plan shows',
    by: ['access_config.0.bootstrap_cluster_creator_admin_permissions'],
    onlyWhenTrue: true,
    unlessFalse: true,
    severity: 'medium',
  },
  aws_eks_identity_provider_config: {
    how: 'opens a cluster to the tokens of an issuer',
    by: ['oidc'],
    severity: 'high',
  },
  aws_iam_user_ssh_key: {
    how: "opens a user's repositories to the bearer of a key",
    by: ['public_key', 'status', 'username'],
    severity: 'medium',
  },
  aws_ssoadmin_trusted_token_issuer: {
    how: 'lets an issuer of tokens vouch for people of the identity center',
    by: ['trusted_token_issuer_configuration'],
    severity: 'high',
  },
  aws_transfer_ssh_key: {
    how: 'lets the bearer of a key in as a user of a file transfer server',
    by: ['body', 'user_name', 'server_id'],
    severity: 'medium',
  },
};
