/** Which accounts a plan shows to be its own, and which it only mentions. */
import { plannedAccess } from '../../../lib/review/estate';
import { readPlan } from '../../../lib/review/plan';
import { aChange, aPlan } from '../plan/small-plans';

type Json = Readonly<Record<string, unknown>>;

const OWN = '123456789012';
const OTHER = '444455556666';

const policy = (statement: Json) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
const trust = (principal: Json) => policy({ Principal: principal, Action: 'sts:AssumeRole' });
const change = (type: string, sides: Json) =>
  aChange({
    address: `${type}.x`,
    type,
    name: 'x',
    change: { actions: ['create'], before: null, after: null, ...sides },
  });
const kept = (type: string, values: Json) => change(type, { actions: ['update'], before: values, after: values });
const data = (type: string, values: Json) => ({
  prior_state: {
    format_version: '1.0',
    values: {
      root_module: {
        resources: [
          {
            address: `data.${type}.x`,
            mode: 'data',
            type,
            name: 'x',
            provider_name: 'registry.terraform.io/hashicorp/aws',
            values,
          },
        ],
      },
    },
  },
});

test.each<readonly [name: string, parts: Json, accounts: readonly string[]]>([
  ['nothing', {}, []],
  ['who asks', data('aws_caller_identity', { account_id: OWN }), [OWN]],
  [
    'the organization',
    data('aws_organizations_organization', { id: 'o-a1b2c3', master_account_id: OWN, accounts: [{ id: OTHER }] }),
    [OWN, OTHER],
  ],
  ['a role that is looked up', data('aws_iam_role', { name: 'a', arn: `arn:aws:iam::${OWN}:role/a` }), [OWN]],
  [
    'a resource that exists',
    { resource_changes: [kept('aws_sfn_state_machine', { arn: `arn:aws:states:eu-west-1:${OWN}:stateMachine:a` })] },
    [OWN],
  ],
  [
    'a share of somebody else',
    {
      resource_changes: [
        kept('aws_ram_resource_share_accepter', { arn: `arn:aws:ram:eu-west-1:${OTHER}:resource-share/a` }),
      ],
    },
    [],
  ],
  [
    'the queue that a policy protects',
    {
      resource_changes: [
        change('aws_sqs_queue_policy', {
          after: {
            policy: policy({
              Principal: '*',
              Action: 'sqs:SendMessage',
              Resource: `arn:aws:sqs:eu-west-1:${OWN}:jobs`,
            }),
          },
        }),
      ],
    },
    [],
  ],
  [
    'the identity provider of a role',
    {
      resource_changes: [
        change('aws_iam_role', {
          after: {
            name: 'x',
            assume_role_policy: trust({ Federated: `arn:aws:iam::${OWN}:oidc-provider/gitlab.com` }),
          },
        }),
      ],
    },
    [],
  ],
  [
    'an account that a trust names',
    { resource_changes: [change('aws_iam_role', { after: { name: 'x', assume_role_policy: trust({ AWS: OTHER }) } })] },
    [],
  ],
  [
    'an account that a policy names',
    {
      resource_changes: [
        change('aws_iam_role', { after: { name: 'x', assume_role_policy: trust({ Service: 'ec2.amazonaws.com' }) } }),
        change('aws_iam_role_policy', {
          after: {
            role: 'x',
            name: 'p',
            policy: policy({ Action: 's3:GetObject', Resource: `arn:aws:sqs:eu-west-1:${OTHER}:jobs` }),
          },
        }),
      ],
    },
    [],
  ],
])('%s', (_, parts, accounts) => {
  expect(plannedAccess(readPlan(JSON.stringify(aPlan(parts)))).accounts).toEqual(accounts);
});

test.each<readonly [name: string, principal: Json, principals: readonly unknown[]]>([
  [
    'an empty list beside a full one',
    { AWS: `arn:aws:iam::${OWN}:root`, Service: [] },
    [{ AWS: `arn:aws:iam::${OWN}:root` }],
  ],
  ['nothing but empty lists', { AWS: [], Service: [] }, []],
])('%s of principals names nobody, and can be read', (_, principal, principals) => {
  const role = change('aws_iam_role', { after: { name: 'x', path: '/', assume_role_policy: trust(principal) } });
  const { after } = plannedAccess(readPlan(JSON.stringify(aPlan({ resource_changes: [role] }))));
  const [identity] = [...after.identities.values()];
  const document = identity?.trust?.document;
  if (document?.kind !== 'known') throw new Error(JSON.stringify(document));
  expect([document.value.Statement].flat().map((statement) => 'Principal' in statement && statement.Principal)).toEqual(
    principals,
  );
});

test('an empty NotPrincipal excepts nobody, and stays what AWS would refuse', () => {
  const assume_role_policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Deny', NotPrincipal: { AWS: [] }, Action: 'sts:AssumeRole' },
  });
  const role = change('aws_iam_role', { after: { name: 'x', path: '/', assume_role_policy } });
  const { after } = plannedAccess(readPlan(JSON.stringify(aPlan({ resource_changes: [role] }))));
  expect([...after.identities.values()][0]?.trust?.document.kind).toBe('unknown');
});
