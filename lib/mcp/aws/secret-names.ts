/** Names that indicate secret values: of response members, environment variables, and keys in settings. */

/**
 * Endings of secret names, without separators and in lower case. `DB_PASSWORD` and `dbPassword` are both `dbpassword`.
 */
const ENDS = new RegExp(
  `(?:${[
    'passwords?|passwd|(?<!^|^old)pwd|passphrase|passcode|unlockcode|passworddata|pincode',
    'secrets?|secret(?:code|value|string|binary)|secrettoauthenticate(?:initiator|target)',
    '(?<!public)keymaterial|privatekey(?:plaintext|base64|pem)?',
    'secret(?:access)?key|accesskey|apikeys?|(?<!public)authkey|streamkey|presharedkey|psk|sharedkey|accountkey|mackey',
    'tokenvalue|(?:access|api|auth|bearer|id|refresh|session)tokens|authcode|activation(?:code|key)|otp|jwts?|tickets?|credential|authcredentials',
    'plaintext|base32stringseed|qrcodepng|signedconnectionstring',
    'customergatewayconfiguration|vpnconnectiondevicesampleconfiguration',
    '(?:presigned|signed|embed|authorized|streaming|streamingsession|authentication|anonymous|login)ur[li]',
  ].join('|')})$`,
);

/**
 * Tokens that give no access: for pagination, idempotency or optimistic locking, and tokens with which an identity
 * continues an operation under its own permissions. Any other name that ends in `token` is a secret. Source: the
 * members of all services in the SDK's models.
 */
const HARMLESS_TOKENS = new RegExp(
  `^(?:${[
    '(?:next|previous)?(?:page|pagination|continuation|forward|backward|sequence|message|chunk|lock|webacllock)?',
    'next(?:pollconfiguration|marker)|initialconfiguration|uploadsequence',
    '(?:last)?client(?:request)?|(?:hooks)?request|idempotency|creation|copyproduct|createproduct|portfolioshare',
    'change|(?:list|policy|source)?updated?|version|viewversion|conditional|checkpoint|result|retrieval|feedback',
    '(?:first|second)?block|workunit|loganomaly|purchase|offer|preview|billing|task|grant|import|verification',
    'registration|syncsession',
  ].join('|')})token$`,
);

/** Whether a name indicates a secret value. */
export function isSecretName(name: string): boolean {
  const plain = plainName(name);
  if (plain === 'token' || !plain.endsWith('token')) return ENDS.test(plain) || plain === 'token';
  return !HARMLESS_TOKENS.test(plain);
}

/** Whether a member contains environment variables. Applications may store secrets in variables of any name. */
export function isEnvironmentName(name: string): boolean {
  return /(?:env|environment)(?:variables?|vars?)?(?:overrides?)?$/.test(plainName(name));
}

/** A name in lower case and without separators. */
function plainName(name: string): string {
  return name
    .slice(-LONGEST)
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
}

/** Maximum number of characters of a name that are checked. */
const LONGEST = 120;
