/** Determines the owner of an address: an account, a bucket's owner, AWS itself, or an unknown party. */
import { isAccountId } from '../account-ids';

export type AddressOwner =
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'bucket'; readonly bucket: string }
  /** The endpoint of a service in a region, which serves the account that signs the request. */
  | { readonly kind: 'service' }
  /**
   * An AWS host name that any AWS customer can obtain, for example the host name of an API, a function or a load
   * balancer.
   */
  | { readonly kind: 'customer' }
  | { readonly kind: 'outside' };

/**
 * The owner of an address's host. An address that cannot be parsed, or that contains a user name, counts as outside
 * AWS.
 */
export function ownerOfAddress(text: string): AddressOwner {
  const url = parsed(text);
  if (url === undefined || url.username !== '' || url.password !== '') return { kind: 'outside' };
  const host = hostOf(url);
  const account = ACCOUNT_HOST.exec(host)?.groups?.account;
  if (account !== undefined) return { kind: 'account', account };
  const steps = url.pathname.split('/').filter((step) => step !== '');
  const s3 = S3_HOST.exec(host);
  if (s3 !== null) {
    const bucket = s3.groups?.bucket ?? decoded(steps[0] ?? '');
    return bucket === '' ? { kind: 'service' } : { kind: 'bucket', bucket };
  }
  if (SERVICE_HOST.test(host)) {
    const named = steps.find(isAccountId);
    return named === undefined ? { kind: 'service' } : { kind: 'account', account: named };
  }
  return { kind: AT_AWS.test(host) ? 'customer' : 'outside' };
}

/**
 * The account IDs in the query string of an AWS service's address. For a service such as SQS, the query string can name
 * the queue, and therefore the account that owns the queue.
 */
export function accountsInQuery(text: string): readonly string[] {
  const url = parsed(text);
  if (url === undefined || url.search === '' || !SERVICE_HOST.test(hostOf(url))) return [];
  let query = url.search;
  for (let times = 0; times < MOST_DECODED; times += 1) query = decoded(query);
  return [...new Set([...query.matchAll(/(?<!\d)\d{12}(?!\d)/g)].map(([account]) => account))];
}

/** Maximum number of times that an address's query string is decoded to find further addresses in it. */
const MOST_DECODED = 3;

/**
 * Whether a text is the name or the address of a host that anybody may own, with or without a port. Private networks
 * are not included.
 */
export function isPublicHost(text: string): boolean {
  const [host = ''] = /^[a-z0-9_.-]+(?=(:\d{1,5})?(\/|$))/i.exec(text) ?? [];
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return !PRIVATE_ADDRESS.test(host);
  return /\.[a-z][a-z0-9-]*[a-z0-9]\.?$/i.test(host) && !PRIVATE_NAME.test(host);
}

const PRIVATE_ADDRESS = /^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./;
const PRIVATE_NAME = /\.(internal|local|localdomain|localhost|lan|home\.arpa)\.?$/i;

const REGION = '[a-z]{2}(?:-[a-z]+)+-\\d';
const SUFFIX = '(?:amazonaws\\.com(?:\\.cn)?|api\\.aws|api\\.amazonwebservices\\.com\\.cn)';

/**
 * The host names listed in https://docs.aws.amazon.com/general/latest/gr/rande.html. Customers do not control any of
 * them.
 */
const SERVICE_HOST = new RegExp(
  `^(?:[a-z0-9-]+\\.${REGION}\\.${SUFFIX}|(?:(?:${REGION}\\.)?queue|cloudfront|iam|organizations|route53|sts)\\.amazonaws\\.com)$`,
);

/** Host names that contain the account id: those of access points, DynamoDB, S3 Control and ECR. */
const ACCOUNT_HOST = new RegExp(
  `^(?:[a-z0-9-]+-(?=\\d{12}\\.s3-)|(?=\\d{12}\\.(?:ddb|s3-control|dkr)))(?<account>\\d{12})\\.` +
    `(?:s3-accesspoint(?:-fips)?(?:\\.dualstack)?|s3-object-lambda|s3-control(?:-fips)?(?:\\.dualstack)?|ddb|dkr\\.ecr(?:-fips)?)` +
    `\\.${REGION}\\.${SUFFIX}$`,
);

/** Host names of S3, with the bucket in the host name or in the path. */
const S3_HOST = new RegExp(
  `^(?:(?<bucket>.+)\\.)?s3(?:-(?:website|fips|accelerate|external-1))?(?:\\.dualstack)?(?:[.-]${REGION})?\\.${SUFFIX}$`,
);

const AT_AWS =
  /(^|\.)(amazonaws\.com(\.cn)?|aws|aws\.dev|amazonwebservices\.com\.cn|amazoncognito\.com|amplifyapp\.com|awsapprunner\.com|awsglobalaccelerator\.com|cloudfront\.net|elasticbeanstalk\.com)$/;

function hostOf({ hostname }: URL): string {
  return hostname.toLowerCase().replace(/\.$/, '');
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
