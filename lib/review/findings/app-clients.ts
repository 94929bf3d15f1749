/** The app clients of user pools: applications that sign people in and receive their tokens. */
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import { isTrue, isUnread, listAt, show, valueAt } from './attributes';
import { type Change, finding, listOf, type ReviewContext } from './finding';
import { added, grown, lost, redirect, type SignInDemand, weakened } from './sign-in-weakening';

const CLIENT: readonly SignInDemand[] = [
  [
    'allowed_oauth_flows',
    (value) => Array.isArray(value) && value.every((flow) => flow === 'code'),
    'accepts other flows than the one with a code',
  ],
  ['enable_token_revocation', isTrue, 'does not revoke tokens when somebody signs out'],
  ['refresh_token_rotation[0].feature', (value) => value === 'ENABLED', 'does not rotate refresh tokens'],
  ['prevent_user_existence_errors', (value) => value === 'ENABLED', 'tells strangers which users exist'],
];

/** Findings about a new or changed app client. */
export function* ofClient(change: Change<Watched>, context: ReviewContext): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (after === undefined) return;
  yield* lost(change, CLIENT, 'client', context.leasehold);
  if (before === undefined && isOfExistingPool(after, context)) {
    yield addedClient(after);
    yield* redirects(change);
  }
  if (before === undefined) return;
  yield* grown(change, 'supported_identity_providers', 'takes people of');
  yield* grown(change, 'allowed_oauth_scopes', 'gives tokens the scopes');
  yield* grown(change, 'explicit_auth_flows', 'signs people in by');
  yield* longer(change);
  yield* redirects(change);
}

/**
 * Whether the plan adds a client to an existing pool. A new pool's id is known only after apply, so a client of a new
 * pool refers to a pool resource that the plan creates.
 */
function isOfExistingPool({ values, names }: Watched, { access }: ReviewContext): boolean {
  if (!isUnread(valueAt(values, POOL_ID))) return true;
  const pools = names?.[POOL_ID] ?? [];
  const existing = new Set([...access.before.watched.values()].map(({ place }) => place.address));
  return pools.length === 0 || pools.some((address) => existing.has(address));
}

const POOL_ID = 'user_pool_id';

/** An application also accepts the tokens of a new client, unless it checks the client of each token. */
function addedClient({ place: { address }, values }: Watched): ReviewFinding {
  const loose = WAYS.some(({ path, loose: isLoose }) => listAt(values, path).some(isLoose));
  const ways = WAYS.flatMap(({ path, words }) => {
    const written = listAt(values, path);
    return written.length === 0 ? [] : [`${words} ${listOf(written.map(show))}`];
  });
  const how = ways.length === 0 ? '' : `: ${ways.join('; ')}`;
  return finding(weakened, {
    place: { address },
    severity: loose ? 'high' : 'medium',
    message: `${address} is a new client of an existing user pool${how}.`,
  });
}

interface Way {
  readonly path: string;
  readonly words: string;
  /**
   * Whether a value of the attribute permits an application to obtain tokens without the sign-in pages, with a secret,
   * or at an unencrypted address.
   */
  loose(value: unknown): boolean;
}

const WAYS: readonly Way[] = [
  { path: 'allowed_oauth_flows', words: 'flows', loose: (value) => value !== 'code' },
  {
    path: 'explicit_auth_flows',
    words: 'sign-ins by',
    loose: (value) => typeof value !== 'string' || !/^(ALLOW_)?(USER_SRP|REFRESH_TOKEN)_AUTH$/.test(value),
  },
  { path: 'allowed_oauth_scopes', words: 'scopes', loose: (value) => isUnread(value) || value === OWN_SETTINGS },
  { path: 'supported_identity_providers', words: 'people of', loose: isUnread },
];

/** A token with this scope permits changing the password, the MFA devices and the attributes of the token's user. */
const OWN_SETTINGS = 'aws.cognito.signin.user.admin';

const UNITS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };
/**
 * The token attributes, each with the default unit of the lifetime and with the number of seconds that AWS uses if
 * the lifetime is zero or not set. Source:
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
 */
const LIFETIMES = [
  { token: 'access_token', unit: 'hours', standard: 3600 },
  { token: 'id_token', unit: 'hours', standard: 3600 },
  { token: 'refresh_token', unit: 'days', standard: 30 * 86_400 },
] as const;

function* longer({ before, after }: Change<Watched>): Iterable<ReviewFinding> {
  if (before === undefined || after === undefined) return;
  const { address } = after.place;
  for (const lifetime of LIFETIMES) {
    const { token } = lifetime;
    const [was, is] = [secondsOf(before, lifetime), secondsOf(after, lifetime)];
    if (was === undefined || (is !== undefined && is <= was)) continue;
    const now = is === undefined ? 'an unknown time' : `${is} seconds`;
    yield finding(weakened, {
      place: { address, attribute: `${token}_validity` },
      severity: 'medium',
      message: `The client ${address} gives ${token.replace('_', ' ')}s for ${now} instead of ${was} seconds.`,
    });
  }
}

function secondsOf(
  { values, unset }: Watched,
  { token, unit, standard }: (typeof LIFETIMES)[number],
): number | undefined {
  const attribute = `${token}_validity`;
  const count = unset?.includes(attribute) === true ? undefined : (valueAt(values, attribute) ?? undefined);
  if (count === undefined || count === 0) return standard;
  const written = valueAt(values, `token_validity_units[0].${token}`) ?? unit;
  const size = typeof written === 'string' ? UNITS[written] : undefined;
  return typeof count === 'number' && size !== undefined ? count * size : undefined;
}

function* redirects(change: Change<Watched>): Iterable<ReviewFinding> {
  const { after } = change;
  if (after === undefined) return;
  const { address } = after.place;
  for (const attribute of ['callback_urls', 'default_redirect_uri', 'logout_urls']) {
    const fresh = added(change, attribute);
    if (fresh.length === 0) continue;
    yield finding(redirect, {
      place: { address, attribute },
      message: `The client ${address} can now redirect to ${listOf(fresh.map(show))}, which the plan adds to ${attribute}.`,
    });
  }
}
