/** Every service whose requests the sandbox can map: a table a service. */
import type { ServiceMapping } from '../service-mapping';
import { DYNAMODB } from './dynamodb';
import { S3 } from './s3';

export const SERVICE_MAPPINGS: readonly ServiceMapping[] = [DYNAMODB, S3];
