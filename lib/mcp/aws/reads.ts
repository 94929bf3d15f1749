/** Decides whether an operation is read-only, according to AWS's reference. */
import { accessOf, loadCatalogue } from '@leasehold/policy';

/** Names of read-only operations that differ from their IAM action, for example `ListObjectsV2` and `HeadObject`. */
const READING = /^(?:Get|Head|List|Describe|BatchGet)[A-Z]/;

/** @param prefix IAM prefix of the service, for example `s3`. */
export async function isRead(prefix: string, operation: string): Promise<boolean> {
  const action = (await loadCatalogue([prefix])).action(`${prefix}:${operation}`);
  return action === undefined ? READING.test(operation) : accessOf(action) === 'read';
}
