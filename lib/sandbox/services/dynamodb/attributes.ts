/**
 * Attribute names in DynamoDB's expressions.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
 */
import { UnmappedRequest } from '../../service-mapping';
import type { Input } from '../common/input';

/** One token: a name, a placeholder for a name or a value, or a symbol. */
export interface Token {
  readonly kind: 'name' | 'placeholder' | 'value' | 'sign';
  readonly text: string;
}

const TOKEN = /\s*(?:(#\w+)|(:\w+)|([A-Za-z_]\w*)|(\d+)|(<=|>=|<>|[()[\],.=<>+-]))\s*/y;

/** Splits an expression into tokens. Text that is not valid in an expression is refused. */
export function tokens(expression: string): readonly Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.length) {
    const match = TOKEN.exec(expression);
    if (!match) throw new UnmappedRequest('an expression cannot be read');
    const [, placeholder, value, name, digits, sign] = match;
    if (placeholder !== undefined) found.push({ kind: 'placeholder', text: placeholder });
    else if (value !== undefined) found.push({ kind: 'value', text: value });
    else if (name !== undefined) found.push({ kind: 'name', text: name });
    else found.push({ kind: 'sign', text: digits ?? sign ?? '' });
  }
  return found;
}

/** Keywords of the expression language. DynamoDB reserves these words, so they cannot be attribute names. */
const KEYWORDS = /^(and|or|not|between|in|set|remove|add|delete)$/i;

/** The top-level attributes in an expression, with placeholders resolved. */
export function attributesOf(expression: string, names: Readonly<Record<string, string>>): readonly string[] {
  const all = tokens(expression);
  return all.flatMap((token, index) => {
    if (all[index - 1]?.text === '.') return [];
    if (token.kind === 'placeholder') return [resolved(token.text, names)];
    if (token.kind !== 'name' || KEYWORDS.test(token.text) || all[index + 1]?.text === '(') return [];
    return [token.text];
  });
}

/** The attribute for a name or its placeholder. */
export function resolved(text: string, names: Readonly<Record<string, string>>): string {
  if (!text.startsWith('#')) return text;
  const name = Object.hasOwn(names, text) ? names[text] : undefined;
  if (name === undefined) throw new UnmappedRequest(`the placeholder ${text} refers to no attribute`);
  return name;
}

const EXPRESSIONS = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
] as const;

/** Legacy parameters whose keys are attributes. */
const MAPS = ['AttributeUpdates', 'Expected', 'Item', 'Key', 'KeyConditions', 'QueryFilter', 'ScanFilter'] as const;

/** Every top-level attribute in a structure, for `dynamodb:Attributes`. */
export function attributesIn(input: Input): readonly string[] {
  const names = input.record('ExpressionAttributeNames');
  const found = [
    ...EXPRESSIONS.flatMap((name) => attributesOf(input.text(name) ?? '', names)),
    ...MAPS.flatMap((name) => Object.keys(itemIn(input, name) ?? {})),
    ...input.texts('AttributesToGet'),
  ];
  return [...new Set(found)].toSorted();
}

/** Attribute values by name, in DynamoDB JSON; `undefined` if the parameter is absent. */
export function itemIn(input: Input, name: string): Input['fields'] | undefined {
  const value = Object.hasOwn(input.fields, name) ? input.fields[name] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new UnmappedRequest(`${name} is not an item`);
  return value as Input['fields'];
}
