/** The short way past cdktf's search for tokens leads to the same JSON, and only literal resources take it. */
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { LeaseholdStack } from '@leasehold/constructs';
import { App, Fn, TerraformStack, Token } from 'cdktf';
import { anAgent, anEnvironment, aReleaseRole, IDENTITIES } from '../support/environment';
import { inTemporaryFolder } from '../support/synth';

const environment = anEnvironment({
  agents: Object.values(IDENTITIES).map((identity) => anAgent({ name: `a-${identity.type}`, identity })),
  roles: [aReleaseRole({ agents: ['a-iam-user'], gates: ['broker', 'mfa'] })],
  alerts: { emails: ['security@example.com'], trail: 'create' },
});

it('writes what cdktf writes by itself', () => {
  const stack = aStack();
  const short = written(stack.toTerraform());
  const long = written(TerraformStack.prototype.toTerraform.call(stack));
  expect(short.resource).toEqual(long.resource);
  expect({ ...short, output: {}, resource: {} }).toEqual({ ...long, output: {}, resource: {} });
  expect(written(stack.toTerraform())).toEqual(short);
});

describe('a resource that somebody adds to the stack', () => {
  it.each([
    ['a reference', (role: IamRole) => role.arn, /^\$\{aws_iam_role\.added_role\.arn\}$/],
    ['text around a reference', (role: IamRole) => `see ${role.name}!`, /^see \$\{aws_iam_role\.added_role\.name\}!$/],
    ['a function', (role: IamRole) => Fn.upper(role.name), /^\$\{upper\(aws_iam_role\.added_role\.name\)\}$/],
  ])('is resolved where it holds %s', (_, description, expected) => {
    const stack = aStack();
    const role = aRoleIn(stack);
    new IamPolicy(stack, 'added', { policy: '{}', description: description(role) });
    expect(written(stack.toTerraform()).resource.aws_iam_policy?.added?.description).toMatch(expected);
  });

  it.each([
    ['a number', 'max_session_duration', { maxSessionDuration: Token.asNumber('${var.it}') }],
    ['a list', 'managed_policy_arns', { managedPolicyArns: Token.asList('${var.it}') }],
    ['a map', 'tags', { tags: Token.asStringMap('${var.it}') }],
  ])('is resolved where it holds a reference that stands for %s', (_, attribute, setting) => {
    const stack = aStack();
    Object.assign(aRoleIn(stack), setting);
    expect(written(stack.toTerraform()).resource.aws_iam_role?.added_role?.[attribute]).toBe('${var.it}');
  });

  it('keeps its overrides, its move and its import', () => {
    const stack = aStack();
    aRoleIn(stack).addOverride('lifecycle.prevent_destroy', true);
    new IamPolicy(stack, 'moved', { policy: '{}' }).moveFromId('aws_iam_policy.before');
    new IamPolicy(stack, 'imported', { policy: '{}' }).importFrom('arn:aws:iam::123456789012:policy/x');
    const json = written(stack.toTerraform());
    expect(json.resource.aws_iam_role?.added_role).toMatchObject({ lifecycle: { prevent_destroy: true } });
    expect(json).toMatchObject({
      moved: [{ from: 'aws_iam_policy.before', to: 'aws_iam_policy.moved' }],
      import: [{ id: 'arn:aws:iam::123456789012:policy/x', to: 'aws_iam_policy.imported' }],
    });
  });
});

function aStack(): LeaseholdStack {
  return inTemporaryFolder((outdir) => new LeaseholdStack(new App({ outdir }), 'hermes-dev', { environment }));
}

function aRoleIn(stack: TerraformStack): IamRole {
  const role = new IamRole(stack, 'added_role', { name: 'added', assumeRolePolicy: '{}' });
  role.overrideLogicalId('added_role');
  return role;
}

interface Written {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** As it stands in the file. */
function written(json: unknown): Written {
  return JSON.parse(JSON.stringify(json));
}
