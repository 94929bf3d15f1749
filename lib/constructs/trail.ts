import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { Environment } from '@leasehold/definitions';
import { trailBucketName, trailBucketPolicy, trailName } from '@leasehold/documents';
import { Construct } from 'constructs';
import { literalJson } from './literal';

export interface TrailProps {
  readonly environment: Environment;
}

/**
 * A multi-region trail with log-file validation, and its S3 bucket. Without a trail, EventBridge receives no API call
 * events.
 */
export class Trail extends Construct {
  constructor(scope: Construct, id: string, { environment }: TrailProps) {
    super(scope, id);
    const name = trailName(environment);
    const bucketName = trailBucketName(environment);
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
      policy: literalJson(trailBucketPolicy(environment)),
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
