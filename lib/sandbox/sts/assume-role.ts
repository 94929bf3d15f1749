/**
 * AssumeRole, the operation that issues a lease.
 * Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
import { defined } from '@leasehold/contract/defined';
import { LEASE_ID_TAG } from '@leasehold/documents';
import { type Context, parseArn, sessionArn } from '@leasehold/policy';
import type { Account, Role } from '../account/model';
import type { Cloud } from '../cloud';
import { resourceTags, tagContext } from '../context';
import { type Caller, callerArn, parsed } from '../credentials/caller';
import type { Credentials } from '../credentials/credentials';
import { type Parameters, validate } from '../query/parameters';
import { type Operation, permit } from '../query/service';
import type { Need } from '../service-mapping';
import { AwsError } from '../wire/aws-error';
import type { Xml } from '../wire/xml';
import {
  EXTERNAL_ID,
  POLICY,
  ROLE_ARN,
  readDuration,
  readPolicyArns,
  readTags,
  SESSION_NAME,
  SOURCE_IDENTITY,
  type Tagging,
} from './constraints';
import { takeMfa } from './mfa';
import { packedSize } from './packed-size';
import { checkPolicyArns, checkSessionPolicy } from './session-policy';

/** Default duration of a session, in seconds. */
export const DEFAULT_DURATION = 3600;
/**
 * Maximum duration, in seconds, of a session that another role session creates:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
const LONGEST_CHAINED = 3600;

export const assumeRole: Operation = (call) => {
  const { caller, parameters, facts, cloud, draft } = call;
  const asked = readRequest(parameters);
  draft.requestParameters = describe(parameters);
  const tagging = inherit(caller, asked);
  const mfa = takeMfa(caller, parameters, facts.now, cloud);

  const found = findRole(asked.roleArn, cloud);
  const context: Context = {
    ...requestContext(asked, tagging),
    ...(found === undefined || cloud.violates('resource-tag-on-assume-role') ? {} : resourceTags(found.role)),
    ...(mfa ? mfaContext(cloud, facts.now) : {}),
    ...sessionNameContext(asked, cloud),
  };
  const needs = needsOf(asked.roleArn, tagging, { cloud, caller });
  // The message for a role that does not exist is the same as the message for a role that the caller may not assume.
  if (!found) throw denied(caller, asked.roleArn);
  try {
    permit(call, needs, context, parsed(found.role.trust, 'trust'));
  } catch (error) {
    if (mfa && cloud.violates('mfa-code-used-by-denial')) mfa.giveBack();
    throw error;
  }

  checkDuration(asked.duration, found.role, caller);
  checkPolicyArns(asked.policyArns, found.account);
  const size = packedSize({
    policies: asked.policy === undefined ? [] : [asked.policy],
    policyArns: asked.policyArns ?? [],
    tags: tagging.tags,
    cloud,
  });
  const issuedAt = Math.floor(facts.now / 1000);
  const credentials = cloud.sessions.issue({
    account: found.account.id,
    issuedAt,
    expiresAt: issuedAt + asked.duration,
    of: 'role',
    principalId: found.role.id,
    principalName: found.role.name,
    sessionName: asked.sessionName,
    ...defined({ sourceIdentity: tagging.sourceIdentity }),
    tags: cloud.violates('variable-without-value') ? { unset: '', ...tagging.tags } : tagging.tags,
    transitiveTagKeys: tagging.transitiveTagKeys,
    ...defined({ policy: asked.policy, policyArns: asked.policyArns }),
    ...(cloud.violates('policy-in-running-sessions') ? { keepsPolicies: true as const } : {}),
    ...(cloud.violates('role-tags-in-running-sessions') ? { roleTags: found.role.tags } : {}),
  });
  const assumedRoleUser = {
    AssumedRoleId: `${found.role.id}:${asked.sessionName}`,
    Arn: sessionArn(found.role.arn, asked.sessionName),
  };
  draft.responseElements = {
    credentials: credentials.toJSON(),
    assumedRoleUser: { assumedRoleId: assumedRoleUser.AssumedRoleId, arn: assumedRoleUser.Arn },
    packedPolicySize: size,
    ...defined({ sourceIdentity: tagging.sourceIdentity }),
  };
  return {
    SourceIdentity: tagging.sourceIdentity,
    AssumedRoleUser: assumedRoleUser,
    Credentials: credentialsXml(credentials),
    PackedPolicySize: size,
  };
};

/** Credentials in the form of an STS response. */
export function credentialsXml({ accessKeyId, secretAccessKey, sessionToken, expiration }: Credentials): Xml {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration,
  };
}

