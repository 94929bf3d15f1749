/**
 * PartiQL operations: one statement, a batch, and a transaction.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
 */
import { defined } from '@leasehold/contract/defined';
import type { Context, Need } from '../../service-mapping';
import { UnmappedRequest } from '../../service-mapping';
import type { Input } from '../common/input';
import type { Row, ServiceCall } from '../common/table';
import { itemNeeds } from './items';
import { keyText, type LeadingKeys, leadingKeysOfItems } from './leading-keys';
import { type PartiQl, readPartiQl } from './partiql';
import { type Target, target } from './table-name';

const one: Row = ({ request, input }) => statementNeeds(request, input, {});

const batch: Row = ({ request, input }) =>
  input.members('Statements').flatMap((each) => statementNeeds(request, each, {}));

const transaction: Row = ({ request, operation, input }) =>
  input
    .members('TransactStatements')
    .flatMap((each) => statementNeeds(request, each, { 'dynamodb:EnclosingOperation': operation }));

export const STATEMENT_ROWS: Readonly<Record<string, Row>> = {
  ExecuteStatement: one,
  BatchExecuteStatement: batch,
  ExecuteTransaction: transaction,
};

function statementNeeds(request: ServiceCall['request'], input: Input, enclosing: Context): readonly Need[] {
  const statement = readPartiQl(input.need('Statement'), input.list('Parameters'));
  const { action, table, index, attributes, item, returning } = statement;
  const asked = target(request, table, index);
  const context = {
    ...enclosing,
    'dynamodb:Attributes': item ? Object.keys(item).toSorted() : attributes,
    ...defined({ 'dynamodb:ReturnValues': returning }),
  };
  if (item) return itemNeeds(action, asked, leadingKeysOfItems(asked, [item]), context);
  const keys = equalKeys(asked, statement);
  if (action === 'PartiQLSelect') return selectNeeds(asked, keys, { ...context, ...selectKey(statement) });
  if (keys.length === 0) throw new UnmappedRequest('the PartiQL statement does not identify the item that it changes');
  return itemNeeds(action, asked, keys, context);
}

/**
 * A SELECT without a value for the partition key reads the whole table. If the partition key is unknown, the attribute
 * in an equality might not be the partition key, so access to the whole table must be allowed too.
 */
function selectNeeds(asked: Target, keys: readonly LeadingKeys[], context: Context): readonly Need[] {
  const named = itemNeeds('PartiQLSelect', asked, keys, { ...context, 'dynamodb:FullTableScan': 'false' });
  if (asked.partitionKey !== undefined && keys.length > 0) return named;
  const whole = { ...context, 'dynamodb:FullTableScan': 'true' };
  return [...named, { action: 'dynamodb:PartiQLSelect', resource: asked.arn, context: whole }];
}

/** The possible leading keys of a statement: one list for each attribute that must be equal to a value. */
function equalKeys({ partitionKey }: Target, { equal }: PartiQl): readonly LeadingKeys[] {
  return [...equal].flatMap(([name, value]): LeadingKeys[] => {
    if (partitionKey !== undefined && name !== partitionKey) return [];
    const text = keyText(value);
    if (text === undefined && name === partitionKey)
      throw new UnmappedRequest(`the condition on ${name} cannot be read`);
    return text === undefined ? [] : [[text]];
  });
}

function selectKey({ index, projects }: PartiQl): Context {
  const all = index === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
  return { 'dynamodb:Select': projects ? 'SPECIFIC_ATTRIBUTES' : all };
}
