/** Checks the URLs that the broker calls: the URLs of a model, of a token issuer, and of the issuer's keys. */

/**
 * Describes what is wrong with a URL, as text that can follow the URL in a sentence; undefined if the URL is valid.
 * @param query whether a query string is permitted
 */
export function addressProblem(text: string, query = false): string | undefined {
  // Backslashes are rejected because browsers treat them as slashes and other clients do not. Non-ASCII characters are
  // rejected because different letters can look the same.
  if (!/^[!-[\]-~]+$/.test(text) || !URL.canParse(text)) return 'is not an address';
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    return url.protocol === 'http:' ? 'would be called without encryption' : 'is not a web address';
  }
  // Parsers also accept `https:/example.com` and `HTTPS://`, and interpret them differently.
  if (!text.startsWith(`${url.protocol}//`)) return 'does not begin with `https://` or `http://`';
  if (url.username !== '' || url.password !== '') return 'contains a user name or a password';
  if (text.includes('#') || (text.includes('?') && !query)) return `has a ${text.includes('#') ? 'fragment' : 'query'}`;
  return undefined;
}

/** What an address must be. */
export const ADDRESS = 'an address `https://…` in ASCII; `http://` only for the machine itself';

/** Whether a host is the machine itself: https://datatracker.ietf.org/doc/html/rfc8252#section-7.3 */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.[0-9]{1,3}){3}$/.test(host);
}

/** The URL with a path appended, with exactly one slash between them. */
export function below(address: string, path: string): string {
  return `${address.replace(/\/+$/, '')}/${path}`;
}
