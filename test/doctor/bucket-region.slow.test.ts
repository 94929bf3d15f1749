/** Buckets in other regions: S3 refuses the call and names the region, and the doctor repeats the call there. */
import { Aws } from '../../lib/doctor/aws/aws';

type Refusal = Readonly<{ statusCode: number; code: string; region?: string }>;

/** The doctor's client for AWS in eu-west-1, the hosts that it called, and S3's answers by host. */
function client(answers: Readonly<Record<string, Refusal | string>>) {
  const hosts: string[] = [];
  const requestHandler = {
    handle: async ({ hostname }: { readonly hostname: string }) => {
      hosts.push(hostname);
      const answer = answers[hostname] ?? { statusCode: 500, code: 'InternalError' };
      return { response: typeof answer === 'string' ? accepted(answer) : refused(answer) };
    },
  };
  const configure = () => ({ credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, requestHandler });
  return { aws: new Aws({ region: 'eu-west-1', attempts: 1, configure }), hosts };
}

const accepted = (body: string) => ({ statusCode: 200, headers: {}, body: Buffer.from(body) });

const refused = ({ statusCode, code, region }: Refusal) => ({
  statusCode,
  headers: { 'content-type': 'application/xml', ...(region === undefined ? {} : { 'x-amz-bucket-region': region }) },
  body: Buffer.from(`<Error><Code>${code}</Code><Message>elsewhere</Message></Error>`),
});

const HERE = 'shop.s3.eu-west-1.amazonaws.com';
const THERE = 'shop.s3.us-west-2.amazonaws.com';
const moved = { statusCode: 301, code: 'PermanentRedirect', region: 'us-west-2' };

it.each([
  moved,
  { statusCode: 400, code: 'AuthorizationHeaderMalformed', region: 'us-west-2' },
  { statusCode: 400, code: 'IllegalLocationConstraintException', region: 'us-west-2' },
])('follows $statusCode $code to the region of the bucket, which is an endpoint of AWS', async (refusal) => {
  const { aws, hosts } = client({ [HERE]: refusal, [THERE]: '{"Version":"2012-10-17"}' });
  const answer = await aws.find('s3', 'GetBucketPolicy', { Bucket: 'shop' });
  expect(answer?.Policy).toBe('{"Version":"2012-10-17"}');
  expect(hosts).toEqual([HERE, THERE]);
  expect(aws.redirected()).toEqual([]);
});

it('parallel calls for buckets in several regions each go to their own region', async () => {
  const regions = ['us-west-2', 'us-east-2', 'eu-central-1', 'eu-west-1'];
  const buckets = Array.from({ length: 24 }, (_, index) => ({
    Bucket: `shop-${index}`,
    region: regions[index % regions.length] ?? '',
  }));
  const { aws } = client(
    Object.fromEntries(
      buckets.flatMap(({ Bucket, region }) => [
        [`${Bucket}.s3.eu-west-1.amazonaws.com`, { statusCode: 301, code: 'PermanentRedirect', region }],
        [`${Bucket}.s3.${region}.amazonaws.com`, `{"Id":"${Bucket}"}`],
      ]),
    ),
  );
  const answers = await Promise.all(buckets.map(({ Bucket }) => aws.find('s3', 'GetBucketPolicy', { Bucket })));
  expect(answers.map((answer) => answer?.Policy)).toEqual(buckets.map(({ Bucket }) => `{"Id":"${Bucket}"}`));
  expect(aws.redirected()).toEqual([]);
});

it('an error of the bucket in its region is that of the call', async () => {
  const { aws } = client({ [HERE]: moved, [THERE]: { statusCode: 404, code: 'NoSuchBucketPolicy' } });
  expect(await aws.find('s3', 'GetBucketPolicy', { Bucket: 'shop' })).toBeUndefined();
});

it.each([
  ['no region', { statusCode: 301, code: 'PermanentRedirect' }],
  ['the same region', { ...moved, region: 'eu-west-1' }],
  ['a region of another partition', { ...moved, region: 'cn-north-1' }],
  ['a host', { ...moved, region: 'evil.example#' }],
  ['another region, for another reason', { ...moved, statusCode: 403, code: 'AccessDenied' }],
])('does not follow a refusal that names %s', async (_, refusal) => {
  const { aws, hosts } = client({ [HERE]: refusal });
  await expect(aws.find('s3', 'GetBucketPolicy', { Bucket: 'shop' })).rejects.toThrow(/s3:GetBucketPolicy/);
  expect(hosts).toEqual([HERE]);
});

it('follows once', async () => {
  const { aws, hosts } = client({ [HERE]: moved, [THERE]: { ...moved, region: 'eu-west-1' } });
  await expect(aws.find('s3', 'GetBucketPolicy', { Bucket: 'shop' })).rejects.toThrow(/PermanentRedirect/);
  expect(hosts).toEqual([HERE, THERE]);
});
