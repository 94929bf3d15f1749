/**
 * Operations that read and write items.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
import { type Context, type Need, UnmappedRequest } from '../../service-mapping';
import { Input, isList } from '../common/input';
import type { Row, ServiceCall } from '../common/table';
import { attributesIn, itemIn } from './attributes';
import { type Item, type LeadingKeys, leadingKeysOfItems, leadingKeysOfQuery } from './leading-keys';
import { type Target, target } from './table-name';

/**
 * The required permissions for one action on one target: one permission for each list of values that may be the leading
 * keys.
 */
export function itemNeeds(
  action: string,
  { arn }: Target,
  leadingKeys: readonly LeadingKeys[],
  context: Context,
): readonly Need[] {
  return leadingKeys.map((keys) => ({
    action: `dynamodb:${action}`,
    resource: arn,
    context: { ...context, 'dynamodb:LeadingKeys': keys },
  }));
}

/**
 * GetItem, UpdateItem, DeleteItem and ConditionCheckItem identify an item by its key; a PutItem request contains the
 * item itself.
 */
const byKey =
  (name: 'Key' | 'Item'): Row =>
  (call) => {
    const { request, operation, input } = call;
    const table = target(request, input.need('TableName'));
    return itemNeeds(operation, table, leadingKeysOfItems(table, [item(input, name)]), itemKeys(operation, input));
  };

const query: Row = ({ request, operation, input }) => {
  const asked = target(request, input.need('TableName'), input.text('IndexName'));
  return itemNeeds(operation, asked, leadingKeysOfQuery(asked, input), itemKeys(operation, input));
};

/** A scan has no leading keys, because it reads all items. */
const scan: Row = ({ request, operation, input }) => {
  const { arn } = target(request, input.need('TableName'), input.text('IndexName'));
  return [{ action: `dynamodb:${operation}`, resource: arn, context: itemKeys(operation, input) }];
};

const batchGet: Row = (call) =>
  tables(call).flatMap(([name, value]) => {
    const table = target(call.request, name);
    const input = structure(value);
    const keys = input.list('Keys').map((key) => plainItem(key));
    const named = [...attributesIn(input), ...keys.flatMap((key) => Object.keys(key))];
    return itemNeeds(call.operation, table, leadingKeysOfItems(table, keys), {
      'dynamodb:Attributes': sorted(named),
      'dynamodb:Select': selectOf('GetItem', input),
      ...returned(call.input, ['ReturnConsumedCapacity']),
    });
  });

const batchWrite: Row = (call) =>
  tables(call).flatMap(([name, value]) => {
    const table = target(call.request, name);
    if (!isList(value)) throw new UnmappedRequest('the writes of a table are not a list');
    const items = value.map(written);
    return itemNeeds(call.operation, table, leadingKeysOfItems(table, items), {
      'dynamodb:Attributes': sorted(items.flatMap((each) => Object.keys(each))),
      ...returned(call.input, ['ReturnConsumedCapacity']),
    });
  });

/** The item of a PutRequest, or the key of a DeleteRequest. */
function written(value: Input['fields'][string]): Item {
  const input = structure(value);
  const put = input.inner('PutRequest');
  const remove = input.inner('DeleteRequest');
  if ((put === undefined) === (remove === undefined))
    throw new UnmappedRequest('a write is neither a PutRequest nor a DeleteRequest');
  return put ? item(put, 'Item') : item(remove ?? input, 'Key');
}

/**
 * Each action of a transaction is authorized separately, with a condition key that contains the transaction's
 * operation.
 */
const transaction =
  (kinds: Readonly<Record<string, 'Key' | 'Item'>>, actions: Readonly<Record<string, string>>): Row =>
  ({ request, operation, input }) =>
    input.members('TransactItems').flatMap((each) => {
      const [kind, ...others] = Object.keys(each.fields);
      const name = kind === undefined ? undefined : kinds[kind];
      const inner = kind === undefined ? undefined : each.inner(kind);
      const action = kind === undefined ? undefined : actions[kind];
      if (!name || !inner || !action || others.length > 0)
        throw new UnmappedRequest('an item does not have exactly one known kind');
      const table = target(request, inner.need('TableName'));
      const enclosing = action === 'ConditionCheckItem' ? {} : { 'dynamodb:EnclosingOperation': operation };
      return itemNeeds(action, table, leadingKeysOfItems(table, [item(inner, name)]), {
        ...itemKeys(action, inner),
        ...returned(input, ['ReturnConsumedCapacity']),
        ...enclosing,
      });
    });

export const ITEM_ROWS: Readonly<Record<string, Row>> = {
  GetItem: byKey('Key'),
  PutItem: byKey('Item'),
  UpdateItem: byKey('Key'),
  DeleteItem: byKey('Key'),
  Query: query,
  Scan: scan,
  BatchGetItem: batchGet,
  BatchWriteItem: batchWrite,
  TransactGetItems: transaction({ Get: 'Key' }, { Get: 'GetItem' }),
  TransactWriteItems: transaction(
    { Put: 'Item', Update: 'Key', Delete: 'Key', ConditionCheck: 'Key' },
    { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'ConditionCheckItem' },
  ),
};

/** The condition keys of one action: its attributes, its selection, and its return values. */
function itemKeys(action: string, input: Input): Context {
  const reads = READS.has(action);
  return {
    'dynamodb:Attributes': attributesIn(input),
    ...(reads ? { 'dynamodb:Select': selectOf(action, input) } : {}),
    ...returned(input, reads ? ['ReturnConsumedCapacity'] : ['ReturnConsumedCapacity', 'ReturnValues']),
  };
}

const READS: ReadonlySet<string> = new Set(['GetItem', 'Query', 'Scan']);

/**
 * The condition key `dynamodb:Select`, with the value from the request or the default.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html (Select)
 */
function selectOf(action: string, input: Input): string {
  const stated = action === 'GetItem' ? undefined : input.text('Select');
  if (stated !== undefined) return stated;
  if (input.has('ProjectionExpression') || input.has('AttributesToGet')) return 'SPECIFIC_ATTRIBUTES';
  return input.has('IndexName') ? 'ALL_PROJECTED_ATTRIBUTES' : 'ALL_ATTRIBUTES';
}

function returned(input: Input, names: readonly string[]): Context {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = input.text(name);
      return value === undefined ? [] : [[`dynamodb:${name}`, value] as const];
    }),
  );
}

function tables({ input }: ServiceCall): readonly (readonly [string, Input['fields'][string]])[] {
  const found = Object.entries(itemIn(input, 'RequestItems') ?? {});
  if (found.length === 0) throw new UnmappedRequest('the batch contains no table');
  return found;
}

function item(input: Input, name: string): Item {
  const found = itemIn(input, name);
  if (found === undefined) throw new UnmappedRequest(`the parameter ${name} is missing`);
  return found;
}

function plainItem(value: Input['fields'][string]): Item {
  if (typeof value !== 'object' || value === null || isList(value)) throw new UnmappedRequest('a key is not an item');
  return value;
}

function structure(value: Input['fields'][string]): Input {
  return new Input(plainItem(value));
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
