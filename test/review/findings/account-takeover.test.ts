/** Whoever can make themselves a user of a pool or a directory acts as anybody to whatever trusts its sign-ins. */
import { reviewPlan } from '../../../lib/review/review-plan';
import { ACCOUNT, allow, aPlan } from '../diff/build';

const POOL = `arn:aws:cognito-idp:eu-west-1:${ACCOUNT}:userpool/eu-west-1_AbCdEfGhI`;
const IDENTITIES = `arn:aws:cognito-identity:eu-west-1:${ACCOUNT}:identitypool/eu-west-1:11111111-2222-3333-4444-555555555555`;

interface Case {
  readonly kind: string;
  readonly resource: string;
  readonly actions: readonly string[];
}

const TAKE_OVER: readonly Case[] = [
  {
    kind: 'passwords and sign-ins of others',
    resource: POOL,
    actions: [
      'cognito-idp:AdminSetUserPassword',
      'cognito-idp:AdminResetUserPassword',
      'cognito-idp:AdminInitiateAuth',
      'cognito-idp:AdminRespondToAuthChallenge',
      'cognito-idp:AddUserPoolClientSecret',
    ],
  },
  {
    kind: 'who a user is',
    resource: POOL,
    actions: [
      'cognito-idp:AdminAddUserToGroup',
      'cognito-idp:AdminUpdateUserAttributes',
      'cognito-idp:AdminDeleteUserAttributes',
      'cognito-idp:AdminLinkProviderForUser',
    ],
  },
  {
    kind: 'MFA',
    resource: POOL,
    actions: [
      'cognito-idp:AdminSetUserMFAPreference',
      'cognito-idp:AdminSetUserSettings',
      'cognito-idp:AdminDeleteSoftwareToken',
      'cognito-idp:AdminUpdateDeviceStatus',
      'cognito-idp:SetUserPoolMfaConfig',
      'cognito-idp:SetRiskConfiguration',
    ],
  },
  {
    kind: 'new users',
    resource: POOL,
    actions: [
      'cognito-idp:AdminCreateUser',
      'cognito-idp:AdminConfirmSignUp',
      'cognito-idp:AdminEnableUser',
      'cognito-idp:CreateUserImportJob',
      'cognito-idp:StartUserImportJob',
    ],
  },
  {
    kind: 'whom a pool trusts, and where it sends people',
    resource: POOL,
    actions: [
      'cognito-idp:CreateIdentityProvider',
      'cognito-idp:UpdateIdentityProvider',
      'cognito-idp:CreateUserPoolClient',
      'cognito-idp:UpdateUserPoolClient',
      'cognito-idp:UpdateUserPool',
    ],
  },
  {
    kind: 'identity pools',
    resource: IDENTITIES,
    actions: ['cognito-identity:UpdateIdentityPool', 'cognito-identity:MergeDeveloperIdentities'],
  },
];

/** They name no resource, or one whose id nobody writes out. */
const EVERYWHERE = [
  'cognito-identity:SetIdentityPoolRoles',
  'identitystore:UpdateUser',
  'sso-directory:UpdateUser',
  'sso-directory:EnableUser',
  'sso-directory:VerifyEmail',
  'workmail:ResetPassword',
  'workmail:PutIdentityProviderConfiguration',
  'workspaces:ModifySamlProperties',
];

/** They end sign-ins, remove users or only read. */
const OTHERS = [
  'cognito-idp:AdminDeleteUser',
  'cognito-idp:AdminDisableUser',
  'cognito-idp:AdminUserGlobalSignOut',
  'cognito-idp:AdminGetUser',
  'cognito-idp:SetUICustomization',
  'cognito-idp:TagResource',
];

async function severitiesOf(action: string, resource: string): Promise<readonly string[]> {
  const after = { identities: { support: { policies: [[allow(action, resource)]] } } };
  const { findings } = await reviewPlan(aPlan({}, after), { today: '2026-11-22' });
  return findings.flatMap(({ id, severity, message }) =>
    id === 'privilege-escalation' && message.includes('become somebody else') ? [severity] : [],
  );
}

describe.each(TAKE_OVER)('$kind', ({ actions, resource }) => {
  test.each(actions)('%s is high on one pool, and critical on all', async (action) => {
    expect(await severitiesOf(action, resource)).toEqual(['high']);
    expect(await severitiesOf(action, '*')).toEqual(['critical']);
  });
});

test.each(EVERYWHERE)('%s is critical', async (action) => {
  expect(await severitiesOf(action, '*')).toEqual(['critical']);
});

test.each(OTHERS)('%s takes over nobody', async (action) => {
  expect(await severitiesOf(action, '*')).toEqual([]);
});
