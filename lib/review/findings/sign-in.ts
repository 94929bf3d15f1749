/** How people sign in: user pools, their clients and the providers that they trust. */
import { sameValue } from '../diff/equal-values';
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { isTrue, isUnread, listAt, show, valueAt, valuesOf } from './attributes';
import { type Change, type Check, type FindingKind, finding, listOf } from './finding';

const signUp: FindingKind = {
  id: 'sign-up-opened',
  title: 'Anybody can make themselves a user of a user pool',
  severities: ['critical'],
  why: 'Whoever can sign up has tokens that applications and APIs of the pool accept.',
  hint: 'Set `allow_admin_create_user_only` to true, and let administrators create the users.',
};

const weakened: FindingKind = {
  id: 'sign-in-weakened',
  title: 'People sign in with less proof, or a sign-in is worth more',
  severities: ['high', 'medium'],
  why: 'A guessed password or a stolen token is then enough to act as somebody else, or works for longer.',
  hint: 'Keep MFA required, the authorization code flow, short token lifetimes and token rotation, and accept only the identity providers that you operate.',
};

const redirect: FindingKind = {
  id: 'redirect-changed',
  title: 'The sign-in pages return to another address',
  severities: ['high'],
  why: 'Whoever has an address to which the pages return receives the code of a sign-in.',
  hint: 'Check that the address is yours, exact and encrypted, and remove it if no application uses it.',
};

export const signIn: Check = {
  kinds: [signUp, weakened, redirect],
  *find({ watched, leasehold }) {
    for (const change of watched) {
      switch (change.after?.type) {
        case 'aws_cognito_user_pool':
          yield* ofPool(change, leasehold);
          break;
        case 'aws_cognito_user_pool_client':
        case 'aws_cognito_managed_user_pool_client':
          yield* ofClient(change, leasehold);
          break;
        case 'aws_cognito_identity_provider':
          yield* ofProvider(change);
          break;
      }
    }
  },
};

/** An attribute, its good value, and the message if it no longer has that value. An unreadable value is not good. */
type Demand = readonly [path: string, good: (value: unknown) => boolean, words: string];

const POOL: readonly Demand[] = [
  ['mfa_configuration', (value) => value === 'ON', 'does not require MFA of everybody'],
  ['software_token_mfa_configuration[0].enabled', isTrue, 'does not offer authenticator apps for MFA'],
  [
    'account_recovery_setting[0].recovery_mechanism',
    (value) =>
      Array.isArray(value) && value.length > 0 && value.every((each) => valueAt(each, 'name') === 'admin_only'),
    'lets people recover their accounts by e-mail or telephone',
  ],
];

const CLIENT: readonly Demand[] = [
  [
    'allowed_oauth_flows',
    (value) => Array.isArray(value) && value.every((flow) => flow === 'code'),
    'accepts other flows than the one with a code',
  ],
  ['enable_token_revocation', isTrue, 'does not revoke tokens when somebody signs out'],
  ['refresh_token_rotation[0].feature', (value) => value === 'ENABLED', 'does not rotate refresh tokens'],
  ['prevent_user_existence_errors', (value) => value === 'ENABLED', 'tells strangers which users exist'],
];

function* ofPool(change: Change<Watched>, leasehold: boolean): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (after === undefined) return;
  const { address } = after.place;
  const only = 'admin_create_user_config[0].allow_admin_create_user_only';
  if (isLost(change, only, isTrue, leasehold)) {
    const attribute = 'admin_create_user_config';
    yield finding(signUp, { place: { address, attribute }, message: `The user pool ${address} lets anybody sign up.` });
  }
  yield* lost(change, POOL, 'user pool', leasehold);
  yield* grown(change, 'sign_in_policy[0].allowed_first_auth_factors', 'begins a sign-in with');
  const [was, is] = valuesOf(change, 'password_policy[0].minimum_length');
  if (typeof was === 'number' && !(typeof is === 'number' && is >= was)) {
    yield weaker(
      address,
      'password_policy',
      `The user pool ${address} takes passwords of ${show(is)} characters instead of ${was}.`,
    );
  }
  const [code, other] = valuesOf(change, 'lambda_config');
  if (before !== undefined && !sameValue(code ?? [], other ?? [])) {
    // A function can confirm a sign-up, answer a challenge, and write groups into tokens.
    yield weaker(
      address,
      'lambda_config',
      `Other functions decide about sign-ins to the user pool ${address}, and about the groups in its tokens.`,
    );
  }
}

