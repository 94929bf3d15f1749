/** Resolves how people sign in to the broker of an environment, and the domain of its console. */
import { DEPLOYED_ASSISTANT } from '@leasehold/contract/assistant-address';
import { defined } from '@leasehold/contract/defined';
import { many } from '@leasehold/policy';
import { below } from './address';
import { type Complaint, shown } from './complaints';
import type { ConsoleDomain, Environment, Path, People, SignIn } from './model';
import { seconds } from './schema-parts';
import { type ConsoleYaml, type PeopleYaml, SIGN_IN_DEFAULTS } from './schema-people';

/** The context for resolving the sign-in settings and the console. Paths begin at the root of the broker document. */
export interface PeopleContext {
  readonly environment: Pick<Environment, 'project' | 'name' | 'account' | 'region' | 'partition'>;
  /** Whether the project document is valid. If it is not, the environment may contain placeholders. */
  readonly projectIsWhole: boolean;
  readonly put: (text: string, path: Path) => string | undefined;
  /** Resolves a template to a URL that the broker calls. */
  readonly address: (text: string, path: Path, query?: boolean) => string | undefined;
  /** Resolves a template to a value that is compared exactly. */
  readonly exact: (text: string, path: Path) => string | undefined;
  readonly complain: (path: Path, complaint: Complaint) => void;
}

/** How people sign in; `undefined`, with a reported error, if a value cannot be resolved. */
export function resolvePeople({ signIn, groups, approveWith }: PeopleYaml, context: PeopleContext): People | undefined {
  const { cognito, oidc } = signIn;
  const resolved = oidc === undefined ? cognito && ofPool(cognito, context) : ofIssuer(oidc, context);
  if (resolved === undefined) return undefined;
  const { requester, approver, administrator } = groups;
  if (resolved.type === 'cognito') checkGroups(groups, context);
  return {
    signIn: resolved,
    groups: {
      requester: requester === '*' ? '*' : [...many(requester)].sort(),
      approver: [...many(approver)].sort(),
      administrator: [...many(administrator)].sort(),
    },
    ...defined({ approveWith }),
  };
}

/**
 * Checks that a user pool accepts the names of the groups, because the groups are deployed to it. Source:
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html
 */
function checkGroups(groups: PeopleYaml['groups'], { complain }: PeopleContext): void {
  for (const kind of ['requester', 'approver', 'administrator'] as const) {
    for (const group of many(groups[kind])) {
      if (/^[!-~]{1,128}$/.test(group)) continue;
      complain(['people', 'groups', kind], {
        id: 'wrong-value',
        message: `${shown(group)} cannot be a group of a user pool.`,
        expected: 'at most 128 characters without spaces',
        hint: 'Write a name without spaces.',
      });
    }
  }
}

function ofPool(
  yaml: NonNullable<PeopleYaml['signIn']['cognito']>,
  { environment, put, complain }: PeopleContext,
): SignIn | undefined {
  const path = ['people', 'signIn', 'cognito'];
  const { project, name, account } = environment;
  const domain = yaml.domain === undefined ? `${project}-${name}-${account}` : put(yaml.domain, [...path, 'domain']);
  if (domain !== undefined && !PREFIX.test(domain)) {
    complain([...path, 'domain'], {
      id: 'wrong-value',
      message: `${shown(domain)} cannot be the prefix of the sign-in pages' address.`,
      expected: 'at most 63 lower-case letters, digits and hyphens, without `aws`, `amazon` and `cognito`',
      hint: 'Write such a prefix as `domain`.',
    });
  }
  const redirects = (yaml.redirects ?? []).map((text, index) => put(text, [...path, 'redirects', index]));
  if (domain === undefined) return undefined;
  return {
    type: 'cognito',
    domain,
    passwordLength: yaml.passwordLength ?? SIGN_IN_DEFAULTS.passwordLength,
    accessSeconds: seconds(yaml.accessToken ?? SIGN_IN_DEFAULTS.accessToken),
    refreshSeconds: seconds(yaml.refreshToken ?? SIGN_IN_DEFAULTS.refreshToken),
    redirects: redirects.filter((redirect) => redirect !== undefined).sort(),
  };
}

