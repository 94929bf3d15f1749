/**
 * GetScopedCredentials: fewer permissions, a shorter time, or both, for a session that its caller already has. Sources:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html and the service model of
 * @aws-sdk/client-sts 3.1177. Inferred: that the caller's policies must allow the call, the codes and texts of the
 * refusals, the form of `ScopedSessionId`, and that padding for `MinimumSessionTokenSize` is only in the token.
 */
import { defined } from '@leasehold/contract/defined';
import { callerArn } from '../credentials/caller';
import { type Constraint, validate } from '../query/parameters';
import { type Operation, permit } from '../query/service';
import { AwsError } from '../wire/aws-error';
import { credentialsXml } from './assume-role';
import { POLICY, readDuration } from './constraints';
import { packedSize } from './packed-size';
import { checkSessionPolicy } from './session-policy';

/** Maximum number of scope-down policies that one session can have. */
const MOST_SCOPE_DOWN_POLICIES = 3;
const DESCRIPTION: Constraint = { length: [0, 256] };
const TOKEN_SIZE: Constraint = { range: [0, 4096] };

/**
 * Accepts the credentials of a role session and the credentials from GetSessionToken. The sandbox does not issue
 * federated sessions.
 */
export const getScopedCredentials: Operation = (call) => {
  const { caller, parameters, facts, cloud, draft } = call;
  const {
    Policy: policy,
    DurationSeconds: asked,
    ScopedSessionDescription: description,
    MinimumSessionTokenSize: size,
  } = parameters;
  const { session } = caller;
  if (session === undefined) {
    throw new AwsError(403, 'AccessDenied', 'Cannot call GetScopedCredentials with IAM user credentials');
  }
  if (/^sts\.amazonaws\.com(\.cn)?$/.test(facts.headers.host ?? '')) {
    throw new AwsError(400, 'ValidationError', 'Only regional endpoints support GetScopedCredentials.');
  }
  if (policy === undefined && asked === undefined) {
    throw new AwsError(400, 'ValidationError', 'At least one of Policy and DurationSeconds must be specified.');
  }
  validate(
    { Policy: policy, ScopedSessionDescription: description, MinimumSessionTokenSize: size },
    {
      Policy: cloud.violates('scoped-policy-size') ? { ...POLICY, length: [1, 1024] } : POLICY,
      ScopedSessionDescription: DESCRIPTION,
      MinimumSessionTokenSize: TOKEN_SIZE,
    },
  );
  checkSessionPolicy(policy);
  const now = Math.floor(facts.now / 1000);
  const left = session.expiresAt - now;
  const duration = readDuration(parameters, [1, 129_600], left);
  draft.requestParameters = {
    durationSeconds: duration,
    ...defined({ policy, scopedSessionDescription: description }),
  };
  if (!cloud.violates('scoped-needs-allow')) {
    permit(call, [{ action: 'sts:GetScopedCredentials', resource: '*', context: {} }]);
  }
  if (duration > left) {
    const message = `The requested DurationSeconds exceeds the ${left} seconds that the calling session has left.`;
    throw new AwsError(400, 'InsufficientSessionLifetime', message);
  }
  const before = cloud.violates('scoped-intersection') && policy !== undefined ? [] : (session.scopeDown ?? []);
  const scopeDown = [...before, ...(policy === undefined ? [] : [policy])];
  const most = cloud.violates('scoped-chain') ? 1 : MOST_SCOPE_DOWN_POLICIES;
  if (policy !== undefined && scopeDown.length > most) {
    const message = `A session can have at most ${most} scope-down policies.`;
    throw new AwsError(403, 'AccessDenied', message);
  }
  const percent = packedSize({
    policies: [...(session.policy === undefined ? [] : [session.policy]), ...scopeDown],
    policyArns: session.policyArns ?? [],
    tags: session.tags ?? {},
    cloud,
  });
  const credentials = cloud.sessions.issue({
    ...session,
    ...(cloud.violates('scoped-issue-time') ? { issuedAt: now } : {}),
    expiresAt: cloud.violates('scoped-lifetime') ? session.expiresAt : now + duration,
    ...(scopeDown.length === 0 ? {} : { scopeDown }),
  });
  const sessionInfo = { scopedSessionId: credentials.accessKeyId, arn: callerArn(caller) };
  draft.responseElements = { credentials: credentials.toJSON(), sessionInfo };
  return {
    Credentials: credentialsXml(credentials),
    SessionInfo: { ScopedSessionId: sessionInfo.scopedSessionId, Arn: sessionInfo.arn },
    SessionTokenUtilization: percent,
    SessionTokenSize: credentials.sessionToken?.length ?? 0,
    ScopedPoliciesCount: scopeDown.length,
    ...defined({ SourceIdentity: session.sourceIdentity }),
  };
};
