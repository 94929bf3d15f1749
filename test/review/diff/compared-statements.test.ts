/** Old and new statements, side by side, where a finding is about their policy. */
import type { Statement } from '@leasehold/policy';
import { statementRows } from '../../../lib/review/render/statement-rows';
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, aPlan, type EstateSpec } from './build';

const USER = { AWS: `arn:aws:iam::${ACCOUNT}:user/ci` };
const statement = (more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Principal: USER,
  Action: 'sts:AssumeRole',
  ...more,
});
const role = (...trust: readonly Statement[]): EstateSpec => ({ identities: { deploy: { trust } } });
const compared = async (before: EstateSpec, after: EstateSpec) =>
  (await reviewPlan(aPlan(before, after), { today: '2026-11-22' })).statements;

const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
const OTHER = statement({ Sid: 'Other', Principal: { Service: 'ec2.amazonaws.com' } });

test('a statement that lost a condition stands beside what it was; what stays is left out', async () => {
  const [before, after] = [statement({ Condition: MFA }), statement()];
  expect(await compared(role(OTHER, before), role(after, OTHER))).toEqual([
    { place: { address: 'aws_iam_role.deploy', attribute: 'assume_role_policy' }, pairs: [{ before, after }] },
  ]);
});

test('statements of one id belong together, however much else differs', async () => {
  const before = statement({ Sid: 'A', Condition: MFA });
  const after = statement({ Sid: 'A', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:*' });
  const [found] = await compared(role(before, OTHER), role(OTHER, after));
  expect(found?.pairs).toEqual([{ before, after }]);
});

test('a statement that is new, or gone, has nothing beside it', async () => {
  const gone: Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:AssumeRole',
    Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  };
  const fresh = statement({
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/mallory` },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: MFA,
  });
  const [found] = await compared(role(statement(), gone), role(statement(), fresh));
  expect(found?.pairs).toEqual([
    { before: undefined, after: fresh },
    { before: gone, after: undefined },
  ]);
});

test('a policy that nothing is found of is not compared', async () => {
  expect(await compared(role(statement()), role(statement({ Condition: MFA })))).toEqual([]);
});

test('the rows are the elements of both sides, a condition each operator and key', () => {
  const before = statement({ Sid: 'A', Condition: { StringEquals: { 'sts:ExternalId': ['x', 'y'] } } });
  expect(statementRows(before, statement({ Condition: MFA }))).toEqual([
    { element: 'Effect', before: 'Allow', after: 'Allow' },
    { element: 'Principal', before: JSON.stringify(USER), after: JSON.stringify(USER) },
    { element: 'Action', before: 'sts:AssumeRole', after: 'sts:AssumeRole' },
    { element: 'StringEquals sts:ExternalId', before: 'x, y', after: undefined },
    { element: 'Bool aws:MultiFactorAuthPresent', before: undefined, after: 'true' },
  ]);
});
