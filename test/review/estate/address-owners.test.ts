/** Who owns an address, by its host. */
import { ownerOfAddress } from '../../../lib/review/estate/address-owners';

const OWN = '123456789012';

const cases: Readonly<Record<string, readonly string[]>> = {
  [`account ${OWN}`]: [
    `https://sqs.eu-west-1.amazonaws.com/${OWN}/jobs`,
    `https://SQS.eu-west-1.amazonaws.com./${OWN}/jobs`,
    `https://sqs.eu-west-1.api.aws/${OWN}/jobs`,
    `https://sqs-fips.us-gov-west-1.amazonaws.com/${OWN}/jobs`,
    `https://sqs.cn-north-1.amazonaws.com.cn/${OWN}/jobs`,
    `https://eu-west-1.queue.amazonaws.com/${OWN}/jobs`,
    `https://queue.amazonaws.com/${OWN}/jobs`,
    `https://${OWN}.ddb.us-east-1.amazonaws.com/`,
    `https://${OWN}.dkr.ecr.eu-west-1.amazonaws.com/v2/`,
    `https://mine-${OWN}.s3-accesspoint.eu-west-1.amazonaws.com/key`,
    `https://${OWN}.s3-control.eu-west-1.amazonaws.com/`,
  ],
  service: [
    'https://events.eu-west-1.amazonaws.com/',
    'https://lambda.eu-west-1.api.aws',
    'https://s3.eu-west-1.amazonaws.com/',
    'https://logs.eu-west-1.amazonaws.com:443/x',
  ],
  'bucket theirs': [
    'https://s3.amazonaws.com/theirs',
    'https://s3.amazonaws.com/theirs/key',
    'https://s3.amazonaws.com/%74heirs/key',
    'https://s3.eu-west-1.amazonaws.com/theirs/key',
    'https://s3-eu-west-1.amazonaws.com/theirs/key',
    'https://s3.dualstack.eu-west-1.amazonaws.com/theirs',
    'https://theirs.s3.eu-west-1.amazonaws.com/key',
    'https://theirs.s3.amazonaws.com/key',
    'https://theirs.s3-accelerate.amazonaws.com/key',
    'http://theirs.s3-website-eu-west-1.amazonaws.com/',
    'http://theirs.s3-website.eu-central-1.amazonaws.com/',
  ],
  [`bucket ${OWN}`]: [`https://${OWN}.s3.eu-west-1.amazonaws.com/key`],
  customer: [
    `https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/${OWN}/x`,
    'https://a1b2c3d4e5.execute-api.eu-west-1.api.aws/prod',
    `https://x.lambda-url.eu-west-1.on.aws/${OWN}`,
    'https://d111111abcdef8.cloudfront.net/',
    'https://theirs-1.eu-west-1.elb.amazonaws.com/',
    'https://theirs-1.elb.eu-west-1.amazonaws.com/',
    `https://ec2-192-0-2-1.eu-west-1.compute.amazonaws.com/${OWN}/jobs`,
    'https://ec2-192-0-2-1.compute-1.amazonaws.com/',
    'https://theirs.auth.eu-west-1.amazoncognito.com/',
    'https://vpce-1-x.sqs.eu-west-1.vpce.amazonaws.com/',
    'https://theirs.appsync-api.eu-west-1.amazonaws.com/graphql',
  ],
  outside: [
    `https://sqs.eu-west-1.amazonaws.com.evil.test/${OWN}/jobs`,
    `https://sqs.eu-west-1.amazonaws.com@evil.test/${OWN}/jobs`,
    `https://user@sqs.eu-west-1.amazonaws.com/${OWN}/jobs`,
    `https://:p@sqs.eu-west-1.amazonaws.com/${OWN}/jobs`,
    `https://evil.test/sqs.eu-west-1.amazonaws.com/${OWN}/jobs`,
    `https://evil.test#@sqs.eu-west-1.amazonaws.com/${OWN}/jobs`,
    `https://evil.test\\@sqs.eu-west-1.amazonaws.com/${OWN}/jobs`,
    `https://sqs.eu-west-1.amazonaws.com%2eevil.test/${OWN}/jobs`,
    `https://evilamazonaws.com/${OWN}/jobs`,
    `https://sqs.eu-west-1.evilamazonaws.com/${OWN}/jobs`,
    'https://api.aws.evil.test/',
    'https://myaws/',
    'https://192.0.2.1/',
    'https://[2001:db8::1]/',
    'https:///',
    'https://exa mple.test',
  ],
};

test.each(Object.entries(cases).flatMap(([owner, texts]) => texts.map((text) => ({ owner, text }))))(
  '$text: $owner',
  ({ owner, text }) => {
    const { kind, ...more } = ownerOfAddress(text);
    expect([kind, ...Object.values(more)].join(' ')).toBe(owner);
  },
);
