/**
 * Deletes the bank's tables, which are protected against deletion, with all that is in them. Without `--yes` it only says
 * what it would delete. A table that holds rows which the seed did not write is deleted with `--all-rows` alone.
 *
 *   node examples/bank/teardown.mjs dev
 *   node examples/bank/teardown.mjs dev --yes
 */
import { parseArgs } from 'node:util';
import { DeleteTableCommand, ScanCommand, UpdateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { openBank, ownTable, Refusal, run, say } from './bank.mjs';

await run(async () => {
  const { environment, yes, allRows } = wanted();
  const bank = await openBank(environment);
  const found = [];
  for (const table of bank.tables) {
    const described = await ownTable(bank, table);
    if (described === undefined) {
      say(`${table.name}: is not there`);
      continue;
    }
    const hasOthers = await holdsOtherRows(bank, table);
    const rows = hasOthers ? 'with rows that are not of the seed' : 'with the rows of the seed';
    say(`${table.name}: ${yes ? 'to be deleted' : 'would be deleted'}, ${rows}`);
    found.push({ name: table.name, isProtected: described.DeletionProtectionEnabled === true, hasOthers });
  }
  if (!yes) return say('Nothing was deleted. Add --yes to delete.');
  const doubtful = found.filter(({ hasOthers }) => hasOthers).map(({ name }) => name);
  if (doubtful.length > 0 && !allRows) {
    throw new Refusal(
      `rows in ${doubtful.join(', ')} are not of the seed; nothing was deleted. Add --all-rows if they may go`,
    );
  }
  for (const table of found) {
    await remove(bank, table);
    say(`${table.name}: deleted`);
  }
});

function wanted() {
  const options = { yes: { type: 'boolean' }, 'all-rows': { type: 'boolean' } };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    return { environment: positionals[0], yes: values.yes === true, allRows: values['all-rows'] === true };
  } catch (error) {
    throw new Refusal(error.message);
  }
}

/** Whether a table holds rows that the seed did not write. More than one page is more than the seed. */
async function holdsOtherRows({ client }, { name, key, rows }) {
  const seeded = new Set(rows.map((row) => text(row, key)));
  const names = Object.fromEntries(key.map((attribute, index) => [`#k${index}`, attribute]));
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: name,
      ConsistentRead: true,
      ProjectionExpression: Object.keys(names).join(),
      ExpressionAttributeNames: names,
    }),
  );
  return LastEvaluatedKey !== undefined || !Items.every((row) => seeded.has(text(row, key)));
}

function text(row, key) {
  return JSON.stringify(key.map((attribute) => row[attribute].S));
}

async function remove({ client }, { name, isProtected }) {
  if (isProtected) {
    await client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
    await waitUntilTableExists({ client, maxWaitTime: 120 }, { TableName: name });
  }
  await client.send(new DeleteTableCommand({ TableName: name }));
}
