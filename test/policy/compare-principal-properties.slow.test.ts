import { defined } from '@leasehold/contract/defined';
import fc from 'fast-check';
import { compare } from '../../lib/policy/compare/compare';
import type { PrincipalBlock, Statement } from '../../lib/policy/document';
import { evaluate } from '../../lib/policy/evaluate/evaluate';
import { type PolicyDocuments, prepare } from '../../lib/policy/evaluate/policies';
import type { Principal, Request } from '../../lib/policy/evaluate/request';
import { RUNS, Tally, toDocument } from './compare-arbitraries';

const HERE = '111122223333';
const THERE = '444455556666';
const PROVIDER = `arn:aws:iam::${HERE}:oidc-provider/token.actions.githubusercontent.com`;

const names: fc.Arbitrary<PrincipalBlock> = fc.oneof(
  { arbitrary: fc.constantFrom<PrincipalBlock>('*', { AWS: '*' }), weight: 1 },
  {
    arbitrary: fc
      .uniqueArray(
        fc.constantFrom(
          HERE,
          `arn:aws:iam::${HERE}:root`,
          THERE,
          `arn:aws:iam::${HERE}:user/u`,
          `arn:aws:iam::${HERE}:user/v`,
          `arn:aws:iam::${HERE}:role/r`,
          `arn:aws:iam::${HERE}:role/path/r`,
          `arn:aws:sts::${HERE}:assumed-role/r/night`,
          `arn:aws:sts::${HERE}:federated-user/f`,
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((AWS): PrincipalBlock => ({ AWS })),
    weight: 6,
  },
  {
    arbitrary: fc.constantFrom<PrincipalBlock>(
      { Service: 'lambda.amazonaws.com' },
      { Service: ['lambda.amazonaws.com', 'ec2.amazonaws.com'], AWS: HERE },
      { Federated: PROVIDER },
    ),
    weight: 2,
  },
);

const conditions = fc.constantFrom<NonNullable<Statement['Condition']>>(
  {},
  {},
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { Null: { 'aws:TokenIssueTime': 'true' } },
  { StringEquals: { 'aws:RequestTag/lease': 'a' } },
  { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::${HERE}:user/*` } },
);

const statement: fc.Arbitrary<Statement> = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    names,
    not: fc.boolean(),
    Action: fc.uniqueArray(fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:*'), { minLength: 1, maxLength: 2 }),
    Resource: fc.constantFrom('*', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b/a'),
    Condition: conditions,
  })
  .map(({ names: listed, not, ...rest }) => ({
    ...rest,
    // AWS takes NotPrincipal with a Deny alone.
    ...(not && rest.Effect === 'Deny' ? { NotPrincipal: listed } : { Principal: listed }),
  }));

/** A bucket's policy, or the trust policy of a role made of the same statements. */
const side: fc.Arbitrary<readonly Statement[]> = fc.array(statement, { minLength: 1, maxLength: 3 });
const pair = fc
  .tuple(side, side, fc.nat({ max: 2 }), fc.constantFrom('replace', 'drop', 'add', 'swap', 'other'))
  .map(([before, other, place, how]): readonly [readonly Statement[], readonly Statement[]] => {
    const [spare] = other;
    if (how === 'other' || spare === undefined) return [before, other];
    if (how === 'add') return [before, [...before, spare]];
    if (how === 'drop')
      return before.length > 1 ? [before, before.toSpliced(place % before.length, 1)] : [before, other];
    const changed = before.toSpliced(place % before.length, 1, { ...spare, Condition: before[0]?.Condition ?? {} });
    return how === 'swap' ? [changed, before] : [before, changed];
  });

function toTrust(list: readonly Statement[]): PolicyDocuments {
  const statements = list.map(({ Resource: _, NotPrincipal, ...rest }) => ({
    ...rest,
    ...defined({ Principal: NotPrincipal }),
    Action: [rest.Action ?? []].flat().map((action) => TRUST_ACTIONS[action] ?? action),
  }));
  return { trust: toDocument(statements) };
}

const TRUST_ACTIONS: Readonly<Record<string, string>> = {
  's3:GetObject': 'sts:AssumeRole',
  's3:PutObject': 'sts:AssumeRoleWithWebIdentity',
  's3:*': 'sts:*',
};

const CALLERS: readonly Principal[] = [
  { kind: 'user', arn: `arn:aws:iam::${HERE}:user/u` },
  { kind: 'user', arn: `arn:aws:iam::${HERE}:user/w` },
  { kind: 'user', arn: `arn:aws:iam::${THERE}:user/u` },
  { kind: 'session', roleArn: `arn:aws:iam::${HERE}:role/r`, sessionName: 'night' },
  { kind: 'session', roleArn: `arn:aws:iam::${HERE}:role/r`, sessionName: 'day' },
  { kind: 'session', roleArn: `arn:aws:iam::${HERE}:role/path/r`, sessionName: 'night' },
  { kind: 'federated-user', arn: `arn:aws:sts::${HERE}:federated-user/f`, userArn: `arn:aws:iam::${HERE}:user/u` },
  { kind: 'federated-user', arn: `arn:aws:sts::${HERE}:federated-user/g`, userArn: `arn:aws:iam::${HERE}:user/u` },
  { kind: 'root', account: HERE },
  { kind: 'root', account: THERE },
  { kind: 'service', name: 'lambda.amazonaws.com' },
  { kind: 'service', name: 'sns.amazonaws.com' },
  { kind: 'web-identity', provider: PROVIDER },
  { kind: 'anonymous' },
];

const EVERYTHING = toDocument([{ Effect: 'Allow', Action: '*', Resource: '*' }]);

/** A question, and what stands beside the resource's policy. */
const asked = fc
  .record({
    caller: fc.constantFrom(...CALLERS),
    own: fc.boolean(),
    bounded: fc.boolean(),
    owner: fc.constantFrom(HERE, THERE),
    write: fc.boolean(),
    resource: fc.constantFrom('arn:aws:s3:::b/a', 'arn:aws:s3:::b/c', 'arn:aws:s3:::d/a'),
    mfa: fc.constantFrom(undefined, 'true', 'false'),
    issued: fc.constantFrom(undefined, '2026-01-01T00:00:00Z'),
    lease: fc.constantFrom(undefined, 'a', 'b'),
  })
  .map(({ caller, own, bounded, owner, write, resource, ...facts }) => {
    const entity = ['user', 'session', 'federated-user'].includes(caller.kind);
    const context = defined({
      'aws:MultiFactorAuthPresent': facts.mfa,
      'aws:TokenIssueTime': facts.issued,
      'aws:RequestTag/lease': facts.lease,
    });
    const beside: PolicyDocuments = {
      ...(own && entity ? { identity: [EVERYTHING] } : {}),
      ...(bounded && entity ? { boundary: EVERYTHING } : {}),
    };
    return {
      beside,
      bucket: {
        action: write ? 's3:PutObject' : 's3:GetObject',
        resource,
        principal: caller,
        context,
        resourceAccount: owner,
      },
      role: {
        action: write ? 'sts:AssumeRoleWithWebIdentity' : 'sts:AssumeRole',
        resource: `arn:aws:iam::${owner}:role/target`,
        principal: caller,
        context,
      },
    };
  });

describe.each([
  {
    of: 'a bucket',
    toSide: (list: readonly Statement[]): PolicyDocuments => ({ resource: toDocument(list) }),
    which: 'bucket',
  },
  { of: 'a role', toSide: toTrust, which: 'role' },
] as const)('answers about the policy of $of hold under evaluate', ({ toSide, which }) => {
  test('a witness is allowed after and was not before; no request contradicts not-widened', () => {
    const tally = new Tally();
    fc.assert(
      fc.property(pair, fc.array(asked, { minLength: 20, maxLength: 20 }), ([earlier, later], questions) => {
        const [before, after] = [toSide(earlier), toSide(later)];
        const allows = (side: PolicyDocuments, beside: PolicyDocuments, request: Request) =>
          evaluate(request, prepare({ ...side, ...beside })).outcome === 'allowed';
        const comparison = tally.note(compare(before, after));
        if (comparison.kind === 'widened') {
          const { witness, beside } = comparison;
          expect(allows(after, beside, witness)).toBe(true);
          expect(allows(before, beside, witness)).toBe(false);
        } else if (comparison.kind === 'not-widened') {
          const escaped = questions.filter(
            ({ beside, [which]: request }) => allows(after, beside, request) && !allows(before, beside, request),
          );
          expect(escaped).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
    expect(tally.share('not-widened')).toBeGreaterThan(0.15);
    expect(tally.share('widened')).toBeGreaterThan(0.15);
    expect(tally.share('unknown')).toBeLessThan(0.3);
  });

  test('a policy never widens itself, and that is always proven', () => {
    fc.assert(
      fc.property(side, (list) => {
        expect(compare(toSide(list), toSide(list.toReversed())).kind).toBe('not-widened');
      }),
      { numRuns: Math.ceil(RUNS / 5) },
    );
  });
});
