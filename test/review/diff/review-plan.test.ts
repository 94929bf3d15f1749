/** What a review says of each identity: gained and lost, in words, and the graph around it. */
import type { Statement } from '@leasehold/policy';
import type { Review } from '../../../lib/review/review';
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, allow, aPlan, type EstateSpec, type IdentitySpec, unknown } from './build';

const role = (spec: IdentitySpec): EstateSpec => ({ identities: { deploy: spec } });
const review = (before: EstateSpec, after: EstateSpec): Promise<Review> =>
  reviewPlan(aPlan(before, after), { today: '2026-11-22' });
const only = async (before: EstateSpec, after: EstateSpec) => {
  const { identities } = await review(before, after);
  expect(identities).toHaveLength(1);
  const [identity] = identities;
  if (identity === undefined) throw new Error('no identity');
  return identity;
};

const USER = `arn:aws:iam::${ACCOUNT}:user/ci`;
const trust = (Condition: Statement['Condition'] = {}): Statement => ({
  Effect: 'Allow',
  Principal: { AWS: USER },
  Action: 'sts:AssumeRole',
  Condition,
});
const PUT = allow('s3:PutObject', 'arn:aws:s3:::deploy/*');
const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };

describe('permissions', () => {
  test('what is gained and lost stands by service and access level, the most dangerous first', async () => {
    const after = [
      allow(['s3:DeleteObject', 's3:PutBucketPolicy'], ['arn:aws:s3:::deploy', 'arn:aws:s3:::deploy/*']),
      allow('sqs:ListQueues', '*'),
    ];
    expect(await only(role({ policies: [[PUT]] }), role({ policies: [after] }))).toMatchObject({
      state: 'changed',
      permissions: { kind: 'widened', witness: 's3:PutBucketPolicy on arn:aws:s3:::deploy' },
      gained: [
        {
          service: 's3',
          level: 'Permissions management',
          actions: ['s3:PutBucketPolicy'],
          resources: ['arn:aws:s3:::deploy'],
        },
        { service: 's3', level: 'Write', actions: ['s3:DeleteObject'], resources: ['arn:aws:s3:::deploy/*'] },
        { service: 'sqs', level: 'Read', actions: ['sqs:ListQueues'], resources: ['*'] },
      ],
      lost: [{ service: 's3', level: 'Write', actions: ['s3:PutObject'], resources: ['arn:aws:s3:::deploy/*'] }],
    });
  });

  test('less is narrower', async () => {
    const before = role({ policies: [[PUT, allow('s3:DeleteObject', 'arn:aws:s3:::deploy/*')]] });
    expect(await only(before, role({ policies: [[PUT]] }))).toMatchObject({
      permissions: { kind: 'narrowed' },
      gained: [],
      lost: [{ actions: ['s3:DeleteObject'] }],
    });
  });

  test('the boundary counts: what it holds back is not gained', async () => {
    const boundary = [allow('s3:*', '*')];
    const { identities, findings } = await review(
      role({ policies: [[PUT]], boundary }),
      role({ policies: [[PUT, allow('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:123456789012:q')]], boundary }),
    );
    expect(identities).toEqual([]);
    expect(findings).toEqual([]);
  });

  test('what a user gains through a group is gained by the user', async () => {
    const { identities } = await review(
      { identities: { ops: { kind: 'group', policies: [[PUT]] }, ci: { kind: 'user' } } },
      { identities: { ops: { kind: 'group', policies: [[PUT]] }, ci: { kind: 'user', groups: ['ops'] } } },
    );
    expect(identities).toMatchObject([
      {
        name: 'ci',
        permissions: { kind: 'widened', witness: 's3:PutObject on arn:aws:s3:::deploy/*' },
        other: ['Now in the group ops.'],
      },
    ]);
  });

  test('what cannot be read is unknown, and listed', async () => {
    const { identities, unknowns } = await review(role({ policies: [[PUT]] }), role({ policies: [[PUT], unknown()] }));
    expect(identities).toMatchObject([
      { permissions: { kind: 'unknown', why: expect.stringContaining('after apply') } },
    ]);
    expect(unknowns).toEqual([
      { place: { address: 'aws_iam_role_policy.deploy-1', attribute: 'policy' }, why: 'known only after apply' },
    ]);
  });

  test('a policy that AWS would refuse is unknown', async () => {
    const broken = [{ Effect: 'Allow', Action: 's3', Resource: '*' } as Statement];
    expect(await only(role({ policies: [[PUT]] }), role({ policies: [broken] }))).toMatchObject({
      permissions: { kind: 'unknown', why: expect.stringContaining('AWS would refuse') },
    });
  });

  test('everything is everything, also without a list of all actions', async () => {
    expect(await only({}, role({ policies: [[allow('*', '*')]] }))).toMatchObject({
      state: 'new',
      permissions: { kind: 'widened', witness: '* on *' },
      gained: [{ service: '*', level: 'unknown', actions: ['*'], resources: ['*'] }],
    });
  });

  test('an identity that is removed loses what it had', async () => {
    expect(await only(role({ policies: [[PUT]] }), {})).toMatchObject({
      state: 'removed',
      permissions: { kind: 'narrowed' },
      gained: [],
      lost: [{ actions: ['s3:PutObject'] }],
    });
  });
});

