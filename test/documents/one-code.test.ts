/** What one code opens, by either condition of the trust policy: a decision table of callers. */
import { trust } from '@leasehold/documents';
import { type Context, checkSize, evaluate, type Principal, prepare } from '@leasehold/policy';
import type { Environment } from '../../lib/definitions/model';
import { anEnvironment, aReleaseRole } from '../support/environment';

const ROLE = aReleaseRole();
const RESOURCE = 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy';
const AGENT: Principal = { kind: 'user', arn: 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent' };
const SESSION: Context = {
  'aws:username': 'hermes-dev-agent',
  'sts:RoleSessionName': 'lh-1',
  'sts:SourceIdentity': 'hermes-dev-agent',
  'aws:RequestTag/lease-id': 'lh-1',
  'aws:RequestTag/reason': 'Upload release 1.4.2',
  'aws:RequestTag/param.release': '1.4.2',
  'aws:TagKeys': ['lease-id', 'reason', 'param.release'],
};
const ISSUED = '2026-11-30T08:00:00Z';

const MFA = (age: string): Context => ({ 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': age });

/** Whether the call opens the role, by the default and by the alternative. */
const CALLS: readonly (readonly [string, Context, boolean, boolean])[] = [
  ['a key with a code on the call', MFA('0'), true, true],
  [
    'a key with a code, where AWS gives the time of a token too',
    { ...MFA('0'), 'aws:TokenIssueTime': ISSUED },
    false,
    true,
  ],
  ['a key with a code, where AWS gives no age', { 'aws:MultiFactorAuthPresent': 'true' }, true, false],
  ['a session that a code opened a moment ago', { ...MFA('59'), 'aws:TokenIssueTime': ISSUED }, false, true],
  ['a session that a code opened a minute ago', { ...MFA('60'), 'aws:TokenIssueTime': ISSUED }, false, false],
  ['a session that a code opened yesterday', { ...MFA('86400'), 'aws:TokenIssueTime': ISSUED }, false, false],
  ['a session without a code', { 'aws:MultiFactorAuthPresent': 'false', 'aws:TokenIssueTime': ISSUED }, false, false],
  ['a key without a code', {}, false, false],
  ['an age without MFA', { 'aws:MultiFactorAuthAge': '0' }, false, false],
  ['an age that is no number', { ...MFA('soon') }, false, false],
];

function opens(mfa: Environment['mfa'], context: Context): boolean {
  const environment = anEnvironment({ roles: [ROLE], ...(mfa === undefined ? {} : { mfa }) });
  const policies = prepare({ trust: trust(ROLE, environment) });
  const request = { action: 'sts:AssumeRole', resource: RESOURCE, principal: AGENT };
  return evaluate({ ...request, context: { ...SESSION, ...context } }, policies).outcome === 'allowed';
}

it.each(CALLS)('%s', (_, context, byDefault, byAge) => {
  expect(opens(undefined, context)).toBe(byDefault);
  expect(opens({ oneCodeOneLease: 'token-issue-time' }, context)).toBe(byDefault);
  expect(opens({ oneCodeOneLease: 'code-age' }, context)).toBe(byAge);
});

it('is the same document by default and where it is written out', () => {
  const written = anEnvironment({ roles: [ROLE], mfa: { oneCodeOneLease: 'token-issue-time' } });
  expect(trust(ROLE, written)).toEqual(trust(ROLE, anEnvironment({ roles: [ROLE] })));
});

it('is no longer with the alternative', () => {
  const size = (environment: Environment) => checkSize('trust-policy', trust(ROLE, environment)).size;
  const other = anEnvironment({ roles: [ROLE], mfa: { oneCodeOneLease: 'code-age' } });
  expect(size(other)).toBeLessThan(size(anEnvironment({ roles: [ROLE] })));
});
