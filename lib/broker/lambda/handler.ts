/** The entry point of the function. Everything that the first request needs is created once, at start-up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import {
  BROKER_CONFIG,
  RECORD_KEY_VARIABLE,
  readBrokerConfig,
  USER_POOL_CLIENT_VARIABLE,
  USER_POOL_VARIABLE,
} from '@leasehold/documents';
import { awsPorts } from '../adapters/aws';
import type { ApiEvent, ApiResult } from '../http/event';
import { createHandler, type SweepEvent } from '../http/handler';
import type { UserPool } from '../tokens';
import { composePorts } from './compose';
import { functionTelemetry } from './telemetry';
import { traced } from './trace';

const environment = readBrokerConfig(readFileSync(join(__dirname, BROKER_CONFIG), 'utf8'));
const telemetry = functionTelemetry();
const aws = awsPorts({ environment, instrument: traced, records: { key: recordKey() } });
const pool = environment.broker?.people?.signIn.type === 'cognito' ? userPool() : undefined;
const handle = createHandler(composePorts({ environment, aws, telemetry, ...defined({ pool }) }), environment);

/** The record key is required: without it, the function cannot write records or verify stored records. */
function recordKey(): string {
  return required(RECORD_KEY_VARIABLE);
}

/** The deployed user pool, if the definitions have a user pool. */
function userPool(): UserPool {
  return { issuer: required(USER_POOL_VARIABLE), clientId: required(USER_POOL_CLIENT_VARIABLE) };
}

/** Reads a value that AWS generates. Such a value cannot be in the configuration file. */
function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') throw new TypeError(`${variable} has no value; deploy the whole stack`);
  return value;
}

/** Handles an API request or a scheduled event. Lambda calls this function. */
export async function handler(event: ApiEvent | SweepEvent): Promise<ApiResult | undefined> {
  try {
    return 'source' in event ? await handle(event) : await handle(event);
  } finally {
    telemetry.flush();
  }
}
