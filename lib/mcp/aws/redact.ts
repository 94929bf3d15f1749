/** Removes credentials from what AWS answers. The list of refused operations comes first; this finds what it misses. */
import { REMOVED } from '../secrets';

/** Names of members, in lower case, whose value is a credential in every service. */
const MEMBERS: ReadonlySet<string> = new Set([
  'accesstoken',
  'adminpassword',
  'authorizationtoken',
  'authtoken',
  'base32stringseed',
  'bearertoken',
  'clientsecret',
  'idtoken',
  'keymaterial',
  'masterpassword',
  'masteruserpassword',
  'password',
  'passworddata',
  'plaintext',
  'privatekey',
  'privatekeyplaintext',
  'qrcodepng',
  'refreshtoken',
  'secretaccesskey',
  'secretbinary',
  'secretkey',
  'secretstring',
  'servicepassword',
  'sessiontoken',
  'signintoken',
]);

/** Whether the member of a structure holds a credential. Names inside a customer's own data are not looked at. */
export function isCredentialMember(name: string): boolean {
  return MEMBERS.has(name.toLowerCase());
}

/** A link that works without credentials: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
const SIGNED_URL =
  /(https?:\/\/[^\s"'<>?]+)\?[^\s"'<>]*(?:X-Amz-(?:Signature|Security-Token|Credential)|AWSAccessKeyId|Signature)=[^\s"'<>]*/gi;

/** A secret key or session token beside its name, as in files of credentials and in JSON. */
const NAMED_SECRET =
  /((?:secret[_-]?access[_-]?key|session[_-]?token|security[_-]?token|aws[_-]?secret[_-]?key)\\?["']?\s*[:=]\s*\\?["']?)[A-Za-z0-9/+=]{16,}/gi;

/** A text without links that are signed, and without the secrets of AWS credentials. */
export function redactText(text: string): string {
  return text.replace(SIGNED_URL, '$1?[removed: signature]').replace(NAMED_SECRET, `$1${REMOVED}`);
}
