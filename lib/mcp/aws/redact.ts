/**
 * Removes credentials from texts in AWS responses. This is a second line of defense, after the refusal of operations
 * that return credentials. Each pattern reads a character only a fixed number of times, because the texts may be long
 * and come from untrusted sources.
 */
import { REMOVED } from '../secrets';
import { withoutLinkSecrets } from './redact-links';
import { withoutQuotedSecrets } from './redact-quoted';
import { withoutXmlSecrets } from './redact-xml';

/**
 * Returns the text without signed links, passwords in links, private keys, signed JSON web tokens, the secret parts of
 * AWS credentials, and quoted values and XML elements whose names indicate secrets.
 */
export function redactText(text: string): string {
  const clean = withoutLinkSecrets(withoutPrivateKeys(text))
    .replace(NAMED_SECRET, `$1${REMOVED}`)
    .replace(WEB_TOKEN, REMOVED);
  return withoutXmlSecrets(withoutQuotedSecrets(clean));
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
