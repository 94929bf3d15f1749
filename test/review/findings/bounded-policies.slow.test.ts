/** A broker may write the policy that revokes leases: it permits nothing. Every other policy that it could write is told. */
import {
  BROKER_PATH,
  brokerFunctionArn,
  brokerName,
  brokerPermissions,
  brokerRoleArn,
  NO_DENIALS,
  revocationPolicy,
  revocationPolicyArn,
  revocationPolicyName,
  roleArn,
  roleBoundary,
  roleName,
  rolePath,
  rolePolicy,
} from '@leasehold/documents';
import type { PolicyDocument, Statement } from '@leasehold/policy';
import { aBrokerEnvironment, aBrokeredRole } from '../../support/broker-environment';
import { ACCOUNT, allows, change, type Json, policy, reviewOf, told } from '../planned';

const ENVIRONMENT = aBrokerEnvironment({ account: ACCOUNT });
const REFUND = aBrokeredRole();
const REVOKED = revocationPolicyArn(ENVIRONMENT);
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/leasehold/hermes-dev/hermes-dev-refund-role-boundary`;
const ROLE = 'hermes-dev-broker';

const text = (document: PolicyDocument) => JSON.stringify(document);
const EVERYTHING: PolicyDocument = { Version: '2012-10-17', Statement: [allows('*')] };

interface Parts {
  readonly boundary?: PolicyDocument | 'none' | 'unknown';
  readonly inline?: PolicyDocument;
  readonly revoked?: PolicyDocument;
  /** What the broker gains. */
  readonly gains?: readonly Statement[];
  readonly more?: readonly Json[];
  readonly exclusive?: boolean;
  /** Another policy that the role has under the same boundary. */
  readonly second?: string;
  readonly attached?: boolean;
  /** Whether the plan creates everything, so that AWS has made no ARN yet. */
  readonly isNew?: boolean;
  /** Who gains it. */
  readonly by?: 'broker' | 'other';
}

/** A stack whose broker gains the power to write the revocation policy. */
function stack({
  boundary = roleBoundary(REFUND, ENVIRONMENT),
  inline = rolePolicy(REFUND),
  revoked = revocationPolicy(NO_DENIALS, ENVIRONMENT),
  gains = brokerPermissions(ENVIRONMENT).flatMap(({ Statement: all }) =>
    (all as readonly Statement[]).filter(({ Sid }) => Sid === 'Revoke'),
  ),
  more = [],
  exclusive = true,
  attached = true,
  by = 'broker',
  isNew = false,
  second,
}: Parts): readonly Json[] {
  const there = ({ arn, ...rest }: Json) =>
    isNew ? { after: rest, unknown: { arn: true, id: true } } : { same: { arn, ...rest } };
  const name = roleName(REFUND, ENVIRONMENT);
  const trust = policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
  const bounded = boundary === 'none' ? {} : { permissions_boundary: BOUNDARY };
  return [
    change('aws_lambda_function.broker', {
      same: {
        function_name: brokerName(ENVIRONMENT),
        arn: brokerFunctionArn(ENVIRONMENT),
        role: brokerRoleArn(ENVIRONMENT),
      },
    }),
    change(
      'aws_iam_role.broker',
      there({ name: ROLE, path: BROKER_PATH, arn: brokerRoleArn(ENVIRONMENT), assume_role_policy: trust }),
    ),
    change('aws_iam_role.other', {
      same: { name: 'other', path: '/', arn: `arn:aws:iam::${ACCOUNT}:role/other`, assume_role_policy: trust },
    }),
    change('aws_iam_role_policy.gains', {
      after: { name: 'gains', role: by === 'broker' ? ROLE : 'other', policy: policy(...gains) },
    }),
    change(
      'aws_iam_role.refund',
      there({
        name,
        path: rolePath(ENVIRONMENT),
        arn: roleArn(REFUND, ENVIRONMENT),
        assume_role_policy: trust,
        ...bounded,
      }),
    ),
    change('aws_iam_role_policy.refund', { same: { name: 'refund', role: name, policy: text(inline) } }),
    change(
      'aws_iam_policy.revoked',
      there({
        name: revocationPolicyName(ENVIRONMENT),
        path: rolePath(ENVIRONMENT),
        arn: REVOKED,
        policy: text(revoked),
      }),
    ),
    ...(typeof boundary === 'string'
      ? []
      : [
          change(
            'aws_iam_policy.boundary',
            there({
              name: 'hermes-dev-refund-role-boundary',
              path: rolePath(ENVIRONMENT),
              arn: BOUNDARY,
              policy: text(boundary),
            }),
          ),
        ]),
    ...(attached
      ? [change('aws_iam_role_policy_attachment.refund', { same: { role: name, policy_arn: REVOKED } })]
      : []),
    ...(exclusive
      ? [
          change('aws_iam_role_policy_attachments_exclusive.refund', {
            same: { role_name: name, policy_arns: second === undefined ? [REVOKED] : [REVOKED, second] },
          }),
        ]
      : []),
    ...(second === undefined
      ? []
      : [
          change('aws_iam_policy.second', {
            same: {
              name: second.split('/').at(-1),
              path: rolePath(ENVIRONMENT),
              arn: second,
              policy: text(revocationPolicy(NO_DENIALS, ENVIRONMENT)),
            },
          }),
          change('aws_iam_role_policy_attachment.second', { same: { role: name, policy_arn: second } }),
        ]),
    ...more,
  ];
}

async function findings(parts: Parts): Promise<readonly string[]> {
  return told(await reviewOf(stack(parts))).filter((each) => each.includes('privilege-escalation'));
}

it('says nothing of the deployed documents, whatever the policy contains today', async () => {
  expect(await findings({})).toEqual([]);
  expect(await findings({ revoked: revocationPolicy({ ...NO_DENIALS, everything: true }, ENVIRONMENT) })).toEqual([]);
});

it('says nothing of a new stack, whose ARNs AWS has not made yet', async () => {
  expect(await findings({ isNew: true })).toEqual([]);
  expect(await findings({ isNew: true, boundary: roleBoundary() })).not.toEqual([]);
});

const SECOND = REVOKED.replace('hermes-dev-revoked', 'hermes-dev-second');
const OF_OTHERS = REVOKED.replaceAll('hermes-dev', 'hermes-prod');
const write = (resource: string) => [allows('iam:CreatePolicyVersion', resource)];

it.each<readonly [string, Parts]>([
  ['under the boundary that other roles share', { boundary: roleBoundary() }],
  ['without a boundary', { boundary: 'none' }],
  ['under a boundary that the plan does not show', { boundary: 'unknown' }],
  ['under a boundary that allows one action more', { boundary: wider('s3:PutObject') }],
  [
    'for a role whose own policy lost a statement',
    { inline: { Version: '2012-10-17', Statement: [allows('s3:ListBucket')] } },
  ],
  ['for a policy that is attached to nothing', { attached: false, exclusive: false }],
  ['for a role whose attachments Terraform does not manage', { exclusive: false }],
  ['for the boundary itself', { gains: write(BOUNDARY) }],
  ['for every policy of the stack', { gains: write(REVOKED.replace('hermes-dev-revoked', '*')) }],
  ['and for another policy, too', { gains: [...write(REVOKED), ...write(`${REVOKED}-2`)] }],
  ['for another policy that can permit nothing', { second: SECOND, gains: write(SECOND) }],
  [
    'for another policy that can permit nothing, and is named as that of another broker',
    { second: OF_OTHERS, gains: write(OF_OTHERS) },
  ],
  ['and the power to attach policies', { gains: [...write(REVOKED), allows('iam:AttachRolePolicy', '*')] }],
  ['for anybody but the broker', { by: 'other' }],
  [
    'for a policy that another role has, too',
    {
      more: [change('aws_iam_role_policy_attachment.other', { same: { role: 'other', policy_arn: REVOKED } })],
    },
  ],
  [
    'for a policy that is the boundary of another role',
    {
      more: [
        change('aws_iam_role.bounded', {
          same: {
            name: 'bounded',
            path: '/',
            arn: `arn:aws:iam::${ACCOUNT}:role/bounded`,
            assume_role_policy: policy(),
            permissions_boundary: REVOKED,
          },
        }),
      ],
    },
  ],
])('reports the power to write it %s', async (_, parts) => {
  expect(await findings(parts)).not.toEqual([]);
});

function wider(action: string): PolicyDocument {
  const { Statement: statements } = roleBoundary(REFUND, ENVIRONMENT);
  return { Version: '2012-10-17', Statement: [...(statements as readonly Statement[]), allows(action)] };
}

it('counts a document that allows everything as nothing under the boundary', async () => {
  expect(await findings({ revoked: EVERYTHING })).toEqual([]);
});
