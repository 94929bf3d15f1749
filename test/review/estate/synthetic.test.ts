/** What a plan may hold and no small configuration makes on demand. */
import { plannedAccess } from '../../../lib/review/estate';
import { readPlan } from '../../../lib/review/plan';
import { aChange, aPlan } from '../plan/small-plans';
import { told, toldPolicies, toldUnread } from './estate-lines';

type Json = Readonly<Record<string, unknown>>;

const read = (parts: Json) => plannedAccess(readPlan(JSON.stringify(aPlan(parts))));
const allow = (Action: string, Resource = '*') =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });

/** A change of any type: its values before and after, and what is unknown after. */
function change(address: string, sides: { before?: Json | null; after?: Json | null; unknown?: Json } & Json): Json {
  const { before = null, after = null, unknown = {}, actions, ...more } = sides;
  const [, type = '', name = ''] = /(?:^|\.)([a-z0-9_]+)\.(\w+)(?:\[[^\]]*\])?$/.exec(address) ?? [];
  const usual = before === null ? 'create' : after === null ? 'delete' : 'update';
  return aChange({
    address,
    type,
    name,
    ...more,
    change: { actions: actions ?? [usual], before, after, after_unknown: unknown },
  });
}

/** The configuration of root resources: expressions by address. */
function configuration(expressions: Readonly<Record<string, Json>>, providers: Json = {}): Json {
  const resources = Object.entries(expressions).map(([address, { provider = 'aws', ...each }]) => {
    const [type = '', name = ''] = address.split('.');
    return { address, mode: 'managed', type, name, provider_config_key: provider, expressions: each };
  });
  return { provider_config: providers, root_module: { resources } };
}

it('a role left over by an earlier apply is there before, and no more after', () => {
  const role = { name: 'worker', path: '/', arn: 'arn:aws:iam::123456789012:role/worker' };
  const old = { ...role, name: 'old', arn: 'arn:aws:iam::123456789012:role/old' };
  const { before, after } = read({
    resource_changes: [
      change('aws_iam_role.worker', { before: role, after: role, actions: ['no-op'] }),
      change('aws_iam_role.worker', { before: old, deposed: 'a1b2c3d4' }),
    ],
  });
  expect([...before.identities.keys()]).toEqual(['role 123456789012 worker', 'role 123456789012 old']);
  expect([...after.identities.keys()]).toEqual(['role 123456789012 worker']);
});

it('two resources that make the same role are two, so that neither hides the other', () => {
  const worker = (trust: string) => ({ name: 'worker', path: '/', assume_role_policy: trust });
  const { after } = read({
    resource_changes: [
      change('aws_iam_role.one', { after: worker('') }),
      change('aws_iam_role.two', { after: worker('') }),
      change('aws_iam_role_policy.all', { after: { name: 'all', role: 'worker', policy: allow('*') } }),
    ],
  });
  expect([...after.identities.keys()]).toHaveLength(2);
});

it('what waits for another run is unread', () => {
  const { unread } = read({
    complete: false,
    deferred_changes: [
      { reason: 'provider_config_unknown', resource_change: change('aws_iam_role.later', { after: {} }) },
      { reason: 'provider_config_unknown', resource_change: change('random_id.later', { after: {} }) },
    ],
    action_invocations: [{ address: 'action.aws_lambda_invoke.run' }],
  });
  expect(unread.map(({ place, why }) => `${place.address}: ${why}`)).toEqual([
    ': the plan is incomplete: applying it leaves something undone',
    'aws_iam_role.later: Terraform defers it to another run: provider_config_unknown',
    'action.aws_lambda_invoke.run: an action runs, and no plan shows what it does',
  ]);
});

