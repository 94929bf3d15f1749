/**
 * AssumeRoleWithWebIdentity: an unsigned call whose token proves the caller's identity.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
import { defined } from '@leasehold/contract/defined';
import { type Context, evaluate, sessionArn } from '@leasehold/policy';
import type { Account } from '../account/model';
import { decisionOf } from '../authorize';
import type { Cloud } from '../cloud';
import { globalContext, type RequestFacts, resourceTags } from '../context';
import { parsed } from '../credentials/caller';
import type { EventDraft } from '../log';
import { type Parameters, validate } from '../query/parameters';
import { AwsError } from '../wire/aws-error';
import type { Xml } from '../wire/xml';
import { credentialsXml, DEFAULT_DURATION, findRole } from './assume-role';
import { POLICY, ROLE_ARN, readDuration, readPolicyArns, SESSION_NAME } from './constraints';
import type { Claims } from './issuer';
import { packedSize } from './packed-size';
import { checkPolicyArns, checkSessionPolicy } from './session-policy';

/** An unsigned call. */
export interface UnsignedCall {
  readonly cloud: Cloud;
  readonly parameters: Parameters;
  readonly facts: RequestFacts;
  readonly draft: EventDraft;
}

/** Exchanges a token for a role session. */
export function assumeRoleWithWebIdentity({ cloud, parameters, facts, draft }: UnsignedCall): Xml {
  const {
    RoleArn: roleArn = '',
    RoleSessionName: sessionName = '',
    WebIdentityToken: token,
    Policy: policy,
  } = parameters;
  draft.eventName = 'AssumeRoleWithWebIdentity';
  draft.requestParameters = { roleArn, roleSessionName: sessionName };
  validate(parameters, {
    RoleArn: ROLE_ARN,
    RoleSessionName: SESSION_NAME,
    WebIdentityToken: { required: true, length: [4, 20_000], secret: true },
    Policy: POLICY,
  });
  const duration = readDuration(parameters, [900, 43_200], DEFAULT_DURATION);
  const policyArns = readPolicyArns(parameters);
  checkSessionPolicy(policy);

  const found = findRole(roleArn, cloud);
  if (!found) throw notAuthorized();
  const claims = checkToken(token ?? '', found.account, cloud, facts.now);
  const issuer = claims.iss.replace(/^https:\/\//, '');
  const provider = found.account.arn(`oidc-provider/${issuer}`);
  draft.userIdentity = {
    type: 'WebIdentityUser',
    principalId: `${provider}:${audienceOf(claims)}:${claims.sub}`,
    userName: claims.sub,
    identityProvider: provider,
  };
  const verdict = evaluate(
    {
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: roleArn,
      principal: { kind: 'web-identity', provider },
      context: {
        ...globalContext(undefined, facts),
        ...claimContext(issuer, claims),
        'sts:RoleSessionName': sessionName,
        ...resourceTags(found.role),
      },
    },
    { identity: [], resource: parsed(found.role.trust, 'trust') },
  );
  draft.decisions.push(decisionOf(verdict, { names: [] }));
  if (verdict.outcome !== 'allowed') throw notAuthorized();
  if (duration > found.role.maxSessionDuration) {
    throw new AwsError(
      400,
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
  checkPolicyArns(policyArns, found.account);
  const size = packedSize({
    policies: policy === undefined ? [] : [policy],
    policyArns: policyArns ?? [],
    tags: {},
    cloud,
  });
  const issuedAt = Math.floor(facts.now / 1000);
  const credentials = cloud.sessions.issue({
    account: found.account.id,
    issuedAt,
    expiresAt: issuedAt + duration,
    of: 'role',
    principalId: found.role.id,
    principalName: found.role.name,
    sessionName,
    federatedProvider: provider,
    ...defined({ policy, policyArns }),
  });
  const user = { AssumedRoleId: `${found.role.id}:${sessionName}`, Arn: sessionArn(found.role.arn, sessionName) };
  draft.responseElements = { credentials: credentials.toJSON(), subjectFromWebIdentityToken: claims.sub, provider };
  return {
    SubjectFromWebIdentityToken: claims.sub,
    Audience: audienceOf(claims),
    AssumedRoleUser: user,
    Credentials: credentialsXml(credentials),
    Provider: provider,
    PackedPolicySize: size,
  };
}

function checkToken(token: string, account: Account, cloud: Cloud, now: number): Claims {
  const claims = cloud.issuer.read(token);
  if (!claims)
    throw invalidToken(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  const audiences = account.providers.get(claims.iss.replace(/^https:\/\//, ''));
  if (!audiences) throw invalidToken(`No OpenIDConnect provider found in your account for ${claims.iss}`);
  const seconds = Math.floor(now / 1000);
  if (seconds >= claims.exp) {
    throw new AwsError(
      400,
      'ExpiredTokenException',
      `Token expired: current date/time ${seconds} must be before the expiration date/time ${claims.exp}`,
    );
  }
  // The token must not be issued in the future. Otherwise tokens would be valid too early if the clock was set back.
  if (claims.iat > seconds + 300) throw invalidToken('Token is not yet valid');
  if (!audiences.includes(audienceOf(claims))) throw invalidToken('Incorrect token audience');
  return claims;
}

/** STS accepts one audience. For a token with several, the first one is used. */
function audienceOf({ aud }: Claims): string {
  return typeof aud === 'string' ? aud : (aud[0] ?? '');
}

/** The claims that STS provides as condition keys, `issuer:claim`. */
function claimContext(issuer: string, claims: Claims): Context {
  const taken = Object.entries({ ...claims, aud: audienceOf(claims) }).filter(
    (entry): entry is [string, string] => CLAIMS.has(entry[0]) && typeof entry[1] === 'string',
  );
  return Object.fromEntries(taken.map(([claim, value]) => [`${issuer}:${claim}`, value]));
}

/**
 * `aud`, `sub`, `amr`, and the claims that STS added for GitHub:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
const CLAIMS: ReadonlySet<string> = new Set([
  'aud',
  'sub',
  'amr',
  'actor',
  'actor_id',
  'job_workflow_ref',
  'repository',
  'repository_id',
  'repository_owner_id',
  'workflow',
  'ref',
  'environment',
]);

function invalidToken(message: string): AwsError {
  return new AwsError(400, 'InvalidIdentityToken', message);
}

function notAuthorized(): AwsError {
  return new AwsError(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity');
}
