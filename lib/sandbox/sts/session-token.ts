/** The operations GetSessionToken, GetCallerIdentity and GetAccessKeyInfo. */
import { defined } from '@leasehold/contract/defined';
import { accountOf } from '../account/ids';
import { callerArn, callerId } from '../credentials/caller';
import { validate } from '../query/parameters';
import { type Operation, permit } from '../query/service';
import { AwsError } from '../wire/aws-error';
import { credentialsXml } from './assume-role';
import { readDuration } from './constraints';
import { takeMfa } from './mfa';

/**
 * This call is always permitted for a user's long-term key. No policy can deny the call, so trust policies must not
 * accept the credentials that it returns. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export const getSessionToken: Operation = (call) => {
  const { caller, parameters, facts, cloud, draft } = call;
  const { SerialNumber: serialNumber } = parameters;
  if (caller.kind !== 'user' || caller.session) {
    throw new AwsError(403, 'AccessDenied', 'Cannot call GetSessionToken with session credentials');
  }
  const duration = readDuration(parameters, [900, 129_600], 43_200);
  draft.requestParameters = { durationSeconds: duration, ...defined({ serialNumber }) };
  const mfa = takeMfa(caller, parameters, facts.now, cloud);
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
    ...(cloud.violates('issue-time-of-session-token') ? { withoutIssueTime: true as const } : {}),
  });
  draft.responseElements = { credentials: credentials.toJSON() };
  return { Credentials: credentialsXml(credentials) };
};

/**
 * This call does not require any permission:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
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
