/** The request to evaluate: the caller, the action, the resource and the context. */
import { NAME_ALPHABET, textOf } from '@leasehold/contract/text';
import { type Arn, parseArn } from '../arn';
import { isMultivalued } from '../condition-keys';
import { foldAscii } from '../glob';
import { refuseRequest } from './error';

/**
 * Values of context keys, for example `{ 'aws:MultiFactorAuthPresent': 'true', 'aws:TagKeys': ['a', 'b'] }`. Names
 * match in any case. A string is the value of a single-valued key, an array contains the values of a multivalued key. A
 * string for a key that AWS documents as multivalued counts as an array with one item. An empty list means no value.
 * Booleans are `true` and `false`, times are ISO 8601 or seconds since 1970, bytes are base64.
 *
 * Some keys are derived from the principal and the resource and must not be given: `aws:PrincipalArn`,
 * `aws:PrincipalAccount`, `aws:PrincipalType`, `aws:PrincipalIsAWSService`, `aws:PrincipalServiceName`, `aws:username`,
 * `aws:ResourceAccount`.
 */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/**
 * The caller.
 * - `user`: an IAM user, with a long-term key or with credentials from `GetSessionToken` (then the context has
 * `aws:TokenIssueTime`). Example: `arn:aws:iam::123456789012:user/agents/hermes-dev-agent`.
 * - `session`: a session of a role. `roleArn` includes the path. The session's own ARN is derived from `roleArn` and
 * `sessionName`.
 * - `federated-user`: a session from `GetFederationToken`. `arn` is `arn:aws:sts::123456789012:federated-user/name`,
 * `userArn` is the ARN of the IAM user who requested the session.
 * - `root`: the root user of an account.
 * - `service`: an AWS service itself, for example `ec2.amazonaws.com`.
 * - `web-identity` and `saml`: the bearer of a token who is about to assume a role. `provider` is the ARN of the OIDC
 * or SAML provider, or the name of a built-in one (`cognito-identity.amazonaws.com`).
 * - `anonymous`: the sender of an unsigned request.
 */
export type Principal =
  | { readonly kind: 'user'; readonly arn: string }
  | { readonly kind: 'session'; readonly roleArn: string; readonly sessionName: string }
  | { readonly kind: 'federated-user'; readonly arn: string; readonly userArn: string }
  | { readonly kind: 'root'; readonly account: string; readonly partition?: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'web-identity'; readonly provider: string }
  | { readonly kind: 'saml'; readonly provider: string }
  | { readonly kind: 'anonymous' };

/**
 * One action on one resource. An API call may consist of several such requests: AssumeRole with tags needs
 * `sts:AssumeRole` and `sts:TagSession`.
 */
export interface Request {
  /** The action, for example `s3:GetObject`, in upper or lower case and without wildcards. */
  readonly action: string;
  /** ARN of the resource, or `*` for an action without resources. `*` and `?` in the ARN are literal characters. */
  readonly resource: string;
  readonly principal: Principal;
  readonly context: Context;
  /**
   * The account that owns the resource, twelve digits. Required for a resource in another account if the ARN does not
   * contain the account, as for an S3 bucket. If omitted, such a bucket counts as a bucket in the caller's account.
   * @default the account in the resource's ARN; if the ARN has none (S3 buckets), the principal's account
   */
  readonly resourceAccount?: string;
}

/** The names by which a `Principal` element can refer to a principal. */
export interface Names {
  /** The account id of twelve digits; `undefined` for a principal without an account. */
  readonly account: string | undefined;
  readonly accountArn: string | undefined;
  /** The ARN of exactly this caller: the user, session or federated user. */
  readonly self: string | undefined;
  /**
   * The ARN of the identity that created the caller's session: the role, or the IAM user who created a federated user.
   */
  readonly origin: string | undefined;
}

