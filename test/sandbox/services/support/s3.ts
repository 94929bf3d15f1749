/** Requests to S3. */
import { S3Client } from '@aws-sdk/client-s3';
import { S3 } from '../../../../lib/sandbox/services/s3';
import { aRequest, capture, type Handmade, sender } from './requests';

const captured = capture();

/** Sends a command in path style. */
export const sent = sender(S3, captured, new S3Client({ ...captured.config, forcePathStyle: true }));

/** Sends a command in virtual-host style. */
export const sentToHost = sender(S3, captured, new S3Client({ ...captured.config }));

export const byHand = (overrides: Handmade) => aRequest(S3, overrides);

export const B = 'hermes-dev-deploy';
export const BUCKET = `arn:aws:s3:::${B}`;
export const IN = { Bucket: B, Key: '1.4.2/app.js' };
export const OBJECT = `${BUCKET}/1.4.2/app.js`;

/** Keys that every request to S3 carries. */
export const USUAL = [
  's3:ResourceAccount',
  's3:TlsVersion',
  's3:authType',
  's3:signatureversion',
  's3:x-amz-content-sha256',
];

export const API = 'https://docs.aws.amazon.com/AmazonS3/latest/API/';
export const ACTIONS = 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html';
