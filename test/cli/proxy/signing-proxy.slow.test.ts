/** What an agent can do through the proxy, with clients of AWS's SDK, against the sandbox. */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Lease } from '@leasehold/runtime';
import fc from 'fast-check';
import { Desk, REQUEST } from '../../runtime/support/desk';
import { removeFolders } from '../support';
import { Proxied } from './support/proxied';

const Bucket = 'hermes-dev-deploy';
let desk: Desk;
let lease: Lease;
let proxied: Proxied;
beforeEach(async () => {
  desk = await Desk.open();
  lease = await desk.client().lease('s3-deploy', REQUEST);
  proxied = await Proxied.open(lease, desk.sandbox.url, () => desk.sandbox.clock.now());
});
afterEach(async () => {
  await proxied.proxy.close();
  await desk.close();
  removeFolders();
});

it('the policies of the lease decide, and their denial reaches the client as AWS wrote it', async () => {
  const s3 = new S3Client(proxied.settings());
  await s3.send(new PutObjectCommand({ Bucket, Key: "1.4.2/a b+ü!'().js", Body: 'hello' }));
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: '1.4.3/app.js' }))).rejects.toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('is not authorized to perform: s3:GetObject'),
  });
  expect(verdicts()).toEqual([
    ['PutObject', 'allowed'],
    ['GetObject', 'denied'],
  ]);
  expect(proxied.lines.map(({ errorCode, resources }) => [errorCode, resources[0]?.ARN])).toEqual([
    [undefined, `arn:aws:s3:::${Bucket}/1.4.2/a b+ü!'().js`],
    ['AccessDenied', `arn:aws:s3:::${Bucket}/1.4.3/app.js`],
  ]);
});

/** What the sandbox saw from the lease. */
const verdicts = () =>
  desk.sandbox.log.events
    .filter(({ userIdentity }) => userIdentity.type === 'AssumedRole')
    .map(({ eventName, verdict }) => [eventName, verdict]);

const KEY = fc
  .array(fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map((segments) => `1.4.2/${segments.join('/')}`);

it('whatever the key of an object, AWS decides about the key that was logged, or gets no call', async () => {
  const s3 = new S3Client(proxied.settings());
  await fc.assert(
    fc.asyncProperty(KEY, async (Key) => {
      desk.sandbox.log.clear();
      proxied.lines.length = 0;
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })).catch(() => {});
      const isForwarded = proxied.lines.some(({ additionalEventData }) => additionalEventData.forwarded);
      const decided = desk.sandbox.log.events.flatMap(({ decisions }) => decisions.map(({ resource }) => resource));
      expect(decided).toEqual(isForwarded ? [`arn:aws:s3:::${Bucket}/${Key}`] : []);
      if (isForwarded) expect(proxied.lines[0]?.resources).toEqual([{ ARN: `arn:aws:s3:::${Bucket}/${Key}` }]);
      expect(desk.sandbox.log.events.every(({ errorCode }) => errorCode !== 'SignatureDoesNotMatch')).toBe(true);
    }),
    { numRuns: 150 },
  );
});
