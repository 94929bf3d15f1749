/** Which accounts are the plan's own, with and without accounts that the user names. */
import { accountEvidence } from '../../lib/review/account-evidence';
import { reviewPlan } from '../../lib/review/review-plan';
import { ACCOUNT, allows, change, configuration, type Json, planned, policy } from './planned';

const OTHER = '444455556666';
const THIRD = '777788889999';
const QUEUE = change('aws_sqs_queue.q', { same: { name: 'q', arn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:q` } });

interface Row {
  readonly name: string;
  readonly changes?: readonly Json[];
  readonly prior?: readonly Json[];
  readonly settings?: Json;
  readonly before?: Json;
  readonly named: readonly string[];
  readonly own: readonly string[];
  readonly claimed: readonly string[];
}

const data = (type: string, values: Json): Json => ({
  address: `data.${type}.d`,
  mode: 'data',
  type,
  name: 'd',
  provider_name: 'registry.terraform.io/hashicorp/aws',
  values,
});
const created = change('aws_sqs_queue.new', { after: { name: 'new' } });
const permits = { allowed_account_ids: { constant_value: [OTHER] } };
const assumes = { assume_role: [{ role_arn: { constant_value: `arn:aws:iam::${OTHER}:role/deploy` } }] };
const organization = data('aws_organizations_organization', { id: 'o-1', accounts: [{ id: ACCOUNT }, { id: THIRD }] });
const organizationOf = (account: string) =>
  change('aws_organizations_organization.o', { same: { id: 'o-1', accounts: [{ id: account }] } });

const rows: readonly Row[] = [
  { name: 'the settings', changes: [created], settings: permits, named: [], own: [OTHER], claimed: [] },
  { name: 'the settings', changes: [created], settings: permits, named: [ACCOUNT], own: [ACCOUNT], claimed: [OTHER] },
  { name: 'the settings', changes: [created], settings: permits, named: [OTHER], own: [OTHER], claimed: [] },
  { name: 'the role', changes: [created], settings: assumes, named: [], own: [OTHER], claimed: [] },
  { name: 'the role', changes: [created], settings: assumes, named: [ACCOUNT], own: [ACCOUNT], claimed: [OTHER] },
  {
    name: 'the caller identity',
    prior: [data('aws_caller_identity', { account_id: OTHER })],
    named: [ACCOUNT],
    own: [ACCOUNT],
    claimed: [OTHER],
  },
  {
    name: 'a topic that is looked up',
    prior: [data('aws_sns_topic', { arn: `arn:aws:sns:eu-west-1:${OTHER}:t` })],
    named: [ACCOUNT],
    own: [ACCOUNT],
    claimed: [OTHER],
  },
  { name: 'an existing resource', changes: [QUEUE], named: [], own: [ACCOUNT], claimed: [] },
  { name: 'an existing resource', changes: [QUEUE], named: [THIRD], own: [ACCOUNT, THIRD], claimed: [] },
  {
    name: 'an existing resource, beside the settings',
    changes: [QUEUE, created],
    settings: permits,
    named: [THIRD],
    own: [ACCOUNT, THIRD],
    claimed: [],
  },
  {
    name: 'an organization that is looked up',
    prior: [organization],
    named: [],
    own: [ACCOUNT, THIRD],
    claimed: [],
  },
  {
    name: 'an organization that is looked up, with the named account',
    prior: [organization],
    named: [ACCOUNT],
    own: [ACCOUNT, THIRD],
    claimed: [],
  },
  {
    name: 'an organization that is looked up, without the named account',
    prior: [organization],
    named: [OTHER],
    own: [OTHER],
    claimed: [ACCOUNT, THIRD],
  },
  {
    name: 'an organization that is looked up, with the account of a resource',
    changes: [QUEUE],
    prior: [organization],
    named: [OTHER],
    own: [ACCOUNT, OTHER, THIRD],
    claimed: [],
  },
  { name: 'an organization that exists', changes: [organizationOf(THIRD)], named: [], own: [THIRD], claimed: [] },
  {
    name: 'an organization that exists',
    changes: [organizationOf(THIRD)],
    named: [OTHER],
    own: [OTHER, THIRD],
    claimed: [],
  },
  { name: 'the deployed manifest', before: { account: THIRD }, named: [OTHER], own: [OTHER, THIRD], claimed: [] },
];

test.each(rows)(
  '$name, if the user names $named',
  ({ changes = [], prior = [], settings = {}, before, named, ...row }) => {
    const access = planned(changes, {
      configuration: configuration({ 'aws_sqs_queue.new': {} }, { aws: settings }),
      prior_state: { format_version: '1.0', values: { root_module: { resources: prior } } },
      ...(before && { output_changes: { leasehold: { actions: ['no-op'], before, after: before } } }),
    });
    const { accounts, claimed } = accountEvidence(access, named);
    expect({ own: [...accounts].sort(), claimed: [...claimed].sort() }).toEqual({ own: row.own, claimed: row.claimed });
  },
);

test('trust in an account that only a provider shows is reported if the user names accounts', async () => {
  const trust = { ...allows('sts:AssumeRole'), Resource: undefined, Principal: { AWS: `arn:aws:iam::${OTHER}:root` } };
  const access = planned(
    [change('aws_iam_role.r', { after: { name: 'r', path: '/', assume_role_policy: policy(trust as never) } })],
    { configuration: configuration({ 'aws_iam_role.r': {} }, { aws: permits }) },
  );
  const reported = async (accounts: readonly string[]) => {
    const { findings } = await reviewPlan(access, { today: '2026-11-22', accounts });
    return findings.some(({ id }) => id === 'external-account');
  };
  expect(await reported([])).toBe(false);
  expect(await reported([ACCOUNT])).toBe(true);
  expect(await reported([ACCOUNT, OTHER])).toBe(false);
});
