/** A new client of a user pool that exists can sign people in and receive their tokens. */
import { reviewPlan } from '../../../lib/review/review-plan';
import { change, configuration, type Json, planned } from '../planned';

const POOL = 'eu-west-1_AbCdEfGhI';
const AWAY = 'https://app.example.net/signed-in';

interface Case {
  readonly name: string;
  /** What of the pool is planned beside the client. */
  readonly pool?: 'new' | 'same' | 'replaced';
  readonly client: Json;
  /** The expression by which the client names its pool. */
  readonly written?: Json;
  readonly unknown?: Json;
  readonly type?: string;
  readonly expect: readonly string[];
}

const REFERENCE = { references: ['aws_cognito_user_pool.people.id', 'aws_cognito_user_pool.people'] };
const LATER = { user_pool_id: true };

const cases: readonly Case[] = [
  { name: 'of a pool outside the plan', client: { user_pool_id: POOL }, expect: ['medium sign-in-weakened'] },
  { name: 'of a pool in the plan', pool: 'same', client: { user_pool_id: POOL }, expect: ['medium sign-in-weakened'] },
  { name: 'of a pool that the plan creates', pool: 'new', client: {}, written: REFERENCE, unknown: LATER, expect: [] },
  {
    name: 'of a pool that the plan replaces',
    pool: 'replaced',
    client: {},
    written: REFERENCE,
    unknown: LATER,
    expect: ['medium sign-in-weakened'],
  },
  {
    name: 'of a pool that nothing names, beside one that the plan creates',
    pool: 'new',
    client: {},
    written: { references: ['data.aws_ssm_parameter.pool.value', 'data.aws_ssm_parameter.pool'] },
    unknown: LATER,
    expect: ['medium sign-in-weakened'],
  },
  {
    name: 'with the code flow alone',
    client: { user_pool_id: POOL, allowed_oauth_flows: ['code'], explicit_auth_flows: ['ALLOW_USER_SRP_AUTH'] },
    expect: ['medium sign-in-weakened'],
  },
  {
    name: 'with an address to return to',
    client: { user_pool_id: POOL, allowed_oauth_flows: ['code'], callback_urls: [AWAY] },
    expect: ['high redirect-changed', 'medium sign-in-weakened'],
  },
  ...['implicit', 'client_credentials'].map((flow) => ({
    name: `with the flow ${flow}`,
    client: { user_pool_id: POOL, allowed_oauth_flows: ['code', flow] },
    expect: ['high sign-in-weakened'],
  })),
  ...['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_CUSTOM_AUTH'].map(
    (flow) => ({
      name: `with sign-ins by ${flow}`,
      client: { user_pool_id: POOL, explicit_auth_flows: [flow] },
      expect: ['high sign-in-weakened'],
    }),
  ),
  {
    name: 'whose tokens change their user',
    client: { user_pool_id: POOL, allowed_oauth_scopes: ['openid', 'aws.cognito.signin.user.admin'] },
    expect: ['high sign-in-weakened'],
  },
  {
    name: 'with flows known only after apply',
    client: { user_pool_id: POOL },
    unknown: { allowed_oauth_flows: true },
    expect: ['high sign-in-weakened'],
  },
  {
    name: 'that another service created',
    type: 'aws_cognito_managed_user_pool_client',
    client: { user_pool_id: POOL, callback_urls: [AWAY] },
    expect: ['high redirect-changed', 'medium sign-in-weakened'],
  },
];

test.each(cases)('a client $name', async ({ pool, client, written, unknown = {}, type, expect: expected }) => {
  const address = `${type ?? 'aws_cognito_user_pool_client'}.app`;
  const people = { name: 'people', id: POOL };
  const changes = [
    change(address, { after: { name: 'app', ...client }, unknown }),
    change('aws_iam_user.u', { same: { name: 'u', arn: 'arn:aws:iam::123456789012:user/u' } }),
    ...(pool === undefined ? [] : [change('aws_cognito_user_pool.people', ofPool(pool, people))]),
  ];
  const access = planned(changes, {
    configuration: configuration({
      [address]: {
        user_pool_id: written ?? { constant_value: POOL },
        ...(unknown.allowed_oauth_flows === true ? { allowed_oauth_flows: { references: ['var.flows'] } } : {}),
      },
      'aws_cognito_user_pool.people': { name: { constant_value: 'people' } },
    }),
  });
  const { findings } = await reviewPlan(access, { today: '2026-11-22' });
  expect(findings.map(({ severity, id }) => `${severity} ${id}`)).toEqual(expected);
});

function ofPool(kind: NonNullable<Case['pool']>, people: Json) {
  if (kind === 'same') return { same: people };
  if (kind === 'new') return { after: people };
  return { before: people, after: people, actions: ['delete', 'create'] };
}
