/**
 * Removes credentials from texts in AWS responses. This is a second line of defense, after the refusal of operations
 * that return credentials. Each pattern reads a character only a fixed number of times, because the texts may be long
 * and come from untrusted sources.
 */
import { REMOVED } from '../secrets';
import { withoutAssignedSecrets } from './redact-assigned';
import { withoutLinkSecrets } from './redact-links';
import { withoutXmlSecrets } from './redact-xml';

/**
 * Returns the text without signed links, passwords in links, private keys, signed JSON web tokens, and
 * values and XML elements whose names indicate secrets.
 */
export function redactText(text: string): string {
  const clean = withoutLinkSecrets(withoutPrivateKeys(text)).replace(WEB_TOKEN, REMOVED);
  return withoutXmlSecrets(withoutAssignedSecrets(clean));
}

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
