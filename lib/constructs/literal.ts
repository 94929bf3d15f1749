/** Text as Terraform must read it: to the letter. */

/**
 * Escapes Terraform's template sequences, so that `${aws:PrincipalTag/…}` reaches IAM as it is written.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function literal(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** A JSON document as one literal, without white space. */
export function literalJson(document: object): string {
  return literal(JSON.stringify(document));
}

/** A value whose every string is a literal, for an output. */
export function literalValue<T>(value: T): T {
  if (typeof value === 'string') return literal(value) as T;
  if (Array.isArray(value)) return value.map(literalValue) as T;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [literal(key), literalValue(item)])) as T;
  }
  return value;
}
