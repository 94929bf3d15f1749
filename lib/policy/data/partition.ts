/** AWS's partitions. */

/** The partitions that Leasehold deploys to. */
export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';
