/** The trail that a project creates for its alerts, and its bucket. */
import type { Environment } from '@leasehold/definitions';
import type { PolicyDocument } from '@leasehold/policy';
import { watchName } from './names';

/** Name of the trail. */
export function trailName(environment: Environment): string {
  return `${watchName(environment)}-trail`;
}

/** ARN of the trail. */
export function trailArn(environment: Environment): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:cloudtrail:${region}:${account}:trail/${trailName(environment)}`;
}

/** Name of the trail's bucket. */
export function trailBucketName(environment: Environment): string {
  return `${trailName(environment)}-${environment.account}`;
}

/** ARN of the trail's bucket. */
export function trailBucketArn(environment: Environment): string {
  return `arn:${environment.partition}:s3:::${trailBucketName(environment)}`;
}

/**
 * The bucket's policy: only this trail can write to the bucket. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export function trailBucketPolicy(environment: Environment): PolicyDocument {
  const bucketArn = trailBucketArn(environment);
  const source = { StringEquals: { 'aws:SourceArn': trailArn(environment) } };
  const principal = { Service: 'cloudtrail.amazonaws.com' };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TrailChecksBucket',
        Effect: 'Allow',
        Principal: principal,
        Action: 's3:GetBucketAcl',
        Resource: bucketArn,
        Condition: source,
      },
      {
        Sid: 'TrailWrites',
        Effect: 'Allow',
        Principal: principal,
        Action: 's3:PutObject',
        Resource: `${bucketArn}/AWSLogs/${environment.account}/*`,
        Condition: { StringEquals: { ...source.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      },
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  };
}