/** Finds a role by its ARN, which includes the path. */
export function findRole(arn: string, cloud: Cloud): { readonly account: Account; readonly role: Role } | undefined {
  const account = cloud.accounts.get(parseArn(arn)?.account ?? '');
  const role = account?.roles.get(arn.slice(arn.lastIndexOf('/') + 1));
  return account && role?.arn === arn ? { account, role } : undefined;
}

interface AssumeRoleParameters extends Tagging {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly duration: number;
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly externalId?: string;
  readonly sourceIdentity?: string;
}

/**
 * The content of the new session: the requested values, and the values that the session inherits from the caller's
 * session.
 */
interface Carried extends Tagging {
  readonly sourceIdentity?: string;
}

function readRequest(parameters: Parameters): AssumeRoleParameters {
  const { RoleArn = '', RoleSessionName = '', Policy, ExternalId, SourceIdentity } = parameters;
  validate(parameters, {
    RoleArn: ROLE_ARN,
    RoleSessionName: SESSION_NAME,
    Policy: POLICY,
    ExternalId: EXTERNAL_ID,
    SourceIdentity: SOURCE_IDENTITY,
  });
  if (SourceIdentity?.toLowerCase().startsWith('aws:')) {
    throw new AwsError(400, 'ValidationError', 'A source identity cannot begin with aws:.');
  }
  const duration = readDuration(parameters, [900, 43_200], DEFAULT_DURATION);
  const policyArns = readPolicyArns(parameters);
  checkSessionPolicy(Policy);
  return {
    roleArn: RoleArn,
    sessionName: RoleSessionName,
    duration,
    ...readTags(parameters),
    ...defined({ policy: Policy, policyArns, externalId: ExternalId, sourceIdentity: SourceIdentity }),
  };
}

