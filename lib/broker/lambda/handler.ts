/** The entry point of the function. Everything that a first request needs is made once, at start-up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BROKER_CONFIG, RECORD_KEY_VARIABLE, readBrokerConfig } from '@leasehold/documents';
import { awsPorts } from '../adapters/aws';
import type { ApiEvent, ApiResult } from '../http/event';
import { createHandler, type SweepEvent } from '../http/handler';
import { composePorts } from './compose';
import { functionTelemetry } from './telemetry';
import { traced } from './trace';

const environment = readBrokerConfig(readFileSync(join(__dirname, BROKER_CONFIG), 'utf8'));
const telemetry = functionTelemetry();
const aws = awsPorts({ environment, instrument: traced, records: { key: recordKey() } });
const handle = createHandler(composePorts({ environment, aws, telemetry }), environment);

/** The record key is required: without it, the function could not write records or verify stored ones. */
function recordKey(): string {
  const key = process.env[RECORD_KEY_VARIABLE];
  if (key === undefined || key === '')
    throw new TypeError(`${RECORD_KEY_VARIABLE} names no key; deploy the whole stack`);
  return key;
}

/** Handles an API request or a scheduled event. Called by Lambda. */
export async function handler(event: ApiEvent | SweepEvent): Promise<ApiResult | undefined> {
  try {
    return 'source' in event ? await handle(event) : await handle(event);
  } finally {
    telemetry.flush();
  }
}