it('types that give access, or hold a policy, and stand in no table are unread when they change', () => {
  const { unread } = read({
    resource_changes: [
      change('aws_iam_something_new.x', { after: {} }),
      change('awscc_iam_role.x', { after: {} }),
      change('aws_brand_new_thing.x', { after: { rules: allow('*') } }),
      change('aws_brand_new_thing.y', { after: {}, unknown: { resource_policy: true } }),
      change('aws_brand_new_thing.z', { after: { rules: 'none' } }),
      change('aws_brand_new_thing.same', { before: {}, after: { rules: allow('*') }, actions: ['no-op'] }),
      change('aws_instance.x', { after: { ami: 'ami-1' } }),
    ],
  });
  expect(unread.map(({ place }) => place.address)).toEqual([
    'aws_iam_something_new.x',
    'awscc_iam_role.x',
    'aws_brand_new_thing.x',
    'aws_brand_new_thing.y',
  ]);
});

describe('accounts', () => {
  const aws = 'registry.terraform.io/hashicorp/aws';
  const provider = (expressions: Json) => ({ name: 'aws', full_name: aws, expressions });
  const deploy = { name: 'deploy', path: '/' };
  const two = (first: Json, second: Json, variables: Json = {}) =>
    read({
      variables,
      resource_changes: [change('aws_iam_role.one', { after: deploy }), change('aws_iam_role.two', { after: deploy })],
      configuration: configuration(
        { 'aws_iam_role.one': {}, 'aws_iam_role.two': { provider: 'aws.other' } },
        { aws: provider(first), 'aws.other': provider(second) },
      ),
    }).after.identities;
  const constant = (constant_value: unknown) => ({ constant_value });

  it('come from the accounts that a provider is allowed in, also through a variable', () => {
    const identities = two(
      { allowed_account_ids: constant(['111122223333']) },
      { allowed_account_ids: { references: ['var.account'] } },
      { account: { value: ['444455556666'] } },
    );
    expect([...identities.values()].map(({ key, arn }) => [key, arn])).toEqual([
      ['role 111122223333 deploy', { kind: 'known', value: 'arn:aws:iam::111122223333:role/deploy' }],
      ['role 444455556666 deploy', { kind: 'known', value: 'arn:aws:iam::444455556666:role/deploy' }],
    ]);
  });

  it('come from the role that a provider assumes, and the partition from its region', () => {
    const identities = two(
      { region: constant('cn-north-1'), assume_role: [{ role_arn: constant('arn:aws-cn:iam::111122223333:role/t') }] },
      {},
    );
    expect([...identities.values()].map(({ key, arn }) => [key, arn.kind])).toEqual([
      ['role 111122223333 deploy', 'known'],
      ['role aws.other deploy', 'unknown'],
    ]);
    expect([...identities.values()][0]?.arn).toMatchObject({ value: 'arn:aws-cn:iam::111122223333:role/deploy' });
  });

  it('are kept apart by credentials when nothing names them, and no credential shows', () => {
    const identities = two({ access_key: constant('AKIAEXAMPLE') }, { profile: constant('production') });
    expect([...identities.keys()]).toEqual(['role aws deploy', 'role aws.other deploy']);
    expect(JSON.stringify([...identities])).not.toContain('AKIAEXAMPLE');
  });

  it('that contradict each other are unknown', () => {
    const role = (account: string) => ({ ...deploy, role: 'deploy', policy_arn: `arn:aws:iam::${account}:policy/p` });
    const { after } = read({
      resource_changes: [
        change('aws_iam_role_policy_attachment.one', { after: role('111122223333') }),
        change('aws_iam_role_policy_attachment.two', { after: role('444455556666') }),
      ],
    });
    expect([...after.identities.values()].map(({ account }) => account)).toEqual([
      { kind: 'unknown', why: 'the plan speaks of the accounts 111122223333 and 444455556666' },
    ]);
  });
});

