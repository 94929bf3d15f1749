/** The entry of the function. Everything that a first request needs is made once, when the function is started. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BROKER_CONFIG, readBrokerConfig } from '@leasehold/documents';
import { awsPorts } from '../adapters/aws';
import type { ApiEvent, ApiResult } from '../http/event';
import { createHandler, type SweepEvent } from '../http/handler';
import { composePorts } from './compose';
import { functionTelemetry } from './telemetry';
import { traced } from './trace';

const environment = readBrokerConfig(readFileSync(join(__dirname, BROKER_CONFIG), 'utf8'));
const telemetry = functionTelemetry();
const aws = awsPorts({ environment, instrument: traced });
const handle = createHandler(composePorts({ environment, aws, telemetry }), environment);

/** What Lambda calls: for a request of the API, or of the schedule. */
export async function handler(event: ApiEvent | SweepEvent): Promise<ApiResult | undefined> {
  try {
    return 'source' in event ? await handle(event) : await handle(event);
  } finally {
    telemetry.flush();
  }
}
