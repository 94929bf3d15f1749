/** Who asks, and the context keys that follow from it. UG is https://docs.aws.amazon.com/IAM/latest/UserGuide */
import type { Principal, Request } from '@leasehold/policy';

/** The names by which a `Principal` element can mean a caller. */
export interface Caller {
  readonly account?: string | undefined;
  /** The ARN of the principal that makes the request: for a session that of the session, not of the role. */
  readonly self?: string;
  /** The role of a session, or the IAM user behind a federated user. */
  readonly origin?: string;
}

/** UG/reference_policies_elements_principal.html. The ARN of a root user is that of its account. */
export function callerOf(principal: Principal): Caller {
  if (principal.kind === 'user') return { account: accountIn(principal.arn), self: principal.arn };
  if (principal.kind === 'root') return { account: principal.account };
  if (principal.kind === 'federated-user')
    return { account: accountIn(principal.arn), self: principal.arn, origin: principal.userArn };
  if (principal.kind !== 'session') return {};
  // An assumed-role ARN has the role's name, not its path: UG/reference_identifiers.html#identifiers-arns
  const { roleArn, sessionName } = principal;
  const [, partition, , , account] = roleArn.split(':');
  const self = `arn:${partition}:sts::${account}:assumed-role/${nameIn(roleArn)}/${sessionName}`;
  return { account, self, origin: roleArn };
}

export type ContextKeys = ReadonlyMap<string, string | readonly string[] | undefined>;

/**
 * "Key names are case-insensitive": UG/reference_policies_elements_condition.html. Keys of principal and resource follow from
 * the signature and the resource, never from what the caller states: UG/reference_policies_condition-keys.html (#… below)
 */
export function contextOf(request: Request, resourceAccount: string | undefined): ContextKeys {
  const { principal } = request;
  const { account, self, origin } = callerOf(principal);
  const isService = principal.kind === 'service';
  const signed = !['anonymous', 'web-identity', 'saml'].includes(principal.kind);
  const rootArn = principal.kind === 'root' ? `arn:${principal.partition ?? 'aws'}:iam::${account}:root` : undefined;
  const derived: Readonly<Record<string, string | undefined>> = {
    // #condition-keys-principalarn: "For IAM roles, the request context returns the ARN of the role"
    'aws:principalarn': principal.kind === 'session' ? origin : (self ?? rootArn),
    // #condition-keys-principalaccount: "Anonymous requests return anonymous for this key"
    'aws:principalaccount': principal.kind === 'anonymous' ? 'anonymous' : account,
    'aws:principaltype': PRINCIPAL_TYPES[principal.kind],
    // #condition-keys-principalisawsservice: "for all signed API requests"
    'aws:principalisawsservice': signed ? String(isService) : undefined,
    'aws:principalservicename': isService ? principal.name : undefined,
    // #condition-keys-username: "always included in the request context for IAM users", and for nobody else
    'aws:username': principal.kind === 'user' ? nameIn(principal.arn) : undefined,
    'aws:resourceaccount': resourceAccount,
  };
  const given = Object.entries(request.context).map(([key, value]) => [key.toLowerCase(), value] as const);
  return new Map([...given, ...Object.entries(derived)]);
}

/** The owner of the resource: as given, by its ARN, else the caller's account. */
export const resourceAccountOf = ({ resourceAccount, resource, principal }: Request): string | undefined =>
  resourceAccount ?? (accountIn(resource) || callerOf(principal).account);

/** UG/reference_policies_variables.html#principaltable */
const PRINCIPAL_TYPES: Readonly<Record<string, string>> = {
  root: 'Account',
  user: 'User',
  session: 'AssumedRole',
  'federated-user': 'FederatedUser',
  anonymous: 'Anonymous',
};

const accountIn = (arn: string) => arn.split(':')[4];
const nameIn = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);
