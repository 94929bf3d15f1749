/** Names of response members, environment variables, and settings keys that indicate secret values. */

/**
 * Endings of secret names, without separators and in lower case. `DB_PASSWORD` and `dbPassword` both become
 * `dbpassword`.
 */
const ENDS = new RegExp(
  `(?:${[
    'passwords?|passwd|pwd|pw|passphrases?|passcode|unlockcode|passworddata|pincode|passwordhash',
    '(?:password|passwd|passphrase|secret|privatekey|apikey)(?:value|string|text|plain|encoded|base64|b64)',
    '(?:proxy)?authorization|(?:set)?cookie|(?:basic|registry|docker)auth|^auth(?:string|header)|connectionstring',
    'secrets?|secret(?:code|binary)|secrettoauthenticate(?:initiator|target)',
    '(?<!public)keymaterial|privatekey(?:plaintext|base64|pem)?',
    'secret(?:access)?key|accesskey|apikeys?|(?<!public)authkey|streamkey|presharedkey|psk|sharedkey|accountkey|mackey|signingkey|sessionkey|sshkey',
    'token|tokenvalue|(?:access|api|auth|bearer|id|refresh|session)tokens|authcode|activation(?:code|key)|otp|jwts?|tickets?|credential|authcredentials',
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

/**
 * A name whose last word is `pass`, such as `DB_PASS` and `dbPass`. Longer words that end in `pass`, such as `compass`,
 * do not match.
 */
const PASS = /(?:^(?:.*[^A-Za-z0-9])?(?:pass|Pass|PASS)|[a-z0-9]Pass)$/;

/** The environment variables in which shells store the working directory. In lower case, `pwd` may be a password. */
const WORKING_DIRECTORY = /^(?:OLD)?PWD$/;

/** Whether a name indicates a secret value. Numbers at the end are ignored: `password1` counts as `password`. */
export function isSecretName(name: string): boolean {
  const end = name.slice(-LONGEST);
  return isSecretWord(end) || isSecretWord(end.replace(/[^A-Za-z0-9]*[0-9]*$/, ''));
}

function isSecretWord(name: string): boolean {
  if (WORKING_DIRECTORY.test(name)) return false;
  if (PASS.test(name)) return true;
  const plain = plainName(name);
  return plain.endsWith('token') && plain !== 'token' ? !HARMLESS_TOKENS.test(plain) : ENDS.test(plain);
}

/** Whether a member contains environment variables. Applications may store secrets in variables of any name. */
export function isEnvironmentName(name: string): boolean {
  return /(?:env|environment)(?:variables?|vars?)?(?:overrides?)?$/.test(plainName(name));
}

/**
 * Whether a member of a record contains the name in a pair, for example `Name` in `{ Name, Value }`, `ParameterKey`,
 * `field` and `id`.
 */
export function isNameMember(member: string): boolean {
  return /(?:name|key|field|variable|property|header|^id)$/i.test(member.slice(-LONGEST));
}

/** Whether a member of a record contains the value in a pair, for example `Value`, `stringValue` and `content`. */
export function isValueMember(member: string): boolean {
  return /(?:values?|^(?:val|content|text|data|default))$/i.test(member.slice(-LONGEST));
}

/** A name in lower case and without separators. */
function plainName(name: string): string {
  return name
    .slice(-LONGEST)
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
}

/** Maximum number of characters to check in a name. */
const LONGEST = 120;
