/**
 * Global condition keys.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
import { defined } from '@leasehold/contract/defined';
import type { Context } from '@leasehold/policy';
import { type Caller, callerId } from './credentials/caller';
import type { Headers } from './wire/protocol';

/** Facts about how a request was sent. Condition keys use these facts. */
export interface RequestFacts {
  readonly sourceIp: string;
  readonly region: string;
  readonly headers: Headers;
  /** The time of the sandbox's clock, in milliseconds since 1970. */
  readonly now: number;
}

/**
 * The condition keys of every request. `aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalType`, `aws:username`
 * and `aws:ResourceAccount` are not included, because the policy engine derives them.
 *
 * `aws:SecureTransport` is true: the sandbox takes the place of AWS's endpoints, which use TLS.
 */
export function globalContext(caller: Caller | undefined, { sourceIp, region, headers, now }: RequestFacts): Context {
  const agent = headers['user-agent'];
  const referer = headers.referer;
  return {
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:SecureTransport': 'true',
    'aws:SourceIp': sourceIp,
    'aws:RequestedRegion': region,
    'aws:ViaAWSService': 'false',
    ...defined({ 'aws:UserAgent': agent, 'aws:Referer': referer }),
    ...(caller === undefined ? {} : callerContext(caller, now)),
  };
}

function callerContext(caller: Caller, now: number): Context {
  const { session } = caller;
  return {
    'aws:userid': callerId(caller),
    ...tagContext('aws:PrincipalTag', principalTags(caller)),
    ...(session === undefined ? {} : sessionContext(caller, session, now)),
  };
}

/**
 * Condition keys of requests with temporary credentials. Requests with a long-term key have neither the issue time nor
 * the MFA keys in their context.
 */
function sessionContext(caller: Caller, session: NonNullable<Caller['session']>, now: number): Context {
  const mfa = caller.kind === 'user' ? session.mfaAt : undefined;
  return {
    ...(session.withoutIssueTime ? {} : { 'aws:TokenIssueTime': new Date(session.issuedAt * 1000).toISOString() }),
    // A role session never has MFA, even if MFA was required to create it. The key exists with the value false.
    'aws:MultiFactorAuthPresent': String(mfa !== undefined),
    ...(mfa === undefined ? {} : { 'aws:MultiFactorAuthAge': String(Math.floor(now / 1000) - mfa) }),
    ...defined({ 'aws:SourceIdentity': session.sourceIdentity, 'aws:FederatedProvider': session.federatedProvider }),
  };
}

/**
 * The caller's tags: the tags of the user or role, overridden by the session tags. Keys are case-insensitive. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function principalTags(caller: Caller): Readonly<Record<string, string>> {
  const own = caller.kind === 'user' ? caller.user.tags : (caller.session.roleTags ?? caller.role.tags);
  const session = caller.session?.tags ?? {};
  const overridden = new Set(Object.keys(session).map((key) => key.toLowerCase()));
  return {
    ...Object.fromEntries(Object.entries(own).filter(([key]) => !overridden.has(key.toLowerCase()))),
    ...session,
  };
}

/** Tags as condition keys, for example `aws:RequestTag/reason`. */
export function tagContext(prefix: string, tags: Readonly<Record<string, string>>): Context {
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));
}

/** The tags of the role to which a call applies, under both condition key names that policies can use. */
export function resourceTags({ tags }: { readonly tags: Readonly<Record<string, string>> }): Context {
  return { ...tagContext('iam:ResourceTag', tags), ...tagContext('aws:ResourceTag', tags) };
}
