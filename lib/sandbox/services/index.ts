/** All services whose requests the sandbox can map. Each service has one table. */
import type { ServiceMapping } from '../service-mapping';
import { CLOUDWATCH } from './cloudwatch';
import { DYNAMODB } from './dynamodb';
import { EC2 } from './ec2';
import { KMS } from './kms';
import { LAMBDA } from './lambda';
import { LOGS } from './logs';
import { RDS } from './rds';
import { RDS_DATA } from './rds-data';
import { S3 } from './s3';
import { SECRETS_MANAGER } from './secrets-manager';
import { SNS } from './sns';
import { SQS } from './sqs';
import { SSM } from './ssm';

export const SERVICE_MAPPINGS: readonly ServiceMapping[] = [
  CLOUDWATCH,
  DYNAMODB,
  EC2,
  KMS,
  LAMBDA,
  LOGS,
  RDS,
  RDS_DATA,
  S3,
  SECRETS_MANAGER,
  SNS,
  SQS,
  SSM,
];
