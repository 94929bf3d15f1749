/** What single services do that no policy says. */
import type { EvaluationInput, Principal } from './request';

/** A rule of AWS that decides, or joins in deciding, beside the policies. */
export interface ServiceRule {
  /** Stable kebab-case id. */
  readonly id: string;
  /** The rule as one sentence. */
  readonly text: string;
  readonly source: string;
}

interface Row extends ServiceRule {
  readonly holds: (asked: EvaluationInput) => boolean;
}

const STS_COMPARISON = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html';

/** Actions that nothing but the endpoint's policy can deny. */
const FREE: readonly Row[] = [
  {
    id: 'get-caller-identity',
    text: 'sts:GetCallerIdentity needs no permission, and an explicit deny does not forbid it.',
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html',
    holds: ({ action, principal }) => action === 'sts:getcalleridentity' && principal.kind !== 'anonymous',
  },
  {
    id: 'get-session-token',
    text: 'sts:GetSessionToken needs no permission, and no policy can forbid it to the holder of a long-term key.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getsessiontoken.html',
    holds: (asked) => asked.action === 'sts:getsessiontoken' && hasLongTermKey(asked),
  },
];

/** Calls that AWS refuses whatever the policies say, and those that this engine cannot judge. */
const REFUSED: readonly Row[] = [
  {
    id: 'long-term-key-needed',
    text: 'sts:GetSessionToken and sts:GetFederationToken take the long-term key of a user alone.',
    source: STS_COMPARISON,
    holds: (asked) => /^sts:get(session|federation)token$/.test(asked.action) && !hasLongTermKey(asked),
  },
  {
    id: 'root-cannot-assume',
    text: 'The root user cannot assume a role.',
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html',
    holds: ({ action, principal }) => principal.kind === 'root' && ASSUMING.test(action),
  },
  {
    id: 'wrong-way-to-assume',
    text: 'A token is traded with AssumeRoleWithWebIdentity or AssumeRoleWithSAML, everything else with AssumeRole.',
    source: STS_COMPARISON,
    holds: ({ action, principal }) => {
      const way = WAYS[principal.kind];
      return way === undefined ? /^sts:assumerolewith/.test(action) : action !== way && !SESSION_EXTRAS.test(action);
    },
  },
  {
    id: 'session-token-and-sts',
    text: 'Credentials from GetSessionToken may call nothing of STS but AssumeRole, GetScopedCredentials and GetCallerIdentity.',
    source: STS_COMPARISON,
    holds: (asked) =>
      asked.principal.kind === 'user' &&
      asked.action.startsWith('sts:') &&
      asked.action !== 'sts:assumerole' &&
      asked.action !== 'sts:getscopedcredentials' &&
      !SESSION_EXTRAS.test(asked.action) &&
      !hasLongTermKey(asked),
  },
  {
    id: 'session-token-and-iam',
    text: 'Credentials from GetSessionToken may call IAM only when they were got with MFA.',
    source: STS_COMPARISON,
    holds: (asked) =>
      asked.principal.kind === 'user' &&
      asked.action.startsWith('iam:') &&
      !hasLongTermKey(asked) &&
      asked.value('aws:MultiFactorAuthPresent') !== 'true',
  },
  {
    id: 'federation-token-and-iam',
    text: 'Credentials from GetFederationToken may call nothing of IAM, and of STS GetScopedCredentials and GetCallerIdentity alone.',
    source: STS_COMPARISON,
    holds: ({ action, principal }) =>
      principal.kind === 'federated-user' && /^(sts|iam):/.test(action) && action !== 'sts:getscopedcredentials',
  },
  {
    id: 'scoping-needs-a-session',
    text: 'sts:GetScopedCredentials takes temporary credentials alone: of a role, of a federated user, or from GetSessionToken.',
    source:
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getscopedcredentials.html',
    holds: (asked) =>
      asked.action === 'sts:getscopedcredentials' &&
      (hasLongTermKey(asked) || !MAY_HAVE_SESSION.has(asked.principal.kind)),
  },
  {
    id: 'aws-managed-policy',
    text: 'A policy that AWS manages cannot be changed, tagged or deleted by anybody else.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html',
    holds: ({ action, resource }) => CHANGES_POLICY.test(action) && AWS_MANAGED.test(resource),
  },
  {
    id: 'assume-root-not-covered',
    text: 'sts:AssumeRoot follows rules of its own, which are not covered here.',
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html',
    holds: ({ action }) => action === 'sts:assumeroot',
  },
  {
    id: 'unsigned-request',
    text: 'Unsigned requests are known of S3, SNS, SQS and function URLs of Lambda alone.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable',
    holds: ({ action, principal }) => principal.kind === 'anonymous' && !/^(s3|sns|sqs|lambda):/.test(action),
  },
];

const ASSUMING = /^sts:(assumerole(withsaml|withwebidentity)?|tagsession|setsourceidentity)$/;
const MAY_HAVE_SESSION: ReadonlySet<Principal['kind']> = new Set(['user', 'root', 'session', 'federated-user']);
const CHANGES_POLICY = /^iam:((create|delete)policy(version)?|setdefaultpolicyversion|(un)?tagpolicy)$/;
const AWS_MANAGED = /^arn:[a-z-]+:iam::aws:policy\//;
const SESSION_EXTRAS = /^sts:(tagsession|setsourceidentity)$/;
const WAYS: Readonly<Partial<Record<Principal['kind'], string>>> = {
  'web-identity': 'sts:assumerolewithwebidentity',
  saml: 'sts:assumerolewithsaml',
};

function hasLongTermKey(asked: EvaluationInput): boolean {
  const { kind } = asked.principal;
  return (kind === 'user' || kind === 'root') && asked.values('aws:TokenIssueTime') === undefined;
}

/** The rule by which the call is free, whatever the policies of caller, resource and organization say. */
export function freeBy(asked: EvaluationInput): ServiceRule | undefined {
  return asked.action.startsWith('sts:') ? FREE.find((rule) => rule.holds(asked)) : undefined;
}

/** The rule by which AWS refuses the call, whatever the policies allow. */
export function refusedBy(asked: EvaluationInput): ServiceRule | undefined {
  const { kind } = asked.principal;
  const special =
    /^(sts|iam):/.test(asked.action) || kind === 'anonymous' || kind === 'web-identity' || kind === 'saml';
  return special ? REFUSED.find((rule) => rule.holds(asked)) : undefined;
}

/**
 * Whether the resource's own policy has to allow, too, within one account: of a role that is assumed and of a KMS key.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * ("IAM role trust policies and AWS KMS key policies are exceptions to this logic")
 */
export function needsResourcePolicy(asked: EvaluationInput): boolean {
  return ASSUMING.test(asked.action) || (asked.action.startsWith('kms:') && KMS_KEY.test(asked.resource));
}

const KMS_KEY = /^arn:[a-z-]+:kms:[^:]*:[^:]*:key\//;

/**
 * Whether the caller's own policies have to allow, too, although the trust policy names it: for tags and the source
 * identity of a session AWS asks for both sides. It says so of chained roles and other accounts; of a user of the same
 * account it is not stated, and taken as the same.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export function needsIdentityPolicy(asked: EvaluationInput): boolean {
  return SESSION_EXTRAS.test(asked.action) && (asked.principal.kind === 'user' || asked.principal.kind === 'session');
}