/**
 * The prefix of a user pool's domain, which must not contain `aws`, `amazon` or `cognito`. Source:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
 */
const PREFIX = /^(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function ofIssuer(
  yaml: NonNullable<PeopleYaml['signIn']['oidc']>,
  { address, exact }: PeopleContext,
): SignIn | undefined {
  const path = ['people', 'signIn', 'oidc'];
  const issuer = address(yaml.issuer, [...path, 'issuer']);
  const clientId = exact(yaml.clientId, [...path, 'clientId']);
  const audience = yaml.audience === undefined ? clientId : exact(yaml.audience, [...path, 'audience']);
  const scope = exact(yaml.scope ?? SIGN_IN_DEFAULTS.scope, [...path, 'scope']);
  const requestScope =
    yaml.requestScope === undefined ? undefined : exact(yaml.requestScope, [...path, 'requestScope']);
  const written = yaml.jwks === undefined ? undefined : address(yaml.jwks, [...path, 'jwks'], true);
  const jwksUri = yaml.jwks === undefined ? issuer && below(issuer, '.well-known/jwks.json') : written;
  if (issuer === undefined || clientId === undefined || audience === undefined) return undefined;
  if (scope === undefined || jwksUri === undefined) return undefined;
  if (yaml.requestScope !== undefined && requestScope === undefined) return undefined;
  return {
    type: 'oidc',
    issuer,
    clientId,
    audience,
    scope,
    ...defined({ requestScope }),
    nameClaim: yaml.nameClaim,
    groupsClaim: yaml.groupsClaim,
    algorithm: yaml.algorithm ?? SIGN_IN_DEFAULTS.algorithm,
    jwksUri,
    accessSeconds: seconds(yaml.accessToken ?? SIGN_IN_DEFAULTS.accessToken),
    mfa: { ...defined({ by: yaml.mfa, because: yaml.because?.trim() }) },
  };
}

/** The console's domain; `undefined`, with a reported error, if a value cannot be resolved. */
export function resolveConsole(yaml: ConsoleYaml, context: PeopleContext): ConsoleDomain | undefined {
  const { environment, projectIsWhole, put, complain } = context;
  const domain = put(yaml.domain, ['console', 'domain']);
  const certificateArn = put(yaml.certificate, ['console', 'certificate']);
  if (domain !== undefined && !HOST.test(domain)) {
    complain(['console', 'domain'], {
      id: 'wrong-value',
      message: `${shown(domain)} is not one host name.`,
      expected: 'a host name in lower case, for example `leases.example.com`, without scheme, port, path and wildcard',
      hint: 'Write the host name alone.',
    });
    return undefined;
  }
  const prefix = `arn:${environment.partition}:acm:${environment.region}:`;
  const isHere = !projectIsWhole || certificateArn?.startsWith(prefix) === true;
  if (certificateArn !== undefined && !(isHere && CERTIFICATE.test(certificateArn))) {
    complain(['console', 'certificate'], {
      id: 'wrong-value',
      message: `${shown(certificateArn)} is not a certificate in the environment's region.`,
      expected: `an ARN \`${prefix}<account>:certificate/<id>\``,
      hint: "Copy the certificate's ARN from ACM in that region.",
    });
    return undefined;
  }
  const assistant = yaml.assistant === undefined ? undefined : put(yaml.assistant, ['console', 'assistant']);
  if (assistant !== undefined && !DEPLOYED_ASSISTANT.test(assistant)) {
    complain(['console', 'assistant'], {
      id: 'wrong-value',
      message: `${shown(assistant)} is not the address of an assistant.`,
      expected:
        'an address with `wss`, one host name in lower case, and at most one path segment, for example `wss://chat.example.com/v1`',
      hint: 'Copy the address of the WebSocket API, without query and wildcard.',
    });
    return undefined;
  }
  if (domain === undefined || certificateArn === undefined) return undefined;
  return { domain, certificateArn, ...defined({ assistant }) };
}

/**
 * https://www.rfc-editor.org/rfc/rfc1123#section-2.1; the name must contain a dot, because a passkey needs a
 * registrable domain.
 */
const HOST = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const CERTIFICATE = /^arn:[a-z-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate\/[a-zA-Z0-9-]{1,64}$/;
