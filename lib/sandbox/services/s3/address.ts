/**
 * Finds the bucket and object of a request in path style or virtual-host style.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
import { type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { awsHost, isLocal } from '../common/plain-request';
import { quoted } from '../common/resources';

/** The bucket and key of a request. If both are absent, the request is for the service itself. */
export interface Address {
  readonly bucket?: string;
  /** The key, decoded. */
  readonly key?: string;
}

/** The bucket and key in a request. An ambiguous request is refused. */
export function addressOf({ host, region, path }: SignedRequest): Address {
  if (!path.startsWith('/')) throw new UnmappedRequest('the path does not start with a slash');
  if (path.includes('+'))
    throw new UnmappedRequest('the path contains a plus sign, which some servers read as a space');
  const bucket = bucketOfHost(host, region);
  if (bucket !== undefined) return withKey(bucket, path.slice(1));
  const slash = path.indexOf('/', 1);
  const first = path.slice(1, slash < 0 ? undefined : slash);
  if (first === '') {
    if (path !== '/') throw new UnmappedRequest('the path contains no bucket');
    return {};
  }
  return withKey(first, slash < 0 ? '' : path.slice(slash + 1));
}

/** The path of an address, encoded so that every server interprets it in the same way. */
export function pathOf({ bucket, key }: Address): string {
  if (bucket === undefined) return '/';
  return key === undefined ? `/${bucket}` : `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * Checks a bucket's name. Refuses access point names, which refer to other resources, and names in old formats that
 * are no longer permitted.
 */
export function checkBucket(name: string): string {
  const regular = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !/\.\.|^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (!regular) throw new UnmappedRequest(`${quoted(name)} is not a valid name of a bucket`);
  if (/-s3alias$|--ol-s3$|--x-s3$|\.mrap$|--table-s3$/.test(name)) {
    throw new UnmappedRequest(`${quoted(name)} refers to another resource that the sandbox does not know`);
  }
  return name;
}

/**
 * Checks an object's decoded key. Keys that servers could interpret differently are refused: keys with empty or dot
 * segments, with control characters, or with percent-encoding after decoding.
 */
export function checkKey(key: string): string {
  const segments = key.split('/');
  const last = segments.length - 1;
  const twofold =
    segments.some((segment, index) => segment === '.' || segment === '..' || (segment === '' && index < last)) ||
    key.includes('\\') ||
    /%[0-9a-f]{2}/i.test(key) ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern searches for control characters.
    /[\u0000-\u001f\u007f]/.test(key);
  if (twofold || Buffer.byteLength(key) > LONGEST_KEY) {
    throw new UnmappedRequest(`the key ${quoted(key)} is ambiguous`);
  }
  return key;
}

/** Maximum length of a key in bytes. */
const LONGEST_KEY = 1024;

/** Decodes percent-encoding once. */
export function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new UnmappedRequest('the key has an invalid encoding', undefined, { cause });
  }
}

function withKey(bucket: string, encodedKey: string): Address {
  checkBucket(bucket);
  return encodedKey === '' ? { bucket } : { bucket, key: checkKey(decodeOnce(encodedKey)) };
}

/** The bucket in a host name; `undefined` for a host that names only the service. */
function bucketOfHost(host: string, region: string): string | undefined {
  if (isLocal(host)) return undefined;
  if (host.endsWith('.localhost')) {
    const name = host.slice(0, -'.localhost'.length);
    return name === 's3' ? undefined : name.replace(/\.s3$/, '');
  }
  const name = awsHost(host, region)
    ?.name.replace(/\.dualstack$/, '')
    .replace(/-fips$/, '');
  if (name === 's3') return undefined;
  if (name?.endsWith('.s3')) return name.slice(0, -'.s3'.length);
  throw new UnmappedRequest(`the host ${quoted(host)} is not an endpoint of s3 in ${region}`);
}
