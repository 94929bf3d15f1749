/**
 * The sandbox's assumptions about undocumented behavior of AWS. A test can create a sandbox that violates one of these
 * assumptions. In such a sandbox, tools that check the assumptions must detect the violation.
 */

/** The assumptions, each with the sandbox's behavior if the assumption is violated. */
export const ASSUMPTIONS = {
  'mfa-present-on-assume-role': 'AssumeRole with a code has no MFA keys in its request context',
  'no-issue-time-on-assume-role': 'AssumeRole with a code has the key aws:TokenIssueTime',
  'mfa-age-on-assume-role': 'AssumeRole with a code has no key aws:MultiFactorAuthAge',
  'mfa-age-is-small': 'aws:MultiFactorAuthAge of AssumeRole with a code is an hour',
  'any-mfa-device': "STS accepts only the codes of a user's first MFA device",
  'mfa-code-once': 'a code can be used again',
  'mfa-code-used-by-denial': 'a code can be used again after a denied call',
  'mfa-code-window': 'STS accepts only the code of the current 30 seconds',
  'issue-time-of-session-token': 'credentials of GetSessionToken have no key aws:TokenIssueTime',
  'session-name-variable': 'the trust policy cannot compare sts:RoleSessionName with a variable: it never matches',
  'session-name-compared': 'the trust policy matches every sts:RoleSessionName',
  'resource-tag-on-assume-role': 'AssumeRole has no tags of the role in its request context',
  'source-identity-permission': 'a chained session passes its source identity on without sts:SetSourceIdentity',
  'role-tags-in-running-sessions': 'a session has the tags that its role had when the session began',
  'policy-in-running-sessions': 'a session has the policies that its role had when it was first used',
  'packed-size': 'PackedPolicySize is twice the estimate',
  'scoped-needs-allow': 'GetScopedCredentials needs no allow',
  'scoped-policy-size': 'a scope-down policy can have 1,024 characters',
  'scoped-chain': 'a session can have one scope-down policy',
  'scoped-intersection': 'a scope-down policy replaces the one before it',
  'scoped-issue-time': 'aws:TokenIssueTime of scoped credentials is the time of GetScopedCredentials',
  'scoped-lifetime': 'scoped credentials last as long as the credentials that they were made with',
  'variable-without-value': 'the variable ${aws:PrincipalTag/unset} of a session without this tag is an empty text',
  'account-quotas': 'a trust policy can have 1,024 characters, and an account 500 roles',
  's3-prefix': 'ListObjectsV2 without a prefix, or with an empty one, needs no permission',
  'leading-keys': 'the batch operations of DynamoDB have no key dynamodb:LeadingKeys',
  'scan-without-leading-keys': "a scan has the key dynamodb:LeadingKeys, with a parameter of the caller's lease",
} as const;

/** An assumption of the sandbox about AWS. */
export type Assumption = keyof typeof ASSUMPTIONS;
