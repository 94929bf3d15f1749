/** What `seed.mjs` and `teardown.mjs` share: which tables are the bank's, what is in them, and where they are. */
import { readFileSync } from 'node:fs';
import { DescribeTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { parse } from 'yaml';

const read = (file) => readFileSync(new URL(file, import.meta.url), 'utf8');
const project = parse(read('roles/project.yaml'));
const keys = JSON.parse(read('tables/tables.json'));
const seed = JSON.parse(read('seed.json'));

/** The tag by which a table is known as this example's; `tables/main.tf` puts it there. */
const TAG = 'leasehold-example';

/** Something that is not done, and why: one line for a terminal. */
export class Refusal extends Error {}

/**
 * The bank of one environment: its tables with the rows of the seed, and a client that speaks to them.
 * Credentials come from the environment as usual, and so does an endpoint other than AWS's (AWS_ENDPOINT_URL).
 * @throws {Refusal} for an environment that there is not, and for credentials of another account.
 */
export async function openBank(environment) {
  const known = Object.keys(project.environments);
  if (!known.includes(environment)) {
    throw new Refusal(`name an environment, ${known.join(' or ')}, and not ${environment ?? 'none'}`);
  }
  const { account, region } = project.environments[environment];
  const { Account } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  if (Account !== account) {
    throw new Refusal(`these credentials are of account ${Account}, and ${environment} is ${account}`);
  }
  const tables = Object.entries(keys).map(([table, { partitionKey, sortKey }]) => {
    const name = `${project.name}-${environment}-${table}`;
    const key = [partitionKey, sortKey].filter((each) => each !== undefined);
    return { name, key, arn: `arn:aws:dynamodb:${region}:${account}:table/${name}`, rows: seed[table].map(item) };
  });
  return { environment, tables, client: new DynamoDBClient({ region }) };
}

/**
 * A table of the bank as AWS describes it; `undefined` where there is none.
 * @throws {Refusal} for one that only has the name: it lacks the tag, or its key is another.
 */
export async function ownTable({ client }, { name, key, arn }) {
  const described = await client.send(new DescribeTableCommand({ TableName: name })).catch((error) => {
    if (error.name === 'ResourceNotFoundException') return {};
    throw error;
  });
  if (described.Table === undefined) return undefined;
  const { Tags = [] } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: arn }));
  if (!Tags.some(({ Key, Value }) => Key === TAG && Value === project.name)) {
    throw new Refusal(`${name} does not bear the tag ${TAG}=${project.name}: it is none of this example's tables`);
  }
  const found = described.Table.KeySchema.map(({ AttributeName }) => AttributeName);
  if (found.join() !== key.join()) {
    throw new Refusal(`${name} has the key ${found.join(', ')}, and not ${key.join(', ')}`);
  }
  return described.Table;
}

/** Runs a command: what it refuses is one line and exit code 1. */
export async function run(command) {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`refused: ${error.message}\n`);
    process.exitCode = 1;
  }
}

export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** A row as DynamoDB writes it. */
function item(row) {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? { N: `${value}` } : { S: value }]),
  );
}
