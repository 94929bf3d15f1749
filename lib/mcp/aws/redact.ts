/**
 * Removes credentials from texts in AWS responses. This is a second line of defense, after the refusal of operations
 * that return credentials. Each pattern reads a character only a fixed number of times, because the texts may be long
 * and come from untrusted sources.
 */
import { REMOVED } from '../secrets';
import { withoutQuotedSecrets } from './redact-quoted';
import { withoutXmlSecrets } from './redact-xml';

/**
 * Returns the text without signed links, passwords in links, private keys, signed JSON web tokens, the secret parts of
 * AWS credentials, and quoted values and XML elements whose names indicate secrets.
 */
export function redactText(text: string): string {
  const clean = withoutPrivateKeys(text)
    .replace(LINK, withoutSignature)
    .replace(NAMED_SECRET, `$1${REMOVED}`)
    .replace(WEB_TOKEN, REMOVED);
  return withoutXmlSecrets(withoutQuotedSecrets(clean));
}

/**
 * A link or a database URL, also with the escaped slashes of JSON. The pattern does not include the character after
 * the link, so that no text is matched twice.
 */
const LINK = /\b[a-z][a-z0-9+.-]{1,20}:(?:\\{0,3}\/){2}[^\s"'<>]+/gi;

/**
 * Parameters that make a link work without credentials, in a query or fragment, and also in an encoded link. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html, and for CloudFront
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
 */
const SIGNING =
  /(?:x-amz-(?:signature|security-token|credential)|awsaccesskeyid|signature|key-pair-id|(?:access|id|auth|session|signin|security)_?token|password|secret|api_?key|saml_?(?:response|assertion)|(?:(?<![a-z0-9])|(?<=%(?:25)?(?:3f|26|23)))(?:token|jwt|ticket|sig|code))(?:=|%3d|%253d)/i;

function withoutSignature(link: string): string {
  const slash = link.indexOf('/', fromHost(link));
  const [host, more] = slash < 0 ? [link, ''] : [link.slice(0, slash), link.slice(slash)];
  const signed = SIGNING.exec(more);
  const start = more.search(/[?#]/);
  const left = signed === null ? more : more.slice(0, start < 0 ? signed.index : Math.min(start, signed.index));
  return `${withoutPassword(host)}${left}${signed === null ? '' : '?[removed: signature]'}`;
}

/** The part before the path, without the password in `user:password@host`. */
function withoutPassword(host: string): string {
  const [at, from] = [host.lastIndexOf('@'), fromHost(host)];
  const colon = host.indexOf(':', from);
  return colon >= 0 && colon < at ? `${host.slice(0, colon)}:${REMOVED}${host.slice(at)}` : host;
}

/** Where the host of a link begins. The slashes before it may be escaped. */
function fromHost(link: string): number {
  return /^[^:]*:(?:\\{0,3}\/){2}/.exec(link)?.[0].length ?? 0;
}

/** A secret key or session token that follows its name, as in credentials files and in JSON. */
const NAMED_SECRET =
  /((?:secret[_-]?access[_-]?key|session[_-]?token|security[_-]?token|aws[_-]?secret[_-]?key)\\?["']?\s{0,20}[:=]\s{0,20}\\?["']?)(?:[A-Za-z0-9+=]|\\{0,2}\/){16,}/gi;

/** A signed JSON web token. */
const WEB_TOKEN = /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g;

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,20}-----/;

/** Returns the text without private keys in PEM format. A key whose end is missing is removed too. */
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