/** A request, prepared for matching against statements. */
export class EvaluationInput {
  readonly request: Request;
  /** The action in lower case. */
  readonly action: string;
  readonly resource: string;
  readonly principal: Principal;
  readonly names: Names;
  readonly resourceAccount: string | undefined;
  /** Whether the principal has a permissions boundary, which affects how `NotPrincipal` is evaluated. */
  readonly bounded: boolean;
  readonly #context: ReadonlyMap<string, string | readonly string[]>;

  /** Throws `PolicyError` with code `bad-request` for an invalid request. */
  constructor(request: Request, bounded: boolean) {
    if (!ACTION.test(request.action)) reject('action', request.action, 'service:action without wildcards');
    const resource = request.resource === '*' ? undefined : parseArn(request.resource);
    if (request.resource !== '*' && resource === undefined) reject('resource', request.resource, "an ARN or '*'");
    this.request = request;
    this.action = foldAscii(request.action);
    this.resource = request.resource;
    this.principal = request.principal;
    this.names = namesOf(request.principal);
    this.resourceAccount = ownerOf(request, resource, this.names);
    this.bounded = bounded;
    this.#context = fold(request.context);
  }

  /** The values of a context key; `undefined` if the request does not contain the key. */
  values(key: string): string | readonly string[] | undefined {
    const folded = foldAscii(key);
    const derived = DERIVED.get(folded);
    return derived === undefined ? this.#context.get(folded) : derived(this);
  }

  /** The value of a single-valued context key; `undefined` for a multivalued key. */
  value(key: string): string | undefined {
    const values = this.values(key);
    return typeof values === 'string' ? values : undefined;
  }
}

const ACTION = /^[A-Za-z0-9-]+:[A-Za-z0-9_-]+$/;
const ACCOUNT = /^\d{12}$/;

/**
 * Context keys that are derived from the principal and the resource, so that a caller cannot choose their values.
 * Source: AWS's page about global condition keys.
 */
const DERIVED: ReadonlyMap<string, (asked: EvaluationInput) => string | undefined> = new Map([
  ['aws:principalarn', principalArn],
  ['aws:principalaccount', ({ principal, names }) => (principal.kind === 'anonymous' ? 'anonymous' : names.account)],
  ['aws:principaltype', (asked) => PRINCIPAL_TYPES[asked.principal.kind]],
  [
    'aws:principalisawsservice',
    ({ principal }) => (isSigned(principal) ? String(principal.kind === 'service') : undefined),
  ],
  ['aws:principalservicename', (asked) => (asked.principal.kind === 'service' ? asked.principal.name : undefined)],
  ['aws:username', (asked) => (asked.principal.kind === 'user' ? afterLastSlash(asked.principal.arn) : undefined)],
  ['aws:resourceaccount', (asked) => asked.resourceAccount],
]);

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
const PRINCIPAL_TYPES: Readonly<Record<Principal['kind'], string | undefined>> = {
  user: 'User',
  session: 'AssumedRole',
  'federated-user': 'FederatedUser',
  root: 'Account',
  anonymous: 'Anonymous',
  service: undefined,
  'web-identity': undefined,
  saml: undefined,
};

/**
 * Whether the request is signed with AWS credentials. A caller who uses a web identity or SAML token to assume a role
 * has no AWS credentials yet.
 */
function isSigned({ kind }: Principal): boolean {
  return kind !== 'anonymous' && kind !== 'web-identity' && kind !== 'saml';
}

/**
 * Whether the value of a context key is derived from the principal and resource. The key may be in upper or lower case.
 */
export function isDerivedKey(key: string): boolean {
  return DERIVED.has(foldAscii(key));
}

/**
 * For a role session, `aws:PrincipalArn` is the ARN of the role, not of the session. Source:
 * reference_policies_condition-keys.
 */
function principalArn({ principal, names }: EvaluationInput): string | undefined {
  return principal.kind === 'session' ? names.origin : principal.kind === 'root' ? names.accountArn : names.self;
}

