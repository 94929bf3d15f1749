/**
 * Removes credentials from texts in AWS responses. This is a second line of defense, after the refusal of operations
 * that return credentials. Each pattern reads a character only a fixed number of times, because the texts may be long
 * and come from untrusted sources.
 */
import { REMOVED } from '../secrets';

/** Returns the text without signed links, passwords in links, private keys, and the secret parts of AWS credentials. */
export function redactText(text: string): string {
  return withoutPrivateKeys(text).replace(LINK, withoutSignature).replace(NAMED_SECRET, `$1${REMOVED}`);
}

/**
 * A link or a database URL. The pattern does not include the character after the link, so that no text is read twice.
 */
const LINK = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'<>]+/gi;

/**
 * Parameters that make a link work without credentials, in a query or fragment, and also in an encoded link. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html, and for CloudFront
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
 */
const SIGNING =
  /(?:x-amz-(?:signature|security-token|credential)|awsaccesskeyid|signature|key-pair-id|(?:access|id|auth|session|signin|security)_?token|password|secret|(?:(?<![a-z0-9])|(?<=%(?:25)?(?:3f|26|23)))(?:token|sig|code))(?:=|%3d|%253d)/i;

function withoutSignature(link: string): string {
  const slash = link.indexOf('/', link.indexOf('://') + 3);
  const [host, more] = slash < 0 ? [link, ''] : [link.slice(0, slash), link.slice(slash)];
  const signed = SIGNING.exec(more);
  const start = more.search(/[?#]/);
  const left = signed === null ? more : more.slice(0, start < 0 ? signed.index : Math.min(start, signed.index));
  return `${withoutPassword(host)}${left}${signed === null ? '' : '?[removed: signature]'}`;
}

/** The part before the path, without the password in `user:password@host`. */
function withoutPassword(host: string): string {
  const [at, from] = [host.lastIndexOf('@'), host.indexOf('://') + 3];
  const colon = host.indexOf(':', from);
  return colon >= 0 && colon < at ? `${host.slice(0, colon)}:${REMOVED}${host.slice(at)}` : host;
}

/** A secret key or session token after its name, as in credentials files and in JSON. */
const NAMED_SECRET =
  /((?:secret[_-]?access[_-]?key|session[_-]?token|security[_-]?token|aws[_-]?secret[_-]?key)\\?["']?\s{0,20}[:=]\s{0,20}\\?["']?)[A-Za-z0-9/+=]{16,}/gi;

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/;

/** Returns the text without private keys in PEM format, even if the end of a key is missing. */
function withoutPrivateKeys(text: string): string {
  const parts: string[] = [];
  let rest = text;
  for (let begin = BEGIN.exec(rest); begin !== null; begin = BEGIN.exec(rest)) {
    parts.push(rest.slice(0, begin.index), REMOVED);
    const end = rest.indexOf('-----END', begin.index);
    const after = end < 0 ? -1 : rest.indexOf('-----', end + 8);
    rest = after < 0 ? '' : rest.slice(after + 5);
  }
  return `${parts.join('')}${rest}`;
}
