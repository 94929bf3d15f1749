/** The operations GetSessionToken, GetScopedCredentials, GetCallerIdentity and GetAccessKeyInfo. */
import { defined } from '@leasehold/contract/defined';
import { accountOf } from '../account/ids';
import { callerArn, callerId } from '../credentials/caller';
import { validate } from '../query/parameters';
import { type Operation, permit } from '../query/service';
import { AwsError } from '../wire/aws-error';
import { credentialsXml } from './assume-role';
import { POLICY, readDuration } from './constraints';
import { takeMfa } from './mfa';
import { packedSize } from './packed-size';
import { checkSessionPolicy } from './session-policy';

/**
 * Always permitted for a user's long-term key. No policy can deny it, so trust policies must exclude the credentials
 * that it returns.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export const getSessionToken: Operation = (call) => {
  const { caller, parameters, facts, cloud, draft } = call;
  const { SerialNumber: serialNumber } = parameters;
  if (caller.kind !== 'user' || caller.session) {
    throw new AwsError(403, 'AccessDenied', 'Cannot call GetSessionToken with session credentials');
  }
  const duration = readDuration(parameters, [900, 129_600], 43_200);
  draft.requestParameters = { durationSeconds: duration, ...defined({ serialNumber }) };
  const mfa = takeMfa(caller, parameters, facts.now);
  permit(call, [{ action: 'sts:GetSessionToken', resource: '*', context: {} }]);
  const issuedAt = Math.floor(facts.now / 1000);
  const credentials = cloud.sessions.issue({
    account: caller.account.id,
    issuedAt,
    expiresAt: issuedAt + duration,
    of: 'user',
    principalId: caller.user.id,
    principalName: caller.user.name,
    ...(mfa ? { mfaAt: issuedAt } : {}),
  });
  draft.responseElements = { credentials: credentials.toJSON() };
  return { Credentials: credentialsXml(credentials) };
};

/**
 * Issues credentials with fewer permissions from a role session. They never last longer or permit more. It is inferred
 * that the caller's policies must allow the call, and the response format is inferred too.
 */
export const getScopedCredentials: Operation = (call) => {
  const { caller, parameters, facts, cloud, draft } = call;
  const { Policy: policy } = parameters;
  if (caller.kind !== 'role') {
    throw new AwsError(
      403,
      'AccessDenied',
      'Cannot call GetScopedCredentials without the credentials of a role session',
    );
  }
  if (/^sts\.amazonaws\.com(\.cn)?$/.test(facts.headers.host ?? '')) {
    throw new AwsError(400, 'ValidationError', 'Only regional endpoints support GetScopedCredentials.');
  }
  validate({ Policy: policy }, { Policy: POLICY });
  checkSessionPolicy(policy);
  const now = Math.floor(facts.now / 1000);
  const left = caller.session.expiresAt - now;
  const duration = readDuration(parameters, [1, 129_600], left);
  draft.requestParameters = { durationSeconds: duration, ...defined({ policy }) };
  permit(call, [{ action: 'sts:GetScopedCredentials', resource: '*', context: {} }]);
  const scopeDown = [...(caller.session.scopeDown ?? []), ...(policy === undefined ? [] : [policy])];
  const { session } = caller;
  const size = packedSize({
    policies: [...(session.policy === undefined ? [] : [session.policy]), ...scopeDown],
    policyArns: session.policyArns ?? [],
    tags: session.tags ?? {},
  });
  const credentials = cloud.sessions.issue({
    ...session,
    expiresAt: Math.min(now + duration, session.expiresAt),
    ...(scopeDown.length === 0 ? {} : { scopeDown }),
  });
  draft.responseElements = { credentials: credentials.toJSON(), packedPolicySize: size };
  return { Credentials: credentialsXml(credentials), PackedPolicySize: size };
};

/** Needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const getCallerIdentity: Operation = (call) => {
  permit(call, [{ action: 'sts:GetCallerIdentity', resource: '*', context: {} }]);
  const { caller } = call;
  return { Arn: callerArn(caller), UserId: callerId(caller), Account: caller.account.id };
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html */
export const getAccessKeyInfo: Operation = (call) => {
  const { AccessKeyId: accessKeyId } = call.parameters;
  validate({ AccessKeyId: accessKeyId }, { AccessKeyId: { required: true, length: [16, 128], pattern: /^\w*$/ } });
  call.draft.requestParameters = { accessKeyId };
  permit(call, [{ action: 'sts:GetAccessKeyInfo', resource: '*', context: {} }]);
  const account = accountOf(accessKeyId ?? '');
  if (account === undefined) throw new AwsError(400, 'ValidationError', 'Invalid Access Key ID');
  return { Account: account };
};
