/** Escapes text that Terraform must read literally. */

/**
 * Escapes Terraform's template sequences, so that `${aws:PrincipalTag/…}` reaches IAM unchanged.
 * Source: https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function literal(text: string): string {
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

/** A JSON document as a literal string, without white space. */
export function literalJson(document: object): string {
  return literal(JSON.stringify(document));
}

/** A copy of a value for an output, with every string escaped as a literal. */
export function literalValue<T>(value: T): T {
  if (typeof value === 'string') return literal(value) as T;
  if (Array.isArray(value)) return value.map(literalValue) as T;
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [literal(key), literalValue(item)])) as T;
  }
  return value;
}