function* ofClient(change: Change<Watched>, leasehold: boolean): Iterable<ReviewFinding> {
  const { after } = change;
  if (after === undefined) return;
  yield* lost(change, CLIENT, 'client', leasehold);
  yield* grown(change, 'supported_identity_providers', 'takes people of');
  yield* grown(change, 'allowed_oauth_scopes', 'gives tokens the scopes');
  yield* grown(change, 'explicit_auth_flows', 'signs people in by');
  yield* longer(change);
  yield* redirects(change);
}

/** A provider that a pool trusts. Its people become users of the pool. */
function* ofProvider({ before, after }: Change<Watched>): Iterable<ReviewFinding> {
  if (after === undefined) return;
  const { address } = after.place;
  const does =
    before === undefined ? 'is trusted by a user pool, and its people become users' : 'changes what a user pool trusts';
  yield weaker(address, 'provider_details', `The identity provider ${address} ${does}.`);
}

/** Findings for demands that are no longer met; in a configuration of Leasehold also for those that never were. */
function* lost(
  change: Change<Watched>,
  demands: readonly Demand[],
  what: string,
  leasehold: boolean,
): Iterable<ReviewFinding> {
  const address = change.after?.place.address ?? '';
  for (const [path, good, words] of demands) {
    if (!isLost(change, path, good, leasehold)) continue;
    yield weaker(address, path.replace(/\[.*$/, ''), `The ${what} ${address} ${words}.`);
  }
}

function isLost(change: Change<Watched>, path: string, good: Demand[1], leasehold: boolean): boolean {
  const [was, is] = valuesOf(change, path);
  return !good(is) && (change.before === undefined ? leasehold : good(was));
}

/** A finding for each list that gets an item that it did not have, or that cannot be read any more. */
function* grown(change: Change<Watched>, path: string, words: string): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (before === undefined || after === undefined) return;
  const fresh = added(change, path);
  if (fresh.length === 0) return;
  const { address } = after.place;
  yield weaker(address, path.replace(/\[.*$/, ''), `${address} ${words} ${listOf(fresh.map(show))} too.`);
}

function added(change: Change<Watched>, path: string): readonly unknown[] {
  const [was, is] = valuesOf(change, path);
  if (isUnread(is)) return isUnread(was) ? [] : [is];
  const known = listAt(change.before?.values, path);
  return listAt(change.after?.values, path).filter((item) => !known.includes(item));
}

const UNITS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };
/** Token → the attribute with its lifetime, and the unit where none is set. */
const LIFETIMES = [
  ['access_token', 'hours'],
  ['id_token', 'hours'],
  ['refresh_token', 'days'],
] as const;

function* longer({ before, after }: Change<Watched>): Iterable<ReviewFinding> {
  if (before === undefined || after === undefined) return;
  const { address } = after.place;
  for (const [token, unit] of LIFETIMES) {
    const [was, is] = [secondsOf(before, token, unit), secondsOf(after, token, unit)];
    if (was === undefined || (is !== undefined && is <= was)) continue;
    const now = is === undefined ? 'an unknown time' : `${is} seconds`;
    yield finding(weakened, {
      place: { address, attribute: `${token}_validity` },
      severity: 'medium',
      message: `The client ${address} gives ${token.replace('_', ' ')}s for ${now} instead of ${was} seconds.`,
    });
  }
}

function secondsOf({ values }: Watched, token: string, standard: string): number | undefined {
  const count = valueAt(values, `${token}_validity`);
  const unit = valueAt(values, `token_validity_units[0].${token}`) ?? standard;
  const size = typeof unit === 'string' ? UNITS[unit] : undefined;
  return typeof count === 'number' && size !== undefined ? count * size : undefined;
}

function* redirects(change: Change<Watched>): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (before === undefined || after === undefined) return;
  const { address } = after.place;
  for (const attribute of ['callback_urls', 'default_redirect_uri', 'logout_urls']) {
    const fresh = added(change, attribute);
    if (fresh.length === 0) continue;
    yield finding(redirect, {
      place: { address, attribute },
      message: `The client ${address} returns to ${listOf(fresh.map(show))}, which is new in ${attribute}.`,
    });
  }
}

function weaker(address: string, attribute: string, message: string): ReviewFinding {
  return finding(weakened, { place: { address, attribute }, message });
}