function fold(context: Context): ReadonlyMap<string, string | readonly string[]> {
  const folded = new Map<string, string | readonly string[]>();
  for (const key of Object.keys(context)) {
    const values: unknown = context[key];
    const name = foldAscii(key);
    if (!isTexts(values)) reject(`context/${key}`, values, 'a text or a list of texts');
    if (typeof values !== 'string' && values.length === 0) continue;
    if (folded.has(name)) reject(`context/${key}`, key, 'each context key once, ignoring case');
    folded.set(name, typeof values === 'string' && isMultivalued(name) ? [values] : values);
  }
  return folded;
}

function isTexts(values: unknown): values is string | readonly string[] {
  return typeof values === 'string' || (Array.isArray(values) && values.every((value) => typeof value === 'string'));
}

function ownerOf(request: Request, resource: Arn | undefined, names: Names): string | undefined {
  const named = resource !== undefined && ACCOUNT.test(resource.account) ? resource.account : undefined;
  const given = request.resourceAccount;
  if (given === undefined) return named ?? names.account;
  if (!ACCOUNT.test(given)) reject('resourceAccount', given, 'twelve digits');
  if (named !== undefined && named !== given)
    reject('resourceAccount', given, `${named}, the account in the resource's ARN`);
  return given;
}

function namesOf(principal: Principal): Names {
  switch (principal.kind) {
    case 'user':
      return fromArn(principal.arn, principal.arn, USER, 'arn', undefined);
    case 'session': {
      const names = fromArn(principal.roleArn, undefined, ROLE, 'roleArn', principal.roleArn);
      if (!SESSION_NAME.test(principal.sessionName))
        reject('principal/sessionName', principal.sessionName, 'a session name');
      return { ...names, self: sessionArn(principal.roleArn, principal.sessionName) };
    }
    case 'federated-user':
      fromArn(principal.userArn, undefined, USER, 'userArn', undefined);
      return fromArn(principal.arn, principal.arn, FEDERATED_USER, 'arn', principal.userArn);
    case 'root': {
      if (!ACCOUNT.test(principal.account)) reject('principal/account', principal.account, 'twelve digits');
      const arn = `arn:${principal.partition ?? 'aws'}:iam::${principal.account}:root`;
      return { account: principal.account, accountArn: arn, self: undefined, origin: undefined };
    }
    case 'service':
    case 'web-identity':
    case 'saml':
    case 'anonymous':
      return NOBODY;
    default:
      return reject('principal/kind', principal, 'a kind of principal');
  }
}

const NOBODY: Names = { account: undefined, accountArn: undefined, self: undefined, origin: undefined };
const USER = /^arn:([a-z-]+):iam::(\d{12}):user\/\S+$/;
const ROLE = /^arn:([a-z-]+):iam::(\d{12}):role\/\S+$/;
const FEDERATED_USER = /^arn:([a-z-]+):sts::(\d{12}):federated-user\/\S+$/;
const SESSION_NAME = textOf(NAME_ALPHABET, 2, 64);

function fromArn(
  arn: string,
  self: string | undefined,
  form: RegExp,
  field: string,
  origin: string | undefined,
): Names {
  const [, partition, account] = form.exec(arn) ?? [];
  if (account === undefined) reject(`principal/${field}`, arn, `an ARN of the form ${form.source}`);
  return { account, accountArn: `arn:${partition}:iam::${account}:root`, self, origin };
}

/** The ARN of a session. It does not contain the role's path. */
export function sessionArn(roleArn: string, sessionName: string): string {
  const [, partition, account] = ROLE.exec(roleArn) ?? [];
  return `arn:${partition}:sts::${account}:assumed-role/${afterLastSlash(roleArn)}/${sessionName}`;
}

function afterLastSlash(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

function reject(path: string, got: unknown, expected: string): never {
  const [field = '', ...rest] = path.split('/');
  refuseRequest({ code: 'bad-request', path: rest.length === 0 ? [field] : [field, rest.join('/')], got, expected });
}
