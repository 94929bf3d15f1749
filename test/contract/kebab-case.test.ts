import { kebabCase } from '@leasehold/contract/text';

test.each([
  ['ClusterName', 'cluster-name'],
  ['cluster_name', 'cluster-name'],
  ['Cluster name', 'cluster-name'],
  ['jobRoleArn', 'job-role-arn'],
  ['team/Color:2', 'team-color-2'],
  ['S3Bucket', 's3-bucket'],
  ['', ''],
])('%s becomes %s', (text, expected) => expect(kebabCase(text)).toBe(expected));
