/** A damage to a live account: how it is done and undone with calls of the SDK, and what must find it. */
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PipesClient } from '@aws-sdk/client-pipes';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Moto } from '../support/moto';

/** Clients of the account, in the environment's region; `east` where IAM's events arrive. */
export function clientsOf(moto: Moto, region: string) {
  const config = { ...moto.client, region };
  return {
    apigateway: new ApiGatewayV2Client(config),
    cloudtrail: new CloudTrailClient(config),
    cloudwatch: new CloudWatchClient(config),
    dynamodb: new DynamoDBClient(config),
    ecr: new ECRClient(config),
    events: new EventBridgeClient(config),
    eventsEast: new EventBridgeClient({ ...config, region: 'us-east-1' }),
    iam: new IAMClient(config),
    kms: new KMSClient(config),
    lambda: new LambdaClient(config),
    pipes: new PipesClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    secrets: new SecretsManagerClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
}

export type Clients = ReturnType<typeof clientsOf>;

export interface LiveDamage {
  readonly name: string;
  /** Id of the one verification that finds it. */
  readonly found: string;
  /** Another verification that rightly finds it too. */
  readonly also?: string;
  /** Whether it hides other damages, so that it is done alone. */
  readonly alone?: boolean;
  /** What its message contains. */
  readonly says: RegExp;
  readonly damage: (clients: Clients) => Promise<unknown>;
  readonly repair: (clients: Clients) => Promise<unknown>;
}

export const ACCOUNT = '123456789012';
export const AGENT = 'hermes-dev-agent';

/** A policy document as text, with one statement. */
export function policyText(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

export const policyArn = (name: string) => `arn:aws:iam::${ACCOUNT}:policy/leasehold/hermes-dev/${name}`;
export const allow = (Action: string, Resource = '*') => ({ Effect: 'Allow', Action, Resource });
export const trusting = (AWS: string, rest: object = {}) =>
  policyText({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...rest });
