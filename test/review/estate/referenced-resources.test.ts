/** Dependencies between resources: each is read once, and each bucket is looked up by its name. */
import { References } from '../../../lib/review/estate/references';
import { allows, change, configuration, type Json, policy, reviewOf, short } from '../planned';

const OURS = change('aws_s3_bucket.ours', { same: { bucket: 'ours', arn: 'arn:aws:s3:::ours' } });

/** A plan of resources, each of which names a new bucket and depends on all resources with a smaller number. */
interface Chain {
  readonly name: string;
  readonly type: string;
  readonly values: (index: number) => Json;
}

const ofQueue = (index: number) => ({
  ...allows('sqs:SendMessage', `arn:aws:sqs:eu-west-1:123456789012:q${index}`),
  Principal: { Service: 's3.amazonaws.com' },
  Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::new' } },
});

const chains: readonly Chain[] = [
  {
    name: 'trails',
    type: 'aws_cloudtrail',
    values: (index) => ({ name: `t${index}`, s3_bucket_name: 'new', sns_topic_name: 's3://theirs' }),
  },
  {
    name: 'state machines with several buckets',
    type: 'aws_sfn_state_machine',
    values: () => ({ definition: JSON.stringify({ Buckets: ['s3://new', 's3://theirs', 's3://other'] }) }),
  },
  {
    name: 'policies of queues',
    type: 'aws_sqs_queue_policy',
    values: (index) => ({ queue_url: `q${index}`, policy: policy(ofQueue(index)) }),
  },
];

async function readsFor(count: number, { type, values }: Chain): Promise<number> {
  const addresses = Array.from({ length: count }, (_, index) => `${type}.r${index}`);
  const bucket = change('aws_s3_bucket.new', { after: { bucket: 'new' } });
  const settings = addresses.map((address, index): [string, Json] => [
    address,
    { depends_on: ['aws_s3_bucket.new', ...addresses.slice(0, index)] },
  ]);
  const reads = jest.spyOn(References.prototype, 'mentioned');
  const { findings } = await reviewOf(
    [OURS, bucket, ...addresses.map((address, index) => change(address, { after: values(index) }))],
    { configuration: configuration(Object.fromEntries([...settings, ['aws_s3_bucket.new', {}]])) },
  );
  expect(findings.filter(({ message }) => /bucket new|:::new/.test(message))).toEqual([]);
  const { length } = reads.mock.calls;
  reads.mockRestore();
  return length;
}

test.each(chains)('the expressions of $name are read a fixed number of times for each resource', async (chain) => {
  const [few, many] = [await readsFor(20, chain), await readsFor(60, chain)];
  expect(few).toBeGreaterThan(0);
  expect(many).toBeLessThanOrEqual(few * 3);
});

test('instances with the same dependencies', async () => {
  const buckets = Array.from({ length: 300 }, (_, index) =>
    change(`aws_s3_bucket.new["b${index}"]`, { index: `b${index}`, after: { bucket: `bucket-${index}` } }),
  );
  const trails = Array.from({ length: 301 }, (_, index) =>
    change(`aws_cloudtrail.t["b${index}"]`, { index: `b${index}`, after: { s3_bucket_name: `bucket-${index}` } }),
  );
  const review = await reviewOf([OURS, ...buckets, ...trails], {
    configuration: configuration({
      'aws_cloudtrail.t': { s3_bucket_name: { references: ['aws_s3_bucket.new', 'each.key'] } },
      'aws_s3_bucket.new': {},
    }),
  });
  expect(short(review)).toEqual(['medium outside-resource']);
  expect(review.findings[0]?.place.address).toBe('aws_cloudtrail.t["b300"]');
});

test('buckets with the same name in two accounts', async () => {
  const provider = (account: string) => ({ allowed_account_ids: { constant_value: [account] } });
  const review = await reviewOf(
    [
      OURS,
      change('aws_s3_bucket.a', { after: { bucket: 'new' } }),
      change('aws_s3_bucket.b', { after: { bucket: 'new' } }),
      change('aws_cloudtrail.t', { after: { s3_bucket_name: 'new' } }),
    ],
    {
      configuration: configuration(
        {
          'aws_cloudtrail.t': { depends_on: ['aws_s3_bucket.a', 'aws_s3_bucket.b'] },
          'aws_s3_bucket.a': {},
          'aws_s3_bucket.b': { provider: 'aws.second' },
        },
        { 'aws.second': provider('444455556666') },
      ),
    },
  );
  expect(short(review)).toEqual(['medium outside-resource']);
});

test('an expression that refers to attributes, to whole resources, and to resources with similar names', async () => {
  const bucket = (name: string) => change(`aws_s3_bucket.${name}`, { after: { bucket: name } });
  const trail = (name: string) => change(`aws_cloudtrail.${name}`, { after: { s3_bucket_name: name } });
  const names = ['log', 'logs', 'other'];
  const references = ['aws_s3_bucket.logs.id', 'aws_s3_bucket.logs', 'aws_s3_bucket.log', 'aws_s3_bucket.log.id'];
  const review = await reviewOf([OURS, ...names.map(bucket), ...names.map(trail)], {
    configuration: configuration({
      ...Object.fromEntries(names.map((name) => [`aws_cloudtrail.${name}`, { s3_bucket_name: { references } }])),
      ...Object.fromEntries(names.map((name) => [`aws_s3_bucket.${name}`, {}])),
    }),
  });
  expect(review.findings.map(({ place }) => place.address)).toEqual(['aws_cloudtrail.other']);
});
