/** Names whose values are secrets: of members of answers, of environment variables, and of keys in settings. */

/** Ends of a name, without separators and in lower case. `DB_PASSWORD` and `dbPassword` are both `dbpassword`. */
const ENDS = new RegExp(
  `(?:${[
    'passwords?|passwd|(?<!^|^old)pwd|passphrase|passcode|passworddata|pincode',
    'secrets?|secret(?:code|value|string|binary)|secrettoauthenticate(?:initiator|target)',
    '(?<!public)keymaterial|privatekey(?:plaintext|base64|pem)?',
    'secret(?:access)?key|accesskey|apikeys?|(?<!public)authkey|streamkey|presharedkey|psk|sharedkey|accountkey|mackey',
    'tokenvalue|(?:access|api|auth|bearer|id|refresh|session)tokens|authcode|activation(?:code|key)|otp|credential|authcredentials',
    'plaintext|base32stringseed|qrcodepng|signedconnectionstring',
    'customergatewayconfiguration|vpnconnectiondevicesampleconfiguration',
    '(?:presigned|signed|embed|authorized|streaming|streamingsession|authentication|anonymous|login)ur[li]',
  ].join('|')})$`,
);

/**
 * Tokens that give access to nothing: of pagination, of idempotency, of optimistic locking, and those with which an
 * identity continues what it began with its own permissions. Any other name that ends in `token` is a secret.
 * Source: the members of all services in the SDK's models.
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

/** Whether a value of this name is a secret. */
export function isSecretName(name: string): boolean {
  const plain = name
    .slice(-LONGEST)
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
  if (plain === 'token' || !plain.endsWith('token')) return ENDS.test(plain) || plain === 'token';
  return !HARMLESS_TOKENS.test(plain);
}

/** Members that contain environment variables, where applications keep secrets under names of their own. */
export function isEnvironmentName(name: string): boolean {
  return /(?:env|environment)(?:variables?|vars?)?(?:overrides?)?$/i.test(name.slice(-LONGEST));
}

/** Maximum characters of a name that are looked at. */
const LONGEST = 120;