describe('references', () => {
  const unknownRole = (references: readonly string[], roles: readonly string[] = ['a', 'b']) =>
    told(
      read({
        resource_changes: [
          ...roles.map((name) =>
            change(`aws_iam_role.${name}`, { after: { path: '/' }, unknown: { name: true, arn: true } }),
          ),
          change('aws_iam_role_policy.p', { after: { name: 'p', policy: allow('s3:*') }, unknown: { role: true } }),
        ],
        configuration: configuration({ 'aws_iam_role_policy.p': { role: { references } } }),
      }).after,
    );
  const sure = ['p: Allow s3:* on *'];
  const unsure = ['p: ? the plan leaves open whether it is attached here'];

  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['a name', ['aws_iam_role.a.name', 'aws_iam_role.a'], sure, []],
    ['an id', ['aws_iam_role.b.id', 'aws_iam_role.b'], [], sure],
    ['a name that is put together from a prefix', ['aws_iam_role.a.name_prefix', 'aws_iam_role.a'], unsure, []],
    ['one of two', ['aws_iam_role.a.name', 'aws_iam_role.a', 'aws_iam_role.b.name'], unsure, unsure],
    ['a role and a local value', ['aws_iam_role.a.name', 'aws_iam_role.a', 'local.suffix'], unsure, []],
    ['what is no role', ['aws_iam_user.a.name', 'aws_iam_user.a'], [], []],
    ['nothing', [], [], []],
  ])('%s', (_, references, a, b) => {
    expect(unknownRole(references)).toEqual({ 'role aws aws_iam_role.a': a, 'role aws aws_iam_role.b': b });
  });

  it('that go round in circles end', () => {
    const circle = { outputs: { o: { expression: { references: ['module.m.o', 'module.m'] } } } };
    const { unread } = read({
      resource_changes: [
        change('module.m.aws_iam_role.x', { after: {}, module_address: 'module.m', unknown: { name: true } }),
        change('aws_iam_role_policy.p', { after: { policy: allow('s3:*') }, unknown: { role: true, name: true } }),
      ],
      configuration: {
        root_module: {
          resources: [
            {
              mode: 'managed',
              type: 'aws_iam_role_policy',
              name: 'p',
              expressions: { role: { references: ['module.m.o', 'module.m'] } },
            },
          ],
          module_calls: { m: { module: { ...circle, module_calls: { m: { module: circle } } } } },
        },
      },
    });
    expect(unread.map(({ place }) => place)).toEqual([{ address: 'aws_iam_role_policy.p', attribute: 'role' }]);
  });
});

it('a policy text with a key twice, or of another shape, is unknown', () => {
  const role = { name: 'worker', path: '/' };
  const texts = ['{"Version":"2012-10-17","Version":"2008-10-17","Statement":[]}', '[]', '"x"', '{', '{"Statement":7}'];
  for (const policy of texts) {
    const { after } = read({
      resource_changes: [
        change('aws_iam_role.worker', { after: role }),
        change('aws_iam_role_policy.p', { after: { name: 'p', role: 'worker', policy } }),
      ],
    });
    const [identity] = after.identities.values();
    expect(identity?.policies.map(({ document }) => document.kind)).toEqual(['unknown']);
  }
});

it('a statement of a function says everything that the permission narrows', () => {
  const permission = {
    action: 'lambda:InvokeFunction',
    function_name: 'f',
    principal: 's3.amazonaws.com',
    source_account: '123456789012',
    source_arn: 'arn:aws:s3:::b',
  };
  const { after } = read({ resource_changes: [change('aws_lambda_permission.p', { after: permission })] });
  const [policy] = after.resourcePolicies.values();
  expect(policy?.policy.document).toMatchObject({
    value: {
      Statement: [
        {
          Principal: { Service: 's3.amazonaws.com' },
          Condition: {
            ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::b' },
            StringEquals: { 'AWS:SourceAccount': '123456789012' },
          },
        },
      ],
    },
  });
  const later = read({
    resource_changes: [
      change('aws_lambda_permission.p', { after: { ...permission, source_arn: null }, unknown: { source_arn: true } }),
    ],
  });
  expect(Object.values(toldPolicies(later.after))).toEqual(['? source_arn is known only after apply']);
  expect(toldUnread(later)).toEqual([]);
});
