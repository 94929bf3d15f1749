/**
 * Writes the bank's made-up customers into its tables; a row that is there already is written over.
 *
 *   node examples/bank/seed.mjs dev
 */
import { setTimeout as wait } from 'node:timers/promises';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { openBank, ownTable, Refusal, run, say } from './bank.mjs';

/** Rows in one call: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MOST = 25;
const TRIES = 8;

await run(async () => {
  const bank = await openBank(process.argv[2]);
  // Every table is looked at before a row is written.
  for (const table of bank.tables) {
    if ((await ownTable(bank, table)) === undefined)
      throw new Refusal(`there is no table ${table.name}: apply tables/`);
  }
  for (const { name, rows } of bank.tables) {
    for (let start = 0; start < rows.length; start += MOST) await write(bank, name, rows.slice(start, start + MOST));
    say(`${name}: ${rows.length} rows`);
  }
});

/** Writes some rows; what DynamoDB leaves over is sent again. */
async function write({ client }, name, rows) {
  let left = { [name]: rows.map((Item) => ({ PutRequest: { Item } })) };
  for (let tries = 1; Object.keys(left).length > 0; tries += 1) {
    if (tries > TRIES) throw new Refusal(`${name} takes no more rows just now: try again`);
    if (tries > 1) await wait(100 * 2 ** tries);
    left = (await client.send(new BatchWriteItemCommand({ RequestItems: left }))).UnprocessedItems ?? {};
  }
}
