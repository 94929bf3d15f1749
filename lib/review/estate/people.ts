/**
 * Finds e-mail addresses and telephone numbers in texts. Sources:
 * https://datatracker.ietf.org/doc/html/rfc5322#section-3.4, https://datatracker.ietf.org/doc/html/rfc3696#section-2,
 * https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-phone-number-as-subscriber.html
 */

/**
 * The e-mail addresses and telephone numbers in a text, as written.
 * @param key the last part of the attribute's path. The key can indicate that a number without `+` is a telephone
 *   number
 */
export function peopleIn(text: string, key: string): readonly string[] {
  const whole = isNumber(text.trim(), key) ? [text.trim()] : [];
  const parts = text.split(SEPARATOR).map(bare);
  const people = [...parts.filter((part) => isPerson(part, key)), ...unusualAddressesIn(text)];
  return [...new Set([...whole, ...(whole.length > 0 ? [] : people)])];
}

const SEPARATOR = /[\s,;|<>()[\]{}"'`\\]+/;

/** The text without a scheme such as `mailto:`, without its parameters, and without a full stop at the end. */
function bare(text: string): string {
  const scheme = /^(?:mailto|tel|sms|smsto):/i.exec(text)?.[0];
  const rest = scheme === undefined ? text : (text.slice(scheme.length).split('?')[0] ?? '');
  return rest.endsWith('.') ? rest.slice(0, -1) : rest;
}

function isPerson(text: string, key: string): boolean {
  return isMail(text) || isNumber(text, key);
}

/**
 * Whether a text is an e-mail address. The last label of a domain must contain a letter, so `package@1.2.3` is not an
 * e-mail address. ARNs and addresses with a scheme have separate checks.
 */
function isMail(text: string): boolean {
  const at = text.lastIndexOf('@');
  if (at < 1 || text.includes('://') || /^arn:/i.test(text)) return false;
  const labels = text.slice(at + 1).split('.');
  return labels.length > 1 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/** A label of a domain, which may contain letters outside ASCII. */
const LABEL = /^[\p{L}\p{M}\p{N}_-]+$/u;

/**
 * E-mail addresses that {@link SEPARATOR} splits: with a quoted local part such as `"on call"@example.com`, with a
 * separator or a comment at the end of the local part, with a comment before the domain, and with an IP address as the
 * domain.
 */
function unusualAddressesIn(text: string): readonly string[] {
  const found: string[] = [];
  const backward = reversed(text);
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const before = backward.slice(text.length - at, text.length - at + LONGEST_PART);
    const after = text.slice(at + 1, at + 1 + LONGEST_PART);
    const cut = CUT_LOCAL.exec(before)?.[0];
    const whole = LOCAL.exec(before)?.[0];
    const domain = (cut === undefined ? CUT_DOMAIN : DOMAIN).exec(after)?.[0];
    const local = cut ?? whole;
    if (local !== undefined && domain !== undefined) found.push(`${reversed(local)}@${domain}`);
  }
  return found;
}

/** The UTF-16 code units of a text in reverse order. */
function reversed(text: string): string {
  return text.split('').reverse().join('');
}

/** Maximum length of a domain. A local part is shorter. */
const LONGEST_PART = 255;

/**
 * A local part that ends with a quotation mark, a separator or a comment, in reverse order. A pattern for the end of a
 * text is tried at each position of the text. A pattern for the beginning of the reversed text is tried once.
 */
const CUT_LOCAL =
  /^(?:"(?:[^"\\]|.\\)*"[^\s,;<>()[\]"\\]*|['`{|}]+[^\s,;<>()[\]"\\'`{|}:=][^\s,;<>()[\]"\\]*|\)[^()]*\([^\s,;<>()[\]"\\]+)/;
/** A local part in reverse order. */
const LOCAL = /^[^\s,;<>()[\]"\\]+/;

const LABELS = String.raw`[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*\.(?=[^\s.]*[\p{L}\p{M}])[\p{L}\p{M}\p{N}_-]+`;
const ADDRESS_LITERAL = String.raw`\[(?:IPv6:)?[\da-fA-F:.]+\]`;
/** A domain that follows a comment, or an IP address. */
const CUT_DOMAIN = new RegExp(`^(?:\\([^()]*\\)(?:${LABELS}|${ADDRESS_LITERAL})|${ADDRESS_LITERAL})`, 'u');
const DOMAIN = new RegExp(`^(?:\\([^()]*\\))?(?:${LABELS}|${ADDRESS_LITERAL})`, 'u');

/** Whether a text is a telephone number. */
function isNumber(text: string, key: string): boolean {
  if (text.length > LONGEST_NUMBER || !/^\+?[\d\s().-]+$/.test(text)) return false;
  const digits = text.replace(/\D/g, '').length;
  return text.startsWith('+') ? digits >= 7 && digits <= 15 : PHONE.test(key) && digits >= 10 && digits <= 15;
}

const LONGEST_NUMBER = 30;

/** Attributes that may contain a telephone number or another endpoint of a subscription. */
const PHONE = /(^|_)(endpoint|phone|telephone|mobile|sms)(_numbers?)?$/;
