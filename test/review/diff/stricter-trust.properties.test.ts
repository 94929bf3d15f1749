/** A trust that asks for more is not said to ask for less. */

import type { Statement } from '@leasehold/policy';
import fc from 'fast-check';
import { trustDemands } from '../../../lib/review/findings/trust-demands';
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, aPlan, type EstateSpec } from './build';

const RUNS = { numRuns: Math.ceil(Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) / 12) };

/** Conditions as trusts ask for them, those that are linked with each other among them. */
const CONDITIONS = [
  ['Bool', 'aws:MultiFactorAuthPresent', 'true'],
  ['NumericLessThan', 'aws:MultiFactorAuthAge', '900'],
  ['NumericLessThanEquals', 'aws:MultiFactorAuthAge', '300'],
  ['Null', 'aws:TokenIssueTime', 'true'],
  ['Bool', 'aws:SecureTransport', 'true'],
  ['StringEquals', 'aws:PrincipalAccount', ACCOUNT],
  ['ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/ci*`],
  ['ArnEquals', 'aws:PrincipalArn', `arn:aws:iam::${ACCOUNT}:role/ci`],
  ['StringEquals', 'sts:ExternalId', 'x'],
  ['StringLike', 'aws:RequestTag/reason', '?*'],
  ['IpAddress', 'aws:SourceIp', '198.51.100.0/24'],
] as const;
type Condition = (typeof CONDITIONS)[number];

const PRINCIPALS: readonly NonNullable<Statement['Principal']>[] = [
  '*',
  { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  { AWS: [`arn:aws:iam::${ACCOUNT}:role/ci`, `arn:aws:iam::${ACCOUNT}:user/ops`] },
];

function role(principal: NonNullable<Statement['Principal']>, conditions: readonly Condition[]): EstateSpec {
  const built: Record<string, Record<string, string>> = {};
  for (const [operator, key, value] of conditions) built[operator] = { ...built[operator], [key]: value };
  const statement: Statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', Condition: built };
  return { identities: { deploy: { trust: [statement] } } };
}

const ids = new Set(trustDemands.kinds.map(({ id }) => id));
const weakened = async (before: EstateSpec, after: EstateSpec) =>
  (await reviewPlan(aPlan(before, after), { today: '2026-11-22' })).findings.filter(({ id }) => ids.has(id));

test('one more condition weakens nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...PRINCIPALS),
      fc.subarray([...CONDITIONS], { maxLength: 3 }),
      fc.subarray([...CONDITIONS], { minLength: 1, maxLength: 2 }),
      async (principal, before, more) => {
        // One condition an operator and key, so that the added one stands beside the others.
        const taken = new Set(before.map(([operator, key]) => `${operator} ${key}`));
        const added = more.filter(([operator, key]) => !taken.has(`${operator} ${key}`));
        expect(await weakened(role(principal, before), role(principal, [...before, ...added]))).toEqual([]);
      },
    ),
    RUNS,
  );
});

test.each<readonly [name: string, before: readonly Condition[], after: readonly Condition[]]>([
  ['MFA by a fresh MFA', [CONDITIONS[0]], [CONDITIONS[1]]],
  ['MFA by a fresher one', [CONDITIONS[1]], [CONDITIONS[2]]],
  ['an account by a role of it', [CONDITIONS[5]], [CONDITIONS[7]]],
  ['roles by one of them', [CONDITIONS[6]], [CONDITIONS[7]]],
])('replacing %s weakens nothing, and the other way round does', async (_, before, after) => {
  const principal = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  expect(await weakened(role(principal, before), role(principal, after))).toEqual([]);
  expect(await weakened(role(principal, after), role(principal, before))).not.toEqual([]);
});
