/**
 * Resources that AWS owns and that every account may use. Their ARNs contain no account, although the reference's
 * format has one.
 * Sources: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-examples.html
 */

/** The service of each resource type, and the prefix of the last part of the resource's ARN. */
export const AWS_OWNED: readonly { readonly service: string; readonly prefix: string }[] = [
  { service: 'ssm', prefix: 'parameter/aws/' },
  { service: 'ssm', prefix: 'document/' },
  { service: 'ssm', prefix: 'automation-definition/' },
];
