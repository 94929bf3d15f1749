/** The probe about leading keys. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { listInWords } from '@leasehold/contract/text';
import type { Answer } from '../aws/answer';
import type { HeldKeys } from '../aws/secrets';
import type { Bench } from '../bench';
import { Inconclusive } from '../inconclusive';
import { holds, type RunnableProbe, violated } from '../probe';
import { undecided } from '../verdicts';

/**
 * A call that accesses the item with the given partition key. The calls do not change data: write conditions are never
 * true, and the batch deletes a key that does not exist.
 */
type ItemCall = (bench: Bench, value: string, keys: HeldKeys) => Promise<Answer>;

interface Place {
  readonly table: string;
  readonly key: string;
}

function placeOf(bench: Bench): Place {
  const { table } = bench.lab.plan.scope;
  if (table === undefined) throw new Inconclusive('No table was named.', 'not run');
  return { table: table.name, key: table.key };
}

/** A condition expression that is false for every item. */
function never(key: string) {
  return {
    ConditionExpression: 'attribute_exists(#k) AND attribute_not_exists(#k)',
    ExpressionAttributeNames: { '#k': key },
  };
}

const item = (key: string, value: string): Record<string, AttributeValue> => ({ [key]: { S: value } });

const CALLS: Readonly<Record<string, ItemCall>> = {
  GetItem: (bench, value, keys) => {
    const { table: TableName, key } = placeOf(bench);
    return bench.ask('dynamodb', 'GetItem', { TableName, Key: item(key, value) }, { what: whose(value), keys });
  },
  PutItem: (bench, value, keys) => {
    const { table: TableName, key } = placeOf(bench);
    return bench.ask(
      'dynamodb',
      'PutItem',
      { TableName, Item: item(key, value), ...never(key) },
      { what: whose(value), keys },
    );
  },
  UpdateItem: (bench, value, keys) => {
    const { table: TableName, key } = placeOf(bench);
    const input = { TableName, Key: item(key, value), ...never(key) };
    return bench.ask('dynamodb', 'UpdateItem', input, { what: whose(value), keys });
  },
  DeleteItem: (bench, value, keys) => {
    const { table: TableName, key } = placeOf(bench);
    const input = { TableName, Key: item(key, value), ...never(key) };
    return bench.ask('dynamodb', 'DeleteItem', input, { what: whose(value), keys });
  },
  Query: (bench, value, keys) => {
    const { table: TableName, key } = placeOf(bench);
    const input = {
      TableName,
      Limit: 1,
      KeyConditionExpression: '#k = :v',
      ExpressionAttributeNames: { '#k': key },
      ExpressionAttributeValues: { ':v': { S: value } },
    };
    return bench.ask('dynamodb', 'Query', input, { what: whose(value), keys });
  },
  BatchGetItem: (bench, value, keys) => {
    const { table, key } = placeOf(bench);
    const input = { RequestItems: { [table]: { Keys: [item(key, value)] } } };
    return bench.ask('dynamodb', 'BatchGetItem', input, { what: whose(value), keys });
  },
  /** Deletes an item with a random key, which does not exist. */
  BatchWriteItem: (bench, value, keys) => {
    const { table, key } = placeOf(bench);
    const input = { RequestItems: { [table]: [{ DeleteRequest: { Key: item(key, value) } }] } };
    return bench.ask('dynamodb', 'BatchWriteItem', input, { what: whose(value), keys });
  },
  TransactGetItems: (bench, value, keys) => {
    const { table: TableName, key } = placeOf(bench);
    const input = { TransactItems: [{ Get: { TableName, Key: item(key, value) } }] };
    return bench.ask('dynamodb', 'TransactGetItems', input, { what: whose(value), keys });
  },
  PartiQLSelect: (bench, value, keys) => {
    const { table, key } = placeOf(bench);
    const input = { Statement: `SELECT * FROM "${table}" WHERE "${key}" = ?`, Parameters: [{ S: value }] };
    return bench.ask('dynamodb', 'ExecuteStatement', input, { what: whose(value), keys });
  },
};

function whose(value: string): string {
  return value.endsWith('-own') ? 'its own customer' : 'another customer';
}

export const leadingKeys: RunnableProbe = {
  id: 'leading-keys',
  topic: 'services',
  assumption: `${listInWords(Object.keys(CALLS), { last: 'and' })} carry \`dynamodb:LeadingKeys\`, and a scan does not`,
  tried:
    'With a lease that may call these operations and scan, under a condition on the key, the probe calls each operation for the customer of the lease and for another customer, and scans. Keys are random, and no write can change an item.',
  consequence: 'Either a lease cannot use an operation, or the lease can access other customers’ items (fails open).',
  change: 'Remove the operation from roles that `dynamodb:LeadingKeys` scopes.',
  needs: ['table'],
  run: async (bench) => {
    const { run } = bench.lab.plan.scope;
    const [own, other] = [`${run}-own`, `${run}-other`];
    const options = { parameters: { customer: own } };
    const keys = bench.keysOf(
      await bench.eventually(() => bench.openAsBroker('customer', 'a lease for one customer', options)),
    );
    bench.demandAllowed(await bench.eventually(() => call('GetItem', bench, own, keys)));
    for (const name of Object.keys(CALLS)) {
      const mine = await call(name, bench, own, keys);
      if (mine.outcome === 'denied') return violated(`${name} is denied for the lease’s own customer.`);
      if (mine.outcome !== 'allowed') return undecided(mine);
      const theirs = await call(name, bench, other, keys);
      if (theirs.outcome === 'allowed') return violated(`${name} is allowed for another customer.`);
      if (theirs.outcome !== 'denied') return undecided(theirs);
    }
    const { table: TableName } = placeOf(bench);
    const scan = await bench.ask('dynamodb', 'Scan', { TableName, Limit: 1 }, { what: 'the whole table', keys });
    if (scan.outcome === 'allowed') return violated('A scan is allowed.');
    return scan.outcome === 'denied'
      ? holds(
          `${Object.keys(CALLS).length} operations are allowed for the lease’s own customer only, and a scan is not.`,
        )
      : undecided(scan);
  },
};

function call(name: string, bench: Bench, value: string, keys: HeldKeys): Promise<Answer> {
  const known = CALLS[name];
  if (known === undefined) throw new TypeError(`there is no call ${name}`);
  return known(bench, value, keys);
}
