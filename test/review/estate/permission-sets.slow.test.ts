/** Lists of all policies of a permission set are read as its policies. */
import { change, type Json, reviewOf, short } from '../planned';

const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
const set = change('aws_ssoadmin_permission_set.ops', { same: { name: 'ops', arn: SET } });
const list = (before: Json | undefined, after: Json | undefined) =>
  change('aws_ssoadmin_managed_policy_attachments_exclusive.ops', {
    ...(before === undefined ? {} : { before: { permission_set_arn: SET, ...before } }),
    ...(after === undefined ? {} : { after: { permission_set_arn: SET, ...after } }),
  });
const READ = { managed_policy_arns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] };
const ADMIN = { managed_policy_arns: ['arn:aws:iam::aws:policy/AdministratorAccess'] };
const BOTH = { managed_policy_arns: [...READ.managed_policy_arns, ...ADMIN.managed_policy_arns] };
const customer = change('aws_ssoadmin_customer_managed_policy_attachments_exclusive.ops', {
  after: { permission_set_arn: SET, customer_managed_policy_reference: [{ name: 'own', path: '/' }] },
});

test.each([
  { name: 'another policy on the list', changes: [set, list(READ, ADMIN)], expected: 'critical full-access' },
  { name: 'a policy less on the list', changes: [set, list(BOTH, READ)], expected: undefined },
  { name: 'a list that is removed', changes: [set, list(ADMIN, undefined)], expected: undefined },
  { name: 'a list of policies of each account', changes: [set, customer], expected: 'high unknown-policy' },
])('$name', async ({ changes, expected }) => {
  const found = short(await reviewOf(changes)).filter((each) => !each.endsWith('exclusive-takes'));
  expect(found.filter((each) => each === expected)).toHaveLength(expected === undefined ? 0 : 1);
  if (expected === undefined) expect(found).toEqual([]);
});
