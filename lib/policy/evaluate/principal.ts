/**
 * The elements `Principal` and `NotPrincipal` of resource, trust, endpoint and resource control policies.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
import { many, type PrincipalBlock } from '../document';
import { refuse } from './error';
import type { EvaluationInput } from './request';

/** `Principal` or `NotPrincipal` of one statement. */
export interface PrincipalTest {
  readonly part: 'principal';
  readonly negated: boolean;
  /** The principals as written, with a prefix for every kind except AWS: `Service ec2.amazonaws.com`. */
  readonly listed: readonly string[];
  readonly everybody: boolean;
  /** Account ids of twelve digits. */
  readonly accounts: ReadonlySet<string>;
  /** ARNs of users, roles and sessions. */
  readonly arns: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  readonly federated: ReadonlySet<string>;
  /** Whether the element contains an S3 canonical user. The engine cannot match a canonical user to a caller. */
  readonly canonical: boolean;
}

/**
 * How specifically a statement names the caller.
 * - `self`: the user, the session, the service, the token's provider, or everybody. An implicit deny of an identity
 * policy, boundary or session policy of the same account does not limit the grant.
 * - `origin`: the role of a session, or the user behind a federated user. The boundary and session policies limit the
 * grant.
 * - `account`: a delegation. The account's own identity policies decide.
 */
export type Naming = 'none' | 'account' | 'origin' | 'self';

const RULE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html';
const ACCOUNT = /^(?:arn:[a-z-]+:iam::)?(\d{12})(:root)?$/;
const IDENTITY =
  /^arn:[a-z-]+:(iam::(\d{12}|cloudfront):(user|role)\/[^*]+|sts::\d{12}:(assumed-role\/[^/*]+|federated-user)\/[^/*]+)$/;
/** The unique id that AWS shows in place of a deleted user or role. */
const UNIQUE_ID = /^A(IDA|ROA)[A-Z0-9]{12,}$/;
const HOST = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(\/[\w./-]+)?$/;
const PROVIDER = /^arn:[a-z-]+:iam::\d{12}:(oidc-provider|saml-provider)\/[^*]+$/;
const CANONICAL = /^[0-9a-f]{64}$/;

/** Reads the element. Throws `PolicyError` with code `bad-principal` for a name that AWS rejects. */
export function readPrincipal(
  value: PrincipalBlock,
  negated: boolean,
  path: readonly (string | number)[],
): PrincipalTest {
  const accounts = new Set<string>();
  const arns = new Set<string>();
  const services = new Set<string>();
  const federated = new Set<string>();
  const listed: string[] = [];
  let everybody = value === '*';
  let canonical = false;
  const blocks = value === '*' ? {} : value;
  for (const [kind, names] of Object.entries(blocks)) {
    for (const [index, name] of many(names).entries()) {
      const place = typeof names === 'string' ? [...path, kind] : [...path, kind, index];
      listed.push(kind === 'AWS' ? name : `${kind} ${name}`);
      const account = ACCOUNT.exec(name);
      if (kind === 'AWS' && name === '*') everybody = true;
      else if (kind === 'AWS' && account?.[1] !== undefined && name.startsWith('arn:') === (account[2] !== undefined)) {
        accounts.add(account[1]);
      } else if (kind === 'AWS' && (IDENTITY.test(name) || UNIQUE_ID.test(name))) arns.add(name);
      else if (kind === 'Service' && HOST.test(name)) services.add(name);
      else if (kind === 'Federated' && (PROVIDER.test(name) || HOST.test(name))) federated.add(name);
      else if (kind === 'CanonicalUser' && CANONICAL.test(name)) canonical = true;
      else
        refuse({
          code: 'bad-principal',
          path: place,
          got: name,
          expected: EXPECTED[kind] ?? 'a principal',
          rule: RULE,
        });
    }
  }
  return {
    part: 'principal',
    negated,
    listed: value === '*' ? ['*'] : listed,
    everybody,
    accounts,
    arns,
    services,
    federated,
    canonical,
  };
}

const EXPECTED: Readonly<Record<string, string>> = {
  AWS: "'*', an account, or the ARN of a user, role, role session or federated user, without wildcards",
  Service: 'the name of a service, such as lambda.amazonaws.com, without wildcards',
  Federated: 'the ARN of an OIDC or SAML provider, or the name of a built-in one, without wildcards',
  CanonicalUser: 'a canonical user id of 64 hexadecimal digits',
};

/** How specifically an `Allow` statement refers to the caller. `NotPrincipal` is not valid in an `Allow` statement. */
export function namingOf(test: PrincipalTest, asked: EvaluationInput): Naming {
  const { principal, names } = asked;
  switch (principal.kind) {
    case 'service':
      return test.everybody || test.services.has(principal.name) ? 'self' : 'none';
    // AWS does not document that '*' grants to the bearer of a token, so an Allow must name the provider.
    case 'web-identity':
    case 'saml':
      return test.federated.has(principal.provider) ? 'self' : 'none';
    case 'anonymous':
      return test.everybody ? 'self' : 'none';
    case 'root':
      return test.everybody || test.accounts.has(principal.account) ? 'self' : 'none';
    default:
      if (test.everybody || (names.self !== undefined && test.arns.has(names.self))) return 'self';
      if (names.origin !== undefined && test.arns.has(names.origin)) return 'origin';
      return names.account !== undefined && test.accounts.has(names.account) ? 'account' : 'none';
  }
}

/** Whether a `Deny` applies to the caller. */
export function deniesCaller(test: PrincipalTest, asked: EvaluationInput): boolean {
  if (test.negated) return !isExcepted(test, asked);
  return test.everybody || test.canonical || namingOf(test, asked) !== 'none';
}

/**
 * Whether `NotPrincipal` excludes the caller from a `Deny`. AWS may check the account first, then the role, then the
 * session, and deny if one of them is not listed. Therefore all of them must be listed. A user or role that has a
 * permissions boundary is always denied, regardless of the list.
 */
function isExcepted(test: PrincipalTest, asked: EvaluationInput): boolean {
  const { principal, names } = asked;
  if (test.everybody) return true;
  switch (principal.kind) {
    case 'service':
      return test.services.has(principal.name);
    case 'web-identity':
    case 'saml':
      return test.federated.has(principal.provider);
    case 'anonymous':
      return false;
    case 'root':
      return test.accounts.has(principal.account);
    default:
      return (
        !asked.bounded &&
        names.account !== undefined &&
        test.accounts.has(names.account) &&
        names.self !== undefined &&
        test.arns.has(names.self) &&
        (names.origin === undefined || test.arns.has(names.origin))
      );
  }
}
