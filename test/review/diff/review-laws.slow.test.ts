/** Laws of a review, over random policies that overlap much. */

import { defined } from '@leasehold/contract/defined';
import { compare, loadCatalogue, type PolicyDocument, type PolicyDocuments, type Statement } from '@leasehold/policy';
import fc from 'fast-check';
import { linked } from '../../../lib/review/diff/linked-keys';
import type { Review } from '../../../lib/review/review';
import { reviewPlan } from '../../../lib/review/review-plan';
import { related, side } from '../../policy/compare-arbitraries';
import { atLeastOf } from '../../support/usual-counts';
import { ACCOUNT, aPlan, type EstateSpec, type IdentitySpec } from './build';

const RUNS = { numRuns: Math.ceil(Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) / 6) };
const TODAY = { today: '2026-11-22' };

const estate = (spec: IdentitySpec): EstateSpec => ({ identities: { r: spec } });
const statements = (document: unknown): readonly Statement[] =>
  [(document as PolicyDocument).Statement].flat() as Statement[];
const specOf = ({ identity = [], boundary }: PolicyDocuments): IdentitySpec => ({
  policies: identity.map(statements),
  ...(boundary === undefined ? {} : { boundary: statements(boundary) }),
});
const review = (before: IdentitySpec, after: IdentitySpec): Promise<Review> =>
  reviewPlan(aPlan(estate(before), estate(after)), TODAY);

test('a plan that changes nothing has no findings and no changed identity', async () => {
  await fc.assert(
    fc.asyncProperty(side, async (policies) => {
      const { findings, identities, verdict } = await review(specOf(policies), structuredClone(specOf(policies)));
      expect({ findings, identities }).toEqual({ findings: [], identities: [] });
      expect(verdict).toBe('No identity can do more or less than before; no findings.');
    }),
    RUNS,
  );
});

test('a policy that is only written otherwise is no change', async () => {
  const rewritten = (list: readonly Statement[]): readonly Statement[] =>
    [...list, ...list]
      .map((statement) => Object.fromEntries(Object.entries(statement).reverse()) as unknown as Statement)
      .reverse();
  await fc.assert(
    fc.asyncProperty(side, async (policies) => {
      const spec = specOf(policies);
      const other = {
        ...spec,
        policies: (spec.policies ?? []).map((policy) => rewritten(policy as readonly Statement[])),
      };
      const { findings, identities } = await review(spec, other);
      expect({ findings, identities }).toEqual({ findings: [], identities: [] });
    }),
    RUNS,
  );
});

test('whatever widens is shown as widened or unknown, and is a finding', async () => {
  let widened = 0;
  await fc.assert(
    fc.asyncProperty(related, async ([from, to]) => {
      const [before, after] = [specOf(from), specOf(to)];
      const permissions = ({ identity = [], boundary }: PolicyDocuments) => ({
        identity,
        ...defined({ boundary }),
      });
      // What is gained by calls that cannot be, for example without `aws:SecureTransport`, is no gain.
      if (compare(...linked(permissions(from), permissions(to))).kind !== 'widened') return;
      widened += 1;
      const { findings, identities } = await review(before, after);
      expect(identities.map(({ permissions: { kind } }) => kind)).toEqual([
        expect.stringMatching(/^(widened|unknown)$/),
      ]);
      expect(findings.length).toBeGreaterThan(0);
    }),
    RUNS,
  );
  expect(widened).toBeGreaterThan(atLeastOf(RUNS.numRuns / 25));
});

test('whatever does not widen is no finding', async () => {
  await fc.assert(
    fc.asyncProperty(related, async ([from, to]) => {
      if (from.boundary !== undefined && to.boundary === undefined) return;
      const permissions = ({ identity = [] }: PolicyDocuments) => ({ identity });
      if (compare(permissions(from), permissions(to)).kind !== 'not-widened') return;
      const { findings } = await review(specOf(from), specOf(to));
      expect(findings).toEqual([]);
    }),
    RUNS,
  );
});

test('plain policies are told apart exactly as compare does', async () => {
  const ARNS = [
    'arn:aws:s3:::b/*',
    'arn:aws:s3:::b/a/*',
    'arn:aws:s3:::b',
    '*',
    'arn:aws:sqs:eu-west-1:123456789012:q',
  ];
  const NAMES = [
    's3:GetObject',
    's3:getobject',
    's3:PutObject',
    's3:ListBucket',
    's3:Get*',
    'sqs:SendMessage',
    'sqs:*',
  ];
  const list = (names: readonly string[]) => fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 });
  const plain = fc.array(
    fc.record({ Effect: fc.constant('Allow' as const), Action: list(NAMES), Resource: list(ARNS) }),
    { minLength: 1, maxLength: 3 },
  );
  const catalogue = await loadCatalogue(['s3', 'sqs', 'sts']);
  await fc.assert(
    fc.asyncProperty(plain, plain, fc.boolean(), async (one, other, added) => {
      const [from, to] = [one, added ? [...one, ...other] : other];
      const { identities } = await review({ policies: [from] }, { policies: [to] });
      const of = (list: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement: list });
      const [before, after] = [of(from), of(to)];
      const wider = compare([before], [after], { catalogue }).kind;
      const narrower = compare([after], [before], { catalogue }).kind === 'widened';
      const expected = wider === 'not-widened' ? (narrower ? 'narrowed' : 'same') : wider;
      expect(identities[0]?.permissions.kind ?? 'same').toBe(expected);
    }),
    RUNS,
  );
});

const DEMANDS: readonly (readonly [string, string, string | readonly string[]])[] = [
  ['Bool', 'aws:MultiFactorAuthPresent', 'true'],
  ['Null', 'aws:TokenIssueTime', 'true'],
  ['NumericLessThanIfExists', 'aws:MultiFactorAuthAge', '300'],
  ['StringEquals', 'sts:RoleSessionName', '${aws:RequestTag/lease-id}'],
  ['StringEquals', 'sts:SourceIdentity', '${aws:username}'],
  ['StringLike', 'aws:RequestTag/lease-id', 'lh-?*'],
  ['StringLike', 'aws:RequestTag/reason', '??????????*'],
  ['ForAllValues:StringEquals', 'aws:TagKeys', ['lease-id', 'reason']],
];

test('fewer demands of a lease are a finding, one a demand; more are none', async () => {
  const trust = (demands: typeof DEMANDS): IdentitySpec => {
    const Condition: Record<string, Record<string, string | readonly string[]>> = {};
    for (const [operator, key, value] of demands) Condition[operator] = { ...Condition[operator], [key]: value };
    const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:user/agent` };
    return { trust: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition }] };
  };
  await fc.assert(
    fc.asyncProperty(fc.subarray([...DEMANDS], { minLength: 1, maxLength: DEMANDS.length - 1 }), async (kept) => {
      const { findings } = await review(trust(DEMANDS), trust(kept));
      const said = findings.map(({ message }) => message).join(' ');
      for (const [operator, key] of DEMANDS) {
        expect(said.includes(`${operator} ${key} =`)).toBe(!kept.some(([, other]) => other === key));
      }
      const back = await review(trust(kept), trust(DEMANDS));
      expect(back.findings).toEqual([]);
    }),
    { numRuns: Math.ceil(RUNS.numRuns / 2) },
  );
});
