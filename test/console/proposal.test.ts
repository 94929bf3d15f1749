/** The form that is filled in from a proposal, and what it would send and show. */
import type { Proposal, RoleView } from '@leasehold/contract';
import { type Draft, requestOf } from '../../console/app/request/draft';
import { formFrom } from '../../console/app/request/proposal';
import { requestableFacts } from '../../lib/broker/core';

const INTENT = 'Upload release 1.4.2 of the shop';
const MANAGED = 'arn:aws:iam::aws:policy/SecurityAudit';
const ROLE: RoleView = {
  name: 'shop-deploy',
  arn: 'arn:aws:iam::123456789012:role/hermes-dev-shop-deploy',
  purpose: 'Upload one release of the shop.',
  access: 'write',
  actions: ['s3:GetObject', 's3:ListBucket', 's3:PutObject'],
  policy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::shop/*' },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::shop' },
      { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/secret/*' },
    ],
  },
  parameters: { release: { description: 'Release folder', pattern: '[a-z0-9.]{1,20}' } },
  lease: { defaultSeconds: 900, maxSeconds: 1800 },
  humans: 1,
  reviewer: 'decide',
};
const PROPOSAL: Proposal = {
  role: 'shop-deploy',
  parameters: { release: '1.4.2' },
  actions: ['s3:PutObject'],
  seconds: 330,
  humans: 1,
};

const draftOf = ({ minutes, ...start }: ReturnType<typeof formFrom>): Draft => ({ ...start, minutes: Number(minutes) });

it('sends the proposal as an ordinary request, in the words of the person', () => {
  expect(requestOf(ROLE, draftOf(formFrom(ROLE, INTENT, PROPOSAL)))).toEqual({
    role: 'shop-deploy',
    parameters: { release: '1.4.2' },
    actions: ['s3:PutObject'],
    seconds: 360,
    reason: INTENT,
  });
});

it.each<[string, RoleView, readonly string[], readonly string[] | undefined]>([
  ['fewer actions', ROLE, ['s3:PutObject'], ['s3:PutObject']],
  ['all actions', ROLE, ['s3:GetObject', 's3:ListBucket', 's3:PutObject'], undefined],
  ['all actions, in other case', ROLE, ['s3:getobject', 's3:listbucket', 's3:putobject'], undefined],
  ['all actions, without the managed policy', { ...ROLE, managedPolicies: [MANAGED] }, [...ROLE.actions], ROLE.actions],
  [
    'all actions, with the managed policy',
    { ...ROLE, managedPolicies: [MANAGED] },
    [...ROLE.actions, MANAGED],
    undefined,
  ],
])('the form asks for %s', (_, role, actions, expected) => {
  expect(formFrom(role, INTENT, { ...PROPOSAL, actions: [...actions] }).actions).toEqual(expected);
});

it.each<[string, RoleView, readonly string[]]>([
  ['a managed policy', { ...ROLE, managedPolicies: [MANAGED] }, [MANAGED]],
  ['a pattern', { ...ROLE, actions: ['s3:Get*', 's3:PutObject'] }, ['s3:Get*']],
  ['actions in a command', { ...ROLE, humans: 0 }, ['s3:PutObject']],
])('the form tells that the request cannot be narrowed to what it cannot name: %s', (_, role, actions) => {
  const form = formFrom(role, INTENT, { ...PROPOSAL, actions: [...actions] });
  expect([form.actions, form.unnamed]).toEqual([undefined, actions]);
});

it.each([
  [0, 0, 0],
  [0, 1, 1],
  [1, 2, 2],
  [2, 1, 2],
])('a role with %i approvals and a proposal with %i need %i', (needed, proposed, humans) => {
  expect(formFrom({ ...ROLE, humans: needed }, INTENT, { ...PROPOSAL, humans: proposed }).humans).toBe(humans);
});

it.each([
  [330, '6'],
  [1, '1'],
  [1800, '30'],
  [1830, '30'],
])('%i seconds are %s minutes in the form', (seconds, minutes) => {
  expect(formFrom(ROLE, INTENT, { ...PROPOSAL, seconds }).minutes).toBe(minutes);
});

it('shows what fewer actions permit, with everything that the role never permits', () => {
  const shown = (role: RoleView, actions?: readonly string[]) => {
    const facts = requestableFacts(role, { parameters: {}, seconds: 900, ...(actions ? { actions } : {}) });
    return Object.fromEntries(facts.map(({ label, lines }) => [label, lines]));
  };
  const never = [
    ['never ', 's3:GetObject'],
    ['  on ', 'arn:aws:s3:::shop/secret/*'],
  ];
  expect(shown(ROLE, ['s3:PutObject']).Permissions).toEqual([
    ['may ', 's3:PutObject'],
    ['  on ', 'arn:aws:s3:::shop/*'],
    ...never,
  ]);
  expect(shown(ROLE, ['s3:DeleteObject']).Permissions).toEqual(never);
  const managed = { ...ROLE, managedPolicies: [MANAGED] };
  expect(shown(managed)).toHaveProperty('Policies');
  expect(shown(managed, ['s3:PutObject'])).not.toHaveProperty('Policies');
});