/** Transitive tags and the source identity are inherited by the next session, unchanged. */
function inherit(caller: Caller, { tags, transitiveTagKeys, sourceIdentity }: AssumeRoleParameters): Carried {
  const { session } = caller;
  const handedOn = session?.transitiveTagKeys ?? [];
  const inherited = Object.fromEntries(
    Object.entries(session?.tags ?? {}).filter(([key]) => includesKey(handedOn, key)),
  );
  if (Object.keys(tags).some((key) => includesKey(handedOn, key))) {
    throw new AwsError(
      400,
      'InvalidParameterValue',
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const before = session?.sourceIdentity;
  if (before !== undefined && sourceIdentity !== undefined && sourceIdentity !== before) {
    throw new AwsError(
      403,
      'AccessDenied',
      'A session that was opened from another session cannot change the source identity.',
    );
  }
  const identity = before ?? sourceIdentity;
  return {
    tags: { ...inherited, ...tags },
    transitiveTagKeys: [...handedOn, ...transitiveTagKeys],
    ...defined({ sourceIdentity: identity }),
  };
}

function includesKey(keys: readonly string[], key: string): boolean {
  return keys.some((known) => known.toLowerCase() === key.toLowerCase());
}

function requestContext(asked: AssumeRoleParameters, { sourceIdentity }: Carried): Context {
  const keys = Object.keys(asked.tags);
  return {
    ...defined({ 'sts:ExternalId': asked.externalId, 'sts:SourceIdentity': sourceIdentity }),
    ...tagContext('aws:RequestTag', asked.tags),
    ...(keys.length === 0 ? {} : { 'aws:TagKeys': keys }),
    ...(asked.transitiveTagKeys.length === 0 ? {} : { 'sts:TransitiveTagKeys': asked.transitiveTagKeys }),
  };
}

/** The MFA condition keys for a call with a code. AWS documents neither the age nor the absence of an issue time. */
function mfaContext(cloud: Cloud, now: number): Context {
  return {
    ...(cloud.violates('mfa-present-on-assume-role') ? {} : { 'aws:MultiFactorAuthPresent': 'true' }),
    ...(cloud.violates('mfa-age-on-assume-role')
      ? {}
      : { 'aws:MultiFactorAuthAge': cloud.violates('mfa-age-is-small') ? '3600' : '0' }),
    ...(cloud.violates('no-issue-time-on-assume-role') ? { 'aws:TokenIssueTime': new Date(now).toISOString() } : {}),
  };
}

/** The condition key `sts:RoleSessionName`. A sandbox that violates an assumption gives it a different value. */
function sessionNameContext({ sessionName, tags }: AssumeRoleParameters, cloud: Cloud): Context {
  if (cloud.violates('session-name-variable')) return {};
  const compared = cloud.violates('session-name-compared') ? tags[LEASE_ID_TAG] : undefined;
  return { 'sts:RoleSessionName': compared ?? sessionName };
}

/**
 * The needs of a call. Tags and a source identity require separate permissions, even if a session only inherits them.
 */
function needsOf(
  roleArn: string,
  { tags, sourceIdentity }: Carried,
  { cloud, caller }: { readonly cloud: Cloud; readonly caller: Caller },
): readonly [Need, ...Need[]] {
  const need = (action: string): Need => ({ action, resource: roleArn, context: {} });
  const handedOn = caller.session?.sourceIdentity !== undefined && cloud.violates('source-identity-permission');
  return [
    need('sts:AssumeRole'),
    ...(Object.keys(tags).length > 0 ? [need('sts:TagSession')] : []),
    ...(sourceIdentity === undefined || handedOn ? [] : [need('sts:SetSourceIdentity')]),
  ];
}

function checkDuration(seconds: number, role: Role, caller: Caller): void {
  if (caller.kind === 'role' && seconds > LONGEST_CHAINED) {
    throw new AwsError(
      400,
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    );
  }
  if (seconds > role.maxSessionDuration) {
    throw new AwsError(
      400,
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
}

function denied(caller: Caller, roleArn: string): AwsError {
  const who = callerArn(caller);
  return new AwsError(
    403,
    'AccessDenied',
    `User: ${who} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );
}

/** The call for CloudTrail: all parameters except the MFA code. */
function describe(parameters: Parameters): Readonly<Record<string, unknown>> {
  const list = (name: string) => {
    const found: Record<string, Record<string, string>> = {};
    for (const [key, value] of Object.entries(parameters)) {
      const [, index, field] = new RegExp(`^${name}\\.member\\.(\\d+)(?:\\.(Key|Value|arn))?$`).exec(key) ?? [];
      if (index !== undefined) found[index] = { ...found[index], [(field ?? '').toLowerCase()]: value };
    }
    return Object.values(found);
  };
  const plain = {
    roleArn: parameters.RoleArn,
    roleSessionName: parameters.RoleSessionName,
    durationSeconds: parameters.DurationSeconds === undefined ? undefined : Number(parameters.DurationSeconds),
    policy: parameters.Policy,
    externalId: parameters.ExternalId,
    sourceIdentity: parameters.SourceIdentity,
    serialNumber: parameters.SerialNumber,
    tags: list('Tags'),
    transitiveTagKeys: list('TransitiveTagKeys').map((item) => item['']),
    policyArns: list('PolicyArns'),
  };
  return Object.fromEntries(
    Object.entries(plain).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
}
