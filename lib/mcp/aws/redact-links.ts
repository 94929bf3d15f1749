/**
 * Removes secrets from links: parameters that make a link work without credentials, and user information before the
 * host. Each pattern reads each character at most a fixed number of times.
 */
import { REMOVED } from '../secrets';
import { isSecretName } from './secret-names';

/**
 * A run of characters other than whitespace, quotes, backticks and angle brackets. A single quote is permitted before
 * an `@`, because a password in a link may contain it. A link never extends beyond one such word.
 */
const WORD = /(?:[^\s"'`<>]|'(?=[^\s"'`<>/]*@))+/g;

/** Returns the text without the queries of signed links (including relative links), and without user information. */
export function withoutLinkSecrets(text: string): string {
  return text.replace(WORD, (word) => (MAY_BE_LINK.test(word) ? withoutUsers(withoutSignature(word)) : word));
}

const MAY_BE_LINK = /:\\{0,7}\/|[?&]|%3f|u0026/i;

/** The beginning of a link or of a database URL. The slashes may be escaped as in JSON. */
const SCHEME = /[a-z][a-z0-9+.-]{0,20}:(?:\\{0,7}\/){2}/gi;

/** A name, and the character after the name. The character may be encoded for a link, or escaped for JSON or XML. */
const PARAMETER = /(?<![\w.-])([\w.-]+)(?:=|%(?:25)?3d|\\{1,8}u003d|&#(?:61|x3d);)/gi;

/** What remains of an encoded or escaped character at the beginning of a name, for example `3F` of `%3F`. */
const ENCODED = /^(?:(?:25)?(?:3f|23|26)|u00(?:26|3f|23))/i;

/**
 * Parameters that make a link work without credentials, beside those with the names of secrets. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html, and for CloudFront
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-signed-urls.html
 */
const SIGNING =
  /(?:signature|awsaccesskeyid|key-pair-id|saml_?(?:response|assertion)|^sig|^(?:(?:auth|device|user)_?)?code|^auth)$/i;

function withoutSignature(word: string): string {
  const from = parametersFrom(word);
  if (from < 0) return word;
  PARAMETER.lastIndex = from;
  for (let found = PARAMETER.exec(word); found !== null; found = PARAMETER.exec(word)) {
    const before = word[found.index - 1] ?? '';
    const start = '%\\'.includes(before) ? (ENCODED.exec(found[1] as string)?.[0].length ?? 0) : 0;
    const name = (found[1] as string).slice(start);
    if (!SIGNING.test(name) && !isSecretName(name)) continue;
    const query = word.slice(from).search(/[?#]/);
    const end = found.index + start;
    return `${word.slice(0, query < 0 ? end : Math.min(from + query, end))}?[removed: signature]`;
  }
  return word;
}

/** Index at which the parameters of a link or form may begin; -1 if the word is not a link, for example `token=…`. */
function parametersFrom(word: string): number {
  const scheme = word.search(SCHEME);
  if (scheme >= 0) return scheme;
  const query = word.search(/\?|%(?:25)?3f/i);
  if (query >= 0) return query;
  return /^[\w.-]+=[^&]*(?:&|\\u0026)[\w.-]+=/.test(word) ? 0 : -1;
}

function withoutUsers(word: string): string {
  const parts: string[] = [];
  let kept = 0;
  const schemes = [...word.matchAll(SCHEME)];
  for (const [index, { index: start, 0: scheme }] of schemes.entries()) {
    const host = start + scheme.length;
    const end = schemes[index + 1]?.index ?? word.length;
    parts.push(word.slice(kept, host), withoutUser(scheme, word.slice(host, Math.max(host, end))));
    kept = Math.max(host, end);
  }
  return `${parts.join('')}${word.slice(kept)}`;
}

/** URL schemes in which a name before the host is not a secret: it is the name of a user who signs in with a key. */
const USER = /(?:ssh|sftp|git):/i;

/** The rest of a link, without the password in `user:password@host`, and without a token in `token@host`. */
function withoutUser(scheme: string, link: string): string {
  const at = userEnd(link);
  if (at <= 0) return link;
  const colon = link.slice(0, at).indexOf(':');
  if (colon >= 0) return `${link.slice(0, colon + 1)}${REMOVED}${link.slice(at)}`;
  return USER.test(scheme) ? link : `${REMOVED}${link.slice(at)}`;
}

/** Index at which the user information ends. A password may contain slashes, although they are not valid there. */
function userEnd(link: string): number {
  const host = /^[^/?#\\]*/.exec(link)?.[0] ?? '';
  const at = host.lastIndexOf('@');
  if (at >= 0 || !host.includes(':') || /^\[|:\d{0,5}(?:,|$)/.test(host)) return at;
  return link.lastIndexOf('@');
}
