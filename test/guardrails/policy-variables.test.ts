/**
 * Policy variables of IAM: those that narrow under a lease are deployed as they are written, which the engine proves; the
 * others are refused with what to write instead.
 */
import { type Definitions, loadDefinitions } from '@leasehold/definitions';
import { permissions } from '@leasehold/documents';
import { checkDefinitions } from '@leasehold/guardrails';
import { compare, evaluate, type PolicyDocument, prepare } from '@leasehold/policy';

const PROJECT = `kind: Project
name: shop
environments: { dev: { account: "123456789012", region: eu-west-1 } }
agents: { agent: { identity: { type: iam-user } } }
approvers: [lead]
`;

function load(statement: object) {
  const role = {
    kind: 'Role',
    name: 'task',
    purpose: 'Do one task.',
    access: 'write',
    gate: 'mfa',
    allow: [statement],
  };
  return loadDefinitions([], { texts: [{ name: 'all.yaml', text: `${PROJECT}---\n${JSON.stringify(role)}\n` }] });
}

async function deployed(statement: object): Promise<PolicyDocument> {
  const { definitions, findings } = load(statement);
  expect(findings).toEqual([]);
  expect((await checkDefinitions(definitions as Definitions, { today: '2026-11-30' })).findings).toEqual([]);
  const role = definitions?.environments[0]?.roles[0];
  if (role === undefined) throw new Error('a role');
  return permissions(role);
}

const allows = (policy: PolicyDocument, action: string, resource: string, context: Record<string, string> = {}) =>
  evaluate(
    {
      action,
      resource,
      principal: { kind: 'session', roleArn: 'arn:aws:iam::123456789012:role/shop-dev-task', sessionName: 'lh-1' },
      context,
    },
    prepare({ identity: [policy] }),
  ).outcome === 'allowed';

const NODE = 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0abc';
const OWN = { 'aws:ResourceTag/team': 'web' };
const tagging = (conditions: object) => ({
  actions: ['ec2:CreateTags'],
  resources: ['arn:aws:ec2:eu-west-1:123456789012:instance/*'],
  conditions: { StringEquals: { ...OWN, ...conditions } },
});

describe('the same tag of the resource, in a condition on a tag of the request', () => {
  const KEPT = { 'aws:RequestTag/team': '${aws:ResourceTag/team}' };

  test('narrows: whatever it permits was permitted without it, and not the other way round', async () => {
    const [with_, without] = [await deployed(tagging(KEPT)), await deployed(tagging({}))];
    expect(compare(without, with_, { resourcePolicies: 'ignore' }).kind).toBe('not-widened');
    expect(compare(with_, without, { resourcePolicies: 'ignore' }).kind).toBe('widened');
  });

  test.each([
    ['keeps the tag', { ...OWN, 'aws:RequestTag/team': 'web' }, true],
    ['changes it', { ...OWN, 'aws:RequestTag/team': 'ops' }, false],
    ['names none', OWN, false],
    ['works on what has none', { 'aws:RequestTag/team': 'web' }, false],
  ])('a request that %s: %j, %s', async (_, context, allowed) => {
    expect(allows(await deployed(tagging(KEPT)), 'ec2:CreateTags', NODE, context)).toBe(allowed);
  });

  test('is no scope of its own, since the caller chooses the resource', async () => {
    const open = { ...tagging({}), conditions: { StringEquals: KEPT } };
    const { definitions } = load(open);
    const { findings } = await checkDefinitions(definitions as Definitions, { today: '2026-11-30' });
    expect(findings.map(({ id }) => id)).toEqual(['scoped-resources']);
  });
});

describe("IAM's escapes for one character", () => {
  const put = (name: string) => ({ actions: ['s3:PutObject'], resources: [`arn:aws:s3:::shop/${name}`] });

  test.each([
    ['report${*}.csv', 'report*.csv', 'report1.csv', 'report*.csv'],
    ['report${?}.csv', 'report?.csv', 'report1.csv', 'report?.csv'],
    ['report${$}.csv', 'report$.csv', 'report1.csv', 'report*.csv'],
  ])('%s is %s and not %s, and narrower than %s', async (written, is, isNot, wider) => {
    const policy = await deployed(put(written));
    expect([is, isNot].map((name) => allows(policy, 's3:PutObject', `arn:aws:s3:::shop/${name}`))).toEqual([
      true,
      false,
    ]);
    const wide = await deployed(put(wider));
    expect(compare(wide, policy, { resourcePolicies: 'ignore' }).kind).toBe('not-widened');
    expect(compare(policy, wide, { resourcePolicies: 'ignore' }).kind).toBe('widened');
  });
});

test.each([
  ['aws:username', 'Write `${lease.id}`'],
  ['aws:userid', 'Write `${lease.id}`'],
  ['aws:PrincipalTag/team', 'Write `${param.team}`'],
  ['aws:PrincipalAccount', 'Write `${env.account}`'],
  ['aws:RequestedRegion', 'Write `${env.region}`: whoever makes the request chooses its region.'],
  ['s3:prefix', 'The caller chooses the prefix of a listing, so the variable limits nothing.'],
  ['aws:CurrentTime', 'The caller chooses the time of the call, so the variable limits nothing.'],
  [
    'ec2:SourceInstanceARN',
    'A lease does not run on an EC2 instance, so this variable has no value and matches nothing.',
  ],
  ['aws:ResourceTag/team', 'Declare a parameter'],
  ['aws:PrincipalOrgID', 'Declare a parameter'],
])('${%s} in a resource is refused: %s', (variable, hint) => {
  const { definitions, findings } = load({
    actions: ['s3:PutObject'],
    resources: [`arn:aws:s3:::shop/\${${variable}}/*`],
  });
  expect(definitions).toBeUndefined();
  expect(findings.map(({ id }) => id)).toEqual(['template-syntax']);
  expect(findings[0]?.hint).toContain(hint);
});

test('another tag of the resource is refused in a condition', () => {
  const { findings } = load(tagging({ 'aws:RequestTag/team': '${aws:ResourceTag/owner}' }));
  expect(findings.map(({ id }) => id)).toEqual(['template-syntax']);
});
