/**
 * Resources that AWS owns and that everybody may name: their ARNs have no account, where the reference's format has one.
 * Sources: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html
 */

/** Services, and how the last part of such an ARN begins. */
export const AWS_OWNED: readonly { readonly service: string; readonly prefix: string }[] = [
  { service: 'ssm', prefix: 'parameter/aws/' },
  { service: 'ssm', prefix: 'document/' },
  { service: 'ssm', prefix: 'automation-definition/' },
];