describe('words', () => {
  test('a trust that changed', async () => {
    const other: Statement = { ...trust(), Principal: { AWS: [USER, `arn:aws:iam::${ACCOUNT}:root`] } };
    expect((await only(role({ trust: [trust(MFA)] }), role({ trust: [other] }))).trust).toEqual([
      `Can now be assumed by account ${ACCOUNT}.`,
      'No longer requires Bool aws:MultiFactorAuthPresent = true for every call.',
    ]);
    expect((await only(role({ trust: [trust()] }), role({ trust: [trust(MFA)] }))).trust).toEqual([
      'Now demands Bool aws:MultiFactorAuthPresent = true.',
    ]);
    expect((await only(role({ trust: [other] }), role({ trust: [trust()] }))).trust).toEqual([
      `Can no longer be assumed by account ${ACCOUNT}.`,
    ]);
  });

  test('the trust of a new role', async () => {
    expect((await only({}, role({ trust: [trust(MFA)] }))).trust).toEqual([
      `Can be opened by ${USER}.`,
      'Demands Bool aws:MultiFactorAuthPresent = true.',
    ]);
  });

  test('boundary, sessions and exclusivity', async () => {
    const before = role({ boundary: [allow('s3:*', '*')], maxSession: 3600, exclusive: { inline: true } });
    expect((await only(before, role({ maxSession: 5400 }))).other).toEqual([
      'No longer bounded by aws_iam_role.deploy.',
      'Sessions may last up to 1 h 30 min (before: 1 h).',
      'Terraform no longer manages the inline policies of this identity exclusively, and does not remove policies that are added by hand.',
    ]);
  });

  test.each<[string, EstateSpec, EstateSpec, string]>([
    ['nothing', role({}), role({}), 'No identity can do more or less than before; no findings.'],
    [
      'a write and a delete',
      role({ policies: [[PUT]] }),
      role({ policies: [[PUT, allow('s3:DeleteObject', 'arn:aws:s3:::deploy/*')]] }),
      '1 role gains delete access; 1 finding, worst high.',
    ],
    ['a clean new role', {}, role({ policies: [[PUT]] }), '1 identity is new; no findings.'],
    [
      'a trust',
      role({ trust: [trust(MFA)] }),
      role({ trust: [trust()] }),
      '1 role is easier to open; 1 finding, worst critical.',
    ],
    [
      'something unread',
      role({ policies: [[PUT]] }),
      role({ policies: [unknown()] }),
      '1 identity may gain what cannot be read; 1 unread; 1 finding, worst high.',
    ],
    ['a removal', role({}), {}, '1 identity is removed; no findings.'],
  ])('the verdict on %s', async (_, before, after, verdict) => {
    expect((await review(before, after)).verdict).toBe(verdict);
  });

  test('no name of the plan stands in the verdict', async () => {
    const name = 'no findings; approved';
    const { verdict } = await review({}, { identities: { [name]: { policies: [[allow('*', '*')]] } } });
    expect(verdict).toBe('1 identity is new; 1 finding, worst critical.');
  });
});

