/** Checks how people sign in: user pools, their app clients and the identity providers that the pools trust. */
import { sameValue } from '../diff/equal-values';
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { ofClient } from './app-clients';
import { isTrue, show, valueAt, valuesOf } from './attributes';
import { type Change, type Check, finding } from './finding';
import { grown, isLost, lost, redirect, type SignInDemand, signUp, weakened, weaker } from './sign-in-weakening';

export const signIn: Check = {
  kinds: [signUp, weakened, redirect],
  *find(context) {
    for (const change of context.watched) {
      switch (change.after?.type) {
        case 'aws_cognito_user_pool':
          yield* ofPool(change, context.leasehold);
          break;
        case 'aws_cognito_user_pool_client':
        case 'aws_cognito_managed_user_pool_client':
          yield* ofClient(change, context);
          break;
        case 'aws_cognito_identity_provider':
          yield* ofProvider(change);
          break;
      }
    }
  },
};

const POOL: readonly SignInDemand[] = [
  ['mfa_configuration', (value) => value === 'ON', 'does not require MFA of everybody'],
  ['software_token_mfa_configuration[0].enabled', isTrue, 'does not offer authenticator apps for MFA'],
  [
    'account_recovery_setting[0].recovery_mechanism',
    (value) =>
      Array.isArray(value) && value.length > 0 && value.every((each) => valueAt(each, 'name') === 'admin_only'),
    'lets people recover their accounts by e-mail or telephone',
  ],
];

function* ofPool(change: Change<Watched>, leasehold: boolean): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (after === undefined) return;
  const { address } = after.place;
  const only = 'admin_create_user_config[0].allow_admin_create_user_only';
  if (isLost(change, only, isTrue, leasehold)) {
    const attribute = 'admin_create_user_config';
    yield finding(signUp, {
      place: { address, attribute },
      message: `The user pool ${address} permits anybody to sign up.`,
    });
  }
  yield* lost(change, POOL, 'user pool', leasehold);
  yield* grown(change, 'sign_in_policy[0].allowed_first_auth_factors', 'begins a sign-in with');
  const [was, is] = valuesOf(change, 'password_policy[0].minimum_length');
  if (typeof was === 'number' && !(typeof is === 'number' && is >= was)) {
    yield weaker(
      address,
      'password_policy',
      `The minimum password length of the user pool ${address} changes from ${was} to ${show(is)} characters.`,
    );
  }
  const [code, other] = valuesOf(change, 'lambda_config');
  if (before !== undefined && !sameValue(code ?? [], other ?? [])) {
    // A Lambda trigger can confirm a sign-up, answer a challenge, and write groups into tokens.
    yield weaker(
      address,
      'lambda_config',
      `The plan changes functions that control sign-ins to the user pool ${address} or the groups in its tokens.`,
    );
  }
}

/** Findings about an identity provider that a pool trusts. The provider's users become users of the pool. */
function* ofProvider({ before, after }: Change<Watched>): Iterable<ReviewFinding> {
  if (after === undefined) return;
  const { address } = after.place;
  const does =
    before === undefined ? 'is trusted by a user pool, and its people become users' : 'changes what a user pool trusts';
  yield weaker(address, 'provider_details', `The identity provider ${address} ${does}.`);
}
