/** Where the story plays: the bank's production, on this machine. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient, TagResourceCommand } from '@aws-sdk/client-dynamodb';
import { defined } from '@leasehold/contract/defined';
import { loadDefinitions } from '@leasehold/definitions';
import type { PersonKind } from '@leasehold/documents';
import { type BrokerClient, createBrokerClient } from '@leasehold/runtime/broker';
import { type Dev, startDev } from 'leasehold/dev';
import type { Definitions, Environment } from '../../../lib/definitions/model';
import { type Login, startLogin } from './login';
import { type LocalModel, startModel } from './reviewer';

const BANK = join(__dirname, '..');
const ENVIRONMENT = 'prod';

/** Keys of an agent, of a person who has signed in, or of a lease. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What the story is played with. */
export interface Stage {
  readonly dev: Dev;
  readonly login: Login;
  readonly model: LocalModel;
  /** The broker as an agent speaks to it, with the identity that its platform gives it. */
  readonly agent: (name: string) => BrokerClient;
  /** The broker as a person speaks to it, who has signed in with MFA. */
  readonly person: (name: string, kind: PersonKind) => Promise<BrokerClient>;
  /** DynamoDB, with what a lease gives. */
  readonly dynamodb: (keys: Keys) => DynamoDBClient;
  readonly stop: () => Promise<void>;
}

/** Name of a table of the bank. */
export function tableName(table: string): string {
  return `bank-${ENVIRONMENT}-${table}`;
}

/** Options of the stage. */
export interface StageOptions {
  /** What approvers approve with. With `mfa`, no browser is needed. */
  readonly approveWith: 'mfa' | 'passkey';
  /** Port of the broker. @default a free port */
  readonly port?: number;
  /**
   * An assistant in the console. Customers then sign in like the staff, and their tokens are those of the console.
   * @default no assistant; customers sign in at the bank's own login
   */
  readonly chat?: { readonly address: string; readonly customers: readonly string[] };
}

/** Starts the login, the model and the broker, and fills the tables. */
export async function setStage({ approveWith, port, chat }: StageOptions): Promise<Stage> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const definitions = bankDefinitions();
    const login = await startLogin(audienceOf(definitions));
    stops.push(login.stop);
    const model = await startModel();
    stops.push(model.stop);
    const dev = await startDev({
      source: { definitions: runHere(definitions, login, approveWith) },
      environment: ENVIRONMENT,
      ...defined({ port, assistant: chat?.address, users: chat?.customers }),
      reviewer: { url: model.url, model: model.name },
    });
    stops.push(() => dev.stop());
    const { broker, sandbox } = dev;
    const dynamodb = ({ accessKeyId, secretAccessKey, sessionToken }: Keys) => {
      const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
      return new DynamoDBClient({ endpoint: sandbox.url, region: broker.region, credentials, maxAttempts: 1 });
    };
    await makeTables(dynamodb(sandbox.administrator), dev.environment);
    await seedTables(dev);
    return {
      dev,
      login,
      model,
      agent: (name) => createBrokerClient({ ...broker, credentials: dev.agent(name) }),
      person: async (name, kind) => createBrokerClient({ ...broker, credentials: await sandbox.signIn(name, kind) }),
      dynamodb,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function bankDefinitions(): Definitions {
  const { definitions, findings } = loadDefinitions(join(BANK, 'roles'));
  if (definitions === undefined) throw new Error(`The bank's definitions have errors: ${findings[0]?.message}`);
  return definitions;
}

function audienceOf({ environments }: Definitions): string {
  const [audience] = environments.find(({ name }) => name === ENVIRONMENT)?.broker?.subjects[0]?.audiences ?? [];
  if (audience === undefined) throw new Error('The broker takes no tokens.');
  return audience;
}

/**
 * The definitions, with two changes: customers sign in at the login on this machine, and approvers approve as the
 * caller states.
 */
function runHere(definitions: Definitions, { issuer }: Login, approveWith: StageOptions['approveWith']): Definitions {
  const jwksUri = `${issuer}/.well-known/jwks.json`;
  const here = ({ broker, ...rest }: Environment): Environment => {
    if (broker === undefined) return rest;
    const subjects = broker.subjects.map((each) => ({ ...each, issuer, jwksUri }));
    return {
      ...rest,
      broker: { ...broker, subjects, ...(broker.people && { people: { ...broker.people, approveWith } }) },
    };
  };
  return { ...definitions, environments: definitions.environments.map(here) };
}

/** What Terraform does with `tables/`, as far as a server in memory has it. */
async function makeTables(administrator: DynamoDBClient, { region, account }: Environment): Promise<void> {
  const tables: Readonly<Record<string, { partitionKey: string; sortKey?: string }>> = JSON.parse(
    readFileSync(join(BANK, 'tables', 'tables.json'), 'utf8'),
  );
  for (const [table, { partitionKey, sortKey }] of Object.entries(tables)) {
    const TableName = tableName(table);
    const key = [{ name: partitionKey, type: 'HASH' as const }];
    const keys = sortKey === undefined ? key : [...key, { name: sortKey, type: 'RANGE' as const }];
    await administrator.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: keys.map(({ name }) => ({ AttributeName: name, AttributeType: 'S' })),
        KeySchema: keys.map(({ name, type }) => ({ AttributeName: name, KeyType: type })),
      }),
    );
    const describe = new DescribeTableCommand({ TableName });
    while ((await administrator.send(describe)).Table?.TableStatus !== 'ACTIVE') await Promise.resolve();
    const ResourceArn = `arn:aws:dynamodb:${region}:${account}:table/${TableName}`;
    const Tags = [{ Key: 'leasehold-example', Value: 'bank' }];
    await administrator.send(new TagResourceCommand({ ResourceArn, Tags }));
  }
}

/** Runs `seed.mjs` as one would against AWS, with an administrator's keys and nothing of the user's own AWS settings. */
function seedTables(dev: Dev): Promise<void> {
  const isSetting = (name: string) => name.startsWith('AWS_') && !name.startsWith('AWS_SDK_JS_');
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isSetting(name)));
  return new Promise((resolve, reject) => {
    const seed = spawn(process.execPath, [join(BANK, 'seed.mjs'), ENVIRONMENT], {
      env: { ...own, ...dev.env(dev.sandbox.administrator) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    seed.once('error', reject);
    seed.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`seed.mjs ended with ${code}`))));
  });
}