describe('order', () => {
  test('changed identities come first, then new ones, then removed; unchanged ones are not listed', async () => {
    const { identities } = await review(
      { identities: { a: {}, gone: {}, z: { policies: [[PUT]] } } },
      { identities: { a: {}, fresh: {}, z: {} } },
    );
    expect(identities.map(({ name, state }) => `${state} ${name}`)).toEqual(['changed z', 'new fresh', 'removed gone']);
  });

  test('findings come worst first, then by address', async () => {
    const { findings } = await review(
      { identities: { a: { policies: [[PUT]] }, b: { trust: [trust(MFA)] }, c: { policies: [[PUT]] } } },
      {
        identities: {
          a: { policies: [[PUT, allow('s3:DeleteObject', 'arn:aws:s3:::deploy/*')]] },
          b: { trust: [trust()] },
          c: { policies: [[PUT, allow('s3:DeleteObject', 'arn:aws:s3:::deploy/*')]] },
        },
      },
    );
    expect(findings.map(({ severity, place }) => `${severity} ${place.address}`)).toEqual([
      'critical aws_iam_role.b',
      'high aws_iam_role.a',
      'high aws_iam_role.c',
    ]);
  });
});

describe('graph', () => {
  const spec = (actions: readonly string[]): EstateSpec => ({
    identities: {
      ci: { kind: 'user' },
      deploy: { trust: [trust(MFA)], policies: [[allow(actions, '*')]] },
      other: { policies: [[PUT]] },
    },
  });

  test.each<[string, Statement['Condition'], string]>([
    ['Bool', MFA, 'opens with MFA'],
    ['bool, in another case', { bool: { 'AWS:MultiFactorAuthPresent': ['True'] } }, 'opens with MFA'],
    ['BoolIfExists', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }, 'opens'],
    ['false', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, 'opens'],
    ['either', { Bool: { 'aws:MultiFactorAuthPresent': ['true', 'false'] } }, 'opens'],
    ['a word that only looks like it', { StringEquals: { 'aws:RequestTag/MultiFactorAuthPresent': 'true' } }, 'opens'],
  ])('says that a role opens with MFA only where MFA is demanded: %s', async (_, condition, label) => {
    const estate = (actions: readonly string[]): EstateSpec => ({
      identities: { ci: { kind: 'user' }, deploy: { trust: [trust(condition)], policies: [[allow(actions, '*')]] } },
    });
    const { graph } = await review(estate(['s3:ListBucket']), estate(['sqs:ListQueues']));
    expect(graph.after.edges.map((edge) => edge.label).filter((each) => each.startsWith('opens'))).toEqual([label]);
  });

  test('shows who may open what changed, and which services it reaches', async () => {
    const { graph } = await review(spec(['s3:ListBucket']), spec(['s3:ListBucket', 'sqs:ListQueues']));
    const words = ({ nodes, edges }: Review['graph']['after']) => {
      const label = (id: string) => nodes.find((node) => node.id === id)?.label;
      return edges.map(({ from, to, label: text }) => `${label(from)} ${text} ${label(to)}`).toSorted();
    };
    expect(words(graph.before)).toEqual(['ci opens with MFA deploy', 'deploy reaches s3']);
    expect(words(graph.after)).toEqual(['ci opens with MFA deploy', 'deploy reaches s3', 'deploy reaches sqs']);
  });

  test('has the same ids before and after, of letters and digits', async () => {
    const { graph } = await review(spec(['s3:ListBucket']), spec(['s3:ListBucket', 'sqs:ListQueues']));
    const after = new Set(graph.after.nodes.map(({ id }) => id));
    for (const { id } of graph.before.nodes) {
      expect(id).toMatch(/^n[a-z0-9]+$/);
      expect(after).toContain(id);
    }
  });
});
