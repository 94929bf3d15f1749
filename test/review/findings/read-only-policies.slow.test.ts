/** A role with one of AWS's read-only policies writes only what AWS's reference lists as a write. */
import type { Statement } from '@leasehold/policy';
import { awsManagedPolicy } from '@leasehold/policy/aws-managed';
import { reviewPlan } from '../../../lib/review/review-plan';
import { allow, aPlan } from '../diff/build';

async function writes(...statements: readonly Statement[]): Promise<readonly string[]> {
  const after = { identities: { reader: { policies: [statements] } } };
  const { findings } = await reviewPlan(aPlan({}, after), { today: '2026-11-22' });
  return findings.flatMap(({ id, message }) => (id === 'write-on-wildcard' ? [message] : []));
}

function statementsOf(policy: string): readonly Statement[] {
  const { Statement: statements = [] } = awsManagedPolicy(`arn:aws:iam::aws:policy/${policy}`) ?? {};
  return statements as readonly Statement[];
}

test.each([
  // A token for a session in which code runs, which the reference lists as a write.
  { policy: 'ReadOnlyAccess', expect: ['The role reader could now do athena:GetSessionEndpoint on *.'] },
  { policy: 'SecurityAudit', expect: [] },
  { policy: 'job-function/ViewOnlyAccess', expect: [] },
])('$policy', async ({ policy, expect: expected }) => {
  expect(statementsOf(policy).length).toBeGreaterThan(1);
  expect(await writes(...statementsOf(policy))).toEqual(expected);
});

const session = (condition?: Statement['Condition']) =>
  allow('s3express:CreateSession', '*', condition === undefined ? {} : { Condition: condition });
const mode = (values: string | readonly string[], operator = 'StringEquals') => ({
  [operator]: { 's3express:SessionMode': values },
});

test.each([
  { name: 'an action that AWS allows to read', statements: [allow('deepcomposer:GetModel', '*')], written: false },
  { name: 'an action that nobody knows', statements: [allow('deepcomposer:GetNothing', '*')], written: true },
  { name: 'a pattern of a service that nobody knows', statements: [allow('deepcomposer:Get*', '*')], written: true },
  { name: 'a session that reads objects', statements: [session(mode('ReadOnly'))], written: false },
  {
    name: 'a session that reads or writes objects',
    statements: [session(mode(['ReadOnly', 'ReadWrite']))],
    written: true,
  },
  { name: 'a session of any mode', statements: [session()], written: true },
  {
    name: 'a session without a mode, which writes',
    statements: [session(mode('ReadOnly', 'StringEqualsIfExists'))],
    written: true,
  },
  {
    name: 'a session that reads, and one that writes',
    statements: [session(mode('ReadOnly')), session()],
    written: true,
  },
])('$name', async ({ statements, written }) => {
  expect((await writes(...statements)).length > 0).toBe(written);
});
