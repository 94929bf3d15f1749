/** Rules of individual AWS services that policies do not contain. */
import type { EvaluationInput, Principal } from './request';

/** An AWS rule that determines the decision on a request, alone or together with the policies. */
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

/** Actions that only an endpoint policy can deny. */
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

/** Calls that AWS rejects regardless of the policies, and calls for which this engine cannot make a decision. */
const REFUSED: readonly Row[] = [
  {
    id: 'long-term-key-needed',
    text: 'sts:GetSessionToken and sts:GetFederationToken accept only the long-term key of a user.',
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
    text: 'A caller with a web identity token or a SAML assertion must use AssumeRoleWithWebIdentity or AssumeRoleWithSAML. Every other caller must use AssumeRole.',
    source: STS_COMPARISON,
    holds: ({ action, principal }) => {
      const way = WAYS[principal.kind];
      return way === undefined ? /^sts:assumerolewith/.test(action) : action !== way && !SESSION_EXTRAS.test(action);
    },
  },
  {
    id: 'session-token-and-sts',
    text: 'Credentials from GetSessionToken can call only the STS actions AssumeRole, GetScopedCredentials and GetCallerIdentity.',
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
    text: 'Credentials from GetSessionToken can call IAM only if they were obtained with MFA.',
    source: STS_COMPARISON,
    holds: (asked) =>
      asked.principal.kind === 'user' &&
      asked.action.startsWith('iam:') &&
      !hasLongTermKey(asked) &&
      asked.value('aws:MultiFactorAuthPresent') !== 'true',
  },
  {
    id: 'federation-token-and-iam',
    text: 'Credentials from GetFederationToken cannot call any IAM action, and can call only the STS actions GetScopedCredentials and GetCallerIdentity.',
    source: STS_COMPARISON,
    holds: ({ action, principal }) =>
      principal.kind === 'federated-user' && /^(sts|iam):/.test(action) && action !== 'sts:getscopedcredentials',
  },
  {
    id: 'scoping-needs-a-session',
    text: 'sts:GetScopedCredentials accepts only temporary credentials: of a role, of a federated user, or from GetSessionToken.',
    source:
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getscopedcredentials.html',
    holds: (asked) =>
      asked.action === 'sts:getscopedcredentials' &&
      (hasLongTermKey(asked) || !MAY_HAVE_SESSION.has(asked.principal.kind)),
  },
  {
    id: 'aws-managed-policy',
    text: 'Only AWS can change, tag or delete an AWS-managed policy.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html',
    holds: ({ action, resource }) => CHANGES_POLICY.test(action) && AWS_MANAGED.test(resource),
  },
  {
    id: 'assume-root-not-covered',
    text: 'sts:AssumeRoot follows its own rules, which this engine does not implement.',
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html',
    holds: ({ action }) => action === 'sts:assumeroot',
  },
  {
    id: 'unsigned-request',
    text: 'Only S3, SNS, SQS and Lambda function URLs are known to accept unsigned requests.',
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

/** The rule that permits the call regardless of the caller's, the resource's and the organization's policies. */
export function freeBy(asked: EvaluationInput): ServiceRule | undefined {
  return asked.action.startsWith('sts:') ? FREE.find((rule) => rule.holds(asked)) : undefined;
}

/** The rule that makes AWS reject the call regardless of the policies. */
export function refusedBy(asked: EvaluationInput): ServiceRule | undefined {
  const { kind } = asked.principal;
  const special =
    /^(sts|iam):/.test(asked.action) || kind === 'anonymous' || kind === 'web-identity' || kind === 'saml';
  return special ? REFUSED.find((rule) => rule.holds(asked)) : undefined;
}

/**
 * Whether the resource's own policy must also allow, within one account. This applies to a role that is assumed and to
 * a KMS key.
 * Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * ("IAM role trust policies and AWS KMS key policies are exceptions to this logic")
 */
export function needsResourcePolicy(asked: EvaluationInput): boolean {
  return ASSUMING.test(asked.action) || (asked.action.startsWith('kms:') && KMS_KEY.test(asked.resource));
}

const KMS_KEY = /^arn:[a-z-]+:kms:[^:]*:[^:]*:key\//;

/**
 * Whether the caller's own policies must also allow, although the trust policy names the caller. For session tags and
 * the source identity AWS requires both. AWS documents this rule for role chaining and for other accounts. For a user
 * in the same account, the same rule is assumed, because AWS documents nothing else. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
export function needsIdentityPolicy(asked: EvaluationInput): boolean {
  return SESSION_EXTRAS.test(asked.action) && (asked.principal.kind === 'user' || asked.principal.kind === 'session');
}
