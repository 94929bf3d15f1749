/**
 * Decides, based on an operation's name and AWS's reference, whether the operation is read-only and can be repeated.
 */
import { accessOf, loadCatalogue } from '@leasehold/policy';

/**
 * Names of read-only operations. The corresponding IAM action may have another name, as for `ListObjectsV2` and
 * `HeadObject`.
 */
const READING = /^(?:Get|Head|List|Describe|BatchGet)[A-Z]/;
/**
 * Names of operations that count as read-only only if AWS's reference classifies the IAM action with the same name as a
 * read.
 */
const SEARCHING = /^(?:Query|Scan|Search|Lookup|Simulate)(?:[A-Z]|$)/;

/**
 * Whether the name of an operation is that of a read, and AWS's reference does not contradict. The reference alone is
 * not enough: it lists actions as reads that have an effect each time, such as `sqs:ReceiveMessage`, which counts, and
 * `logs:StartQuery`, which costs.
 * @param prefix IAM prefix of the service, for example `s3`.
 */
export async function isRead(prefix: string, operation: string): Promise<boolean> {
  const action = (await loadCatalogue([prefix])).action(`${prefix}:${operation}`);
  if (action === undefined) return READING.test(operation);
  return accessOf(action) === 'read' && (READING.test(operation) || SEARCHING.test(operation));
}
