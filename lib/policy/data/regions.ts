/**
 * AWS regions and the partition of each.
 * Sources: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html for the list, and the
 * region patterns of `partitions.json` in the AWS SDKs (aws/aws-sdk-js-v3, packages/util-endpoints) for newer regions.
 */
import type { Partition } from './partition';

const NAMES: Readonly<Record<Partition, readonly string[]>> = {
  aws: [
    'af-south-1',
    'ap-east-1',
    'ap-east-2',
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-south-2',
    'ap-southeast-1',
    'ap-southeast-2',
    'ap-southeast-3',
    'ap-southeast-4',
    'ap-southeast-5',
    'ap-southeast-6',
    'ap-southeast-7',
    'ca-central-1',
    'ca-west-1',
    'eu-central-1',
    'eu-central-2',
    'eu-north-1',
    'eu-south-1',
    'eu-south-2',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'il-central-1',
    'me-central-1',
    'me-south-1',
    'mx-central-1',
    'sa-east-1',
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
  ],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-us-gov': ['us-gov-east-1', 'us-gov-west-1'],
};

/** The partition of each region. */
export const REGIONS: ReadonlyMap<string, Partition> = new Map(
  Object.entries(NAMES).flatMap(([partition, names]) => names.map((name) => [name, partition as Partition] as const)),
);

/** Patterns of region names, for regions that are newer than the list. */
export const PARTITION_PATTERNS: readonly { readonly partition: Partition; readonly pattern: RegExp }[] = [
  { partition: 'aws', pattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/ },
  { partition: 'aws-cn', pattern: /^cn-[a-z]+-\d+$/ },
  { partition: 'aws-us-gov', pattern: /^us-gov-[a-z]+-\d+$/ },
];
