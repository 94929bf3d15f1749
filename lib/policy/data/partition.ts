/** AWS's partitions. */

/** The partitions in which Leasehold can be deployed. */
export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

const PARTITIONS: Readonly<Record<Partition, true>> = { aws: true, 'aws-cn': true, 'aws-us-gov': true };

/** Whether a string is the name of a partition that Leasehold supports. */
export function isPartition(text: string): text is Partition {
  return Object.hasOwn(PARTITIONS, text);
}
