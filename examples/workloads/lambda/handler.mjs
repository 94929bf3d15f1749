/**
 * A Lambda function that uploads the report of a day. Its execution role can do nothing but ask the broker. EventBridge
 * invokes it every night.
 *
 * Environment: LEASEHOLD_MANIFEST, the file of the stack's `leasehold` output in the package of the function.
 */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { configure, withLease } from '@leasehold/runtime';

configure({ agent: 'function' });

export async function handler({ id, time }) {
  const day = time.slice(0, 10);
  const reason = `Upload the nightly order report of ${day} for the schedule event ${id}`;
  return withLease('report-upload', { reason, parameters: { day } }, async ({ id: lease, credentials }) => {
    const s3 = new S3Client({ credentials });
    const Body = JSON.stringify({ day, orders: 42 });
    await s3.send(new PutObjectCommand({ Bucket: 'shop-dev-reports', Key: `${day}/orders.json`, Body }));
    return { lease, uploaded: `${day}/orders.json` };
  });
}
