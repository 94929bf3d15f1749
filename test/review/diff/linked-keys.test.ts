/** Context keys that speak of the same fact: a trust that asks for the stricter one is not wider. */
import { defined } from '@leasehold/contract/defined';
import type { Statement } from '@leasehold/policy';
import { widens } from '../../../lib/review/diff/demands';
import { impossibleCalls } from '../../../lib/review/diff/linked-keys';
import { reviewPlan } from '../../../lib/review/review-plan';
import { allow, aPlan, document, type EstateSpec } from './build';

const ACCOUNT = '123456789012';
const OTHER = '444455556666';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/ci`;

type Condition = Statement['Condition'];
const trust = (condition: Condition, principal: Statement['Principal'] = { AWS: `arn:aws:iam::${ACCOUNT}:root` }) =>
  document({
    Effect: 'Allow',
    ...defined({ Principal: principal }),
    Action: 'sts:AssumeRole',
    ...defined({ Condition: condition }),
  });

const MFA: Condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
const AGE: Condition = { NumericLessThan: { 'aws:MultiFactorAuthAge': '900' } };
const IN_ACCOUNT: Condition = { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } };
const IS_ROLE: Condition = { ArnEquals: { 'aws:PrincipalArn': ROLE } };

test.each<readonly [name: string, before: Condition, after: Condition, wider: boolean]>([
  ['MFA, then a fresh MFA', MFA, AGE, false],
  ['MFA, then both', MFA, { ...MFA, ...AGE }, false],
  ['a fresh MFA, then any', AGE, MFA, true],
  [
    'MFA, then a fresh MFA if there is an age',
    MFA,
    { NumericLessThanIfExists: { 'aws:MultiFactorAuthAge': '900' } },
    true,
  ],
  ['an account, then a role of it', IN_ACCOUNT, IS_ROLE, false],
  ['a role, then its account', IS_ROLE, IN_ACCOUNT, true],
  [
    'ARNs of an account, then the account',
    { ArnLike: { 'aws:PrincipalArn': `arn:*:*:*:${ACCOUNT}:*` } },
    IN_ACCOUNT,
    false,
  ],
  [
    'an account, then a role of another',
    IN_ACCOUNT,
    { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}:role/ci` } },
    false,
  ],
  [
    'encryption, then encryption if it is told',
    { Bool: { 'aws:SecureTransport': 'true' } },
    { BoolIfExists: { 'aws:SecureTransport': 'true' } },
    false,
  ],
  ['encryption, then none', { Bool: { 'aws:SecureTransport': 'true' } }, undefined, true],
  [
    'a moment, then a moment if it is told',
    { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
    { DateLessThanIfExists: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
    false,
  ],
  [
    'a session by its kind, then by its token',
    { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } },
    { StringEquals: { 'aws:PrincipalType': 'AssumedRole' }, Null: { 'aws:TokenIssueTime': 'false' } },
    false,
  ],
])('%s', (_, before, after, wider) => {
  expect(widens({ trust: trust(before) }, { trust: trust(after) }, {})).toBe(wider);
});

test.each<readonly [name: string, principal: Statement['Principal'], condition: Condition, somebody: boolean]>([
  ['an account and the id of another', { AWS: OTHER }, IN_ACCOUNT, false],
  ['an account and its id', { AWS: ACCOUNT }, IN_ACCOUNT, true],
  ['a role and the ARN of another', { AWS: `arn:aws:iam::${ACCOUNT}:role/other` }, IS_ROLE, false],
  ['a role and its ARN', { AWS: ROLE }, IS_ROLE, true],
  ['a role and a long-term key', { AWS: ROLE }, { Null: { 'aws:TokenIssueTime': 'true' } }, false],
  [
    'a user and a long-term key',
    { AWS: `arn:aws:iam::${ACCOUNT}:user/ci` },
    { Null: { 'aws:TokenIssueTime': 'true' } },
    true,
  ],
  ['a session and the ARN of its role', { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/ci/one` }, IS_ROLE, true],
  ['a session and the ARN of another role', { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/other/one` }, IS_ROLE, false],
  [
    'everybody, an account and the ARN of another',
    '*',
    { ...IS_ROLE, StringEquals: { 'aws:PrincipalAccount': OTHER } },
    false,
  ],
])('who %s is let in: %s', (_, principal, condition, somebody) => {
  const nobody: Statement = { Effect: 'Deny', Principal: '*', Action: 'sts:*' };
  const let_in = trust(condition, principal);
  const closed = document(...[let_in.Statement].flat(), nobody);
  expect(widens({ trust: closed }, { trust: let_in }, {})).toBe(somebody);
});

test('a permission that asks for a fresh MFA where it asked for MFA gains nothing', async () => {
  const stop = (condition: Condition): EstateSpec => ({
    identities: {
      ops: { policies: [[allow('ec2:StopInstances', '*', condition === undefined ? {} : { Condition: condition })]] },
    },
  });
  const of = async (before: Condition, after: Condition) =>
    (await reviewPlan(aPlan(stop(before), stop(after)), { today: '2026-11-22' })).identities.map(
      ({ permissions }) => permissions.kind,
    );
  expect(await of(MFA, AGE)).toEqual(['narrowed']);
  expect(await of(AGE, MFA)).toEqual(['widened']);
});

test('what no policy speaks of adds nothing to a comparison', () => {
  expect(impossibleCalls([trust(undefined)])).toEqual([]);
});
