/**
 * `dynamodb:LeadingKeys`: the values of the partition key in a request.
 *
 * A request does not show which of its attributes is the partition key. If this is unknown, every attribute that could
 * be it is checked in turn, and all must be allowed. So nothing is allowed that AWS would deny.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
import { UnmappedRequest } from '../../service-mapping';
import type { Json } from '../../wire/read';
import type { Input } from '../common/input';
import { itemIn, resolved, type Token, tokens } from './attributes';
import type { Target } from './table-name';

/** The values of one attribute that may be the partition key: one value for each item. */
export type LeadingKeys = readonly string[];

/** An item: attribute names with values in DynamoDB JSON, for example `{ S: 'a' }`. */
export type Item = Readonly<Record<string, Json>>;

/**
 * The possible leading keys of the given items or keys: one list for each attribute that could be the partition key.
 */
export function leadingKeysOfItems({ partitionKey }: Target, items: readonly Item[]): readonly LeadingKeys[] {
  const [first] = items;
  if (!first) throw new UnmappedRequest('the request contains no item');
  const candidates = partitionKey === undefined ? Object.keys(first) : [partitionKey];
  const found = candidates.flatMap((name): LeadingKeys[] => {
    const values = items.map((item) => (Object.hasOwn(item, name) ? keyText(item[name]) : undefined));
    return values.every((value) => value !== undefined) ? [[...new Set(values)]] : [];
  });
  if (found.length === 0) throw new UnmappedRequest('the request contains no attribute that can be the partition key');
  return found;
}

/** The possible leading keys of a query: one list for each attribute that must be equal to a value. */
export function leadingKeysOfQuery({ partitionKey }: Target, input: Input): readonly LeadingKeys[] {
  const expression = input.text('KeyConditionExpression');
  const conditions = itemIn(input, 'KeyConditions');
  if ((expression === undefined) === (conditions === undefined)) {
    throw new UnmappedRequest('a query has either a KeyConditionExpression or KeyConditions');
  }
  const equal = expression === undefined ? olderEqualities(conditions ?? {}) : equalities(expression, input);
  const candidates = partitionKey === undefined ? [...equal.keys()] : [partitionKey];
  const found = candidates.flatMap((name): LeadingKeys[] => {
    const value = equal.get(name);
    return value === undefined ? [] : [[value]];
  });
  if (found.length === 0) throw new UnmappedRequest('the query does not identify the partition that it reads');
  return found;
}

/**
 * A key's value as text: a string, a number in plain decimal notation, or bytes in base64. `undefined` for a value that
 * cannot be a key.
 */
export function keyText(value: Json | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) throw new UnmappedRequest('an attribute does not have exactly one type');
  const [type, text] = entry;
  if (type !== 'S' && type !== 'N' && type !== 'B') return undefined;
  if (typeof text !== 'string') throw new UnmappedRequest('the value of an attribute is not a text');
  if (type === 'N') return plainNumber(text);
  if (type === 'B' && Buffer.from(text, 'base64').toString('base64') !== text) {
    throw new UnmappedRequest('the value of an attribute is not base64');
  }
  return text;
}

/** A number in a normalized form, because DynamoDB compares numbers by value, not as strings. */
function plainNumber(text: string): string {
  const [, sign, whole = '', , fraction = '', exponent = '0'] =
    /^(-)?(\d{1,150})?(\.(\d{1,150}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text) ?? [];
  const point = whole.length + Number(exponent);
  if (whole + fraction === '' || Math.abs(point) > MOST_DIGITS) throw new UnmappedRequest('a number cannot be read');
  const digits = (whole + fraction)
    .padEnd(Math.max(point, 0), '0')
    .padStart(whole.length + fraction.length - Math.min(point, 0), '0');
  const at = Math.max(point, 0);
  const before = digits.slice(0, at).replace(/^0+/, '') || '0';
  const after = digits.slice(at).replace(/0+$/, '');
  const plain = after === '' ? before : `${before}.${after}`;
  return sign !== undefined && plain !== '0' ? `-${plain}` : plain;
}

/** DynamoDB's numbers range from 1E-130 to 9.9E+125. */
const MOST_DIGITS = 200;

/** The equalities in a key condition: terms of the form `name = :value`, joined with AND. */
function equalities(expression: string, input: Input): ReadonlyMap<string, string> {
  const names = input.record('ExpressionAttributeNames');
  const values = itemIn(input, 'ExpressionAttributeValues') ?? {};
  const found = new Map<string, string>();
  for (const term of terms(tokens(expression))) {
    const [left, sign, right, ...rest] = term.filter(({ text }) => text !== '(' && text !== ')');
    if (sign?.text !== '=' || rest.length > 0 || !left || !right) continue;
    const [attribute, value] = left.kind === 'value' ? [right, left] : [left, right];
    const name = resolved(attribute.text, names);
    const text = Object.hasOwn(values, value.text) ? keyText(values[value.text]) : undefined;
    if (text === undefined || found.has(name)) throw new UnmappedRequest(`the condition on ${name} cannot be read`);
    found.set(name, text);
  }
  return found;
}

/** The terms of a condition. The condition is split at every AND that does not belong to a BETWEEN. */
function terms(all: readonly Token[]): readonly (readonly Token[])[] {
  const found: Token[][] = [[]];
  let between = false;
  for (const token of all) {
    const word = token.kind === 'name' ? token.text.toUpperCase() : '';
    if (word === 'OR' || word === 'NOT') throw new UnmappedRequest('a key condition can join its terms only with AND');
    if (word === 'AND' && !between) found.push([]);
    else found.at(-1)?.push(token);
    if (word === 'BETWEEN') between = true;
    else if (word === 'AND') between = false;
  }
  return found;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.KeyConditions.html */
function olderEqualities(conditions: Item): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, condition] of Object.entries(conditions)) {
    if (typeof condition !== 'object' || condition === null)
      throw new UnmappedRequest('a key condition cannot be read');
    const { ComparisonOperator: operator, AttributeValueList: list } = condition as Record<string, Json>;
    if (operator !== 'EQ') continue;
    const text = Array.isArray(list) && list.length === 1 ? keyText(list[0]) : undefined;
    if (text === undefined) throw new UnmappedRequest(`the condition on ${name} cannot be read`);
    found.set(name, text);
  }
  return found;
}
