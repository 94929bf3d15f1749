/** A review with one of everything, in which every text can be replaced. */
import type { Review } from '../../../lib/review/review';

/** What a text of a review is: a name or other value, or a sentence. */
export type Fill = (text: string) => string;

/** The review, each text of it put through `fill`; the words of the renderers' own stay. */
export function sampleReview(fill: Fill = (text) => text): Review {
  return {
    verdict: fill('1 role gains write access, 1 role is new; 3 findings, worst critical'),
    worst: 'critical',
    identities: [
      {
        key: fill('role 210987654321 hermes-prod-s3-deploy'),
        kind: 'role',
        name: fill('hermes-prod-s3-deploy'),
        place: { address: fill('module.leasehold["prod"].aws_iam_role.s3-deploy') },
        state: 'changed',
        permissions: {
          kind: 'widened',
          witness: fill('`s3:DeleteObject` on `arn:aws:s3:::hermes-prod-deploy/*`'),
        },
        gained: [
          {
            service: fill('s3'),
            level: 'Write',
            actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'].map(fill),
            resources: [fill('arn:aws:s3:::hermes-prod-deploy/*')],
          },
        ],
        lost: [
          {
            service: fill('s3'),
            level: 'List',
            actions: [fill('s3:ListBucket')],
            resources: [fill('arn:aws:s3:::hermes-prod-deploy')],
          },
        ],
        trust: ['MFA is no longer demanded.', '`arn:aws:iam::123456789012:root` may now assume it.'].map(fill),
        other: [fill('The longest session grows from 900 s to 3600 s.')],
      },
      {
        key: fill('role 210987654321 hermes-prod-logs-read'),
        kind: 'role',
        name: fill('hermes-prod-logs-read'),
        place: { address: fill('aws_iam_role.logs-read') },
        state: 'new',
        permissions: { kind: 'widened', witness: fill('`logs:GetLogEvents` on `*`') },
        gained: [
          { service: fill('logs'), level: 'Read', actions: [fill('logs:GetLogEvents')], resources: [fill('*')] },
        ],
        lost: [],
        trust: [fill('`arn:aws:iam::210987654321:user/agents/hermes-prod-agent` may assume it with MFA.')],
        other: [],
      },
      {
        key: fill('user 210987654321 ci'),
        kind: 'user',
        name: fill('ci'),
        state: 'changed',
        permissions: { kind: 'unknown', why: fill('the policy is known only after apply') },
        gained: [],
        lost: [],
        trust: [],
        other: [fill('It joins the group `admins`.')],
      },
      {
        key: fill('group 210987654321 old'),
        kind: 'group',
        name: fill('old'),
        place: { address: fill('aws_iam_group.old') },
        state: 'removed',
        permissions: { kind: 'narrowed' },
        gained: [],
        lost: [{ service: fill('ec2'), level: 'unknown', actions: [fill('ec2:Frob*')], resources: [fill('*')] }],
        trust: [],
        other: [],
      },
    ],
    findings: [
      {
        id: 'mfa-weakened',
        severity: 'critical',
        place: {
          address: fill('module.leasehold["prod"].aws_iam_role.s3-deploy'),
          attribute: fill('assume_role_policy'),
        },
        message: fill('The role hermes-prod-s3-deploy can be opened without MFA.'),
        why: fill(
          'Without this requirement, anyone who has the access key can assume the role without the approval of a human.',
        ),
        hint: fill('Put `Bool aws:MultiFactorAuthPresent true` back; not `BoolIfExists`.'),
        identity: fill('role 210987654321 hermes-prod-s3-deploy'),
      },
      {
        id: 'unread-policy',
        severity: 'high',
        place: { address: fill('aws_iam_user_policy.ci'), attribute: fill('policy') },
        message: fill('The policy of the user ci cannot be read.'),
        why: fill('What cannot be read can be anything.'),
        hint: fill('Make it a literal.'),
      },
      {
        id: 'deletion-protection',
        severity: 'low',
        place: { address: fill('aws_dynamodb_table.t') },
        message: fill('The table t loses its deletion protection.'),
        why: fill('One call can then delete it.'),
        hint: fill('Set `deletion_protection_enabled` to true.'),
      },
    ],
    statements: [
      {
        place: {
          address: fill('module.leasehold["prod"].aws_iam_role.s3-deploy'),
          attribute: fill('assume_role_policy'),
        },
        pairs: [
          {
            before: {
              Effect: 'Allow',
              Principal: { AWS: fill('arn:aws:iam::210987654321:user/agents/hermes-prod-agent') },
              Action: fill('sts:AssumeRole'),
              Condition: { Bool: { [fill('aws:MultiFactorAuthPresent')]: fill('true') } },
            },
            after: {
              Effect: 'Allow',
              Principal: { AWS: ['arn:aws:iam::210987654321:user/agents/hermes-prod-agent', '123456789012'].map(fill) },
              Action: fill('sts:AssumeRole'),
            },
          },
        ],
      },
    ],
    unknowns: [
      {
        place: { address: fill('aws_iam_user_policy.ci'), attribute: fill('policy') },
        why: fill('known only after apply'),
      },
      { place: { address: fill('aws_iam_role.other') }, why: fill('its provider is configured by a resource') },
    ],
    graph: {
      before: {
        nodes: [
          { id: 'agent', label: fill('hermes-prod-agent'), kind: 'principal' },
          { id: 'role', label: fill('hermes-prod-s3-deploy'), kind: 'role' },
          { id: 's3', label: fill('s3'), kind: 'service' },
        ],
        edges: [
          { from: 'agent', to: 'role', label: fill('with MFA') },
          { from: 'role', to: 's3', label: fill('Read, List') },
        ],
      },
      after: {
        nodes: [
          { id: 'agent', label: fill('hermes-prod-agent'), kind: 'principal' },
          { id: 'root', label: fill('account 123456789012'), kind: 'principal' },
          { id: 'role', label: fill('hermes-prod-s3-deploy'), kind: 'role' },
          { id: 's3', label: fill('s3'), kind: 'service' },
        ],
        edges: [
          { from: 'agent', to: 'role', label: '' },
          { from: 'root', to: 'role', label: '' },
          { from: 'role', to: 's3', label: fill('Read, Write') },
        ],
      },
    },
    terraform: fill('1.11.4'),
    seen: { resources: 12, identities: 5, policies: 7 },
  };
}
