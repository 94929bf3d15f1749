import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { Environment } from '@leasehold/definitions';
import { watchName } from '@leasehold/documents';
import { Construct } from 'constructs';
import { literalJson } from './literal';

export interface TrailProps {
  readonly environment: Environment;
}

/**
 * A multi-region trail with log-file validation, and its bucket. Without a trail EventBridge receives no API call
 * events.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export class Trail extends Construct {
  constructor(scope: Construct, id: string, { environment }: TrailProps) {
    super(scope, id);
    const { partition, region, account } = environment;
    const name = `${watchName(environment)}-trail`;
    const bucketName = `${name}-${account}`;
    const bucketArn = `arn:${partition}:s3:::${bucketName}`;
    const source = {
      StringEquals: { 'aws:SourceArn': `arn:${partition}:cloudtrail:${region}:${account}:trail/${name}` },
    };
    const principal = { Service: 'cloudtrail.amazonaws.com' };

    const bucket = new S3Bucket(this, 'bucket', { bucket: bucketName });
    const closed = new S3BucketPublicAccessBlock(this, 'bucket-closed', {
      bucket: bucketName,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
      dependsOn: [bucket],
    });
    new S3BucketVersioningA(this, 'bucket-versions', {
      bucket: bucketName,
      versioningConfiguration: { status: 'Enabled' },
      dependsOn: [bucket],
    });
    const policy = new S3BucketPolicy(this, 'bucket-policy', {
      bucket: bucketName,
      policy: literalJson({
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
            Resource: `${bucketArn}/AWSLogs/${account}/*`,
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
      }),
      dependsOn: [closed],
    });
    new Cloudtrail(this, 'trail', {
      name,
      s3BucketName: bucketName,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      dependsOn: [policy],
    });
  }
}
