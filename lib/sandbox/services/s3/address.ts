/**
 * Which bucket and object a request means, in path style and in virtual-host style.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
import { type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { awsHost, isLocal } from '../common/plain-request';
import { quoted } from '../common/resources';

/** Neither bucket nor key: the service itself. */
export interface Address {
  readonly bucket?: string;
  /** Decoded. */
  readonly key?: string;
}

/** The address of a request. Refused when two readers could take it for two addresses. */
export function addressOf({ host, region, path }: SignedRequest): Address {
  if (!path.startsWith('/')) throw new UnmappedRequest('the path does not begin with a slash');
  if (path.includes('+')) throw new UnmappedRequest('the path has a plus sign, which some readers take for a space');
  const bucket = bucketOfHost(host, region);
  if (bucket !== undefined) return withKey(bucket, path.slice(1));
  const slash = path.indexOf('/', 1);
  const first = path.slice(1, slash < 0 ? undefined : slash);
  if (first === '') {
    if (path !== '/') throw new UnmappedRequest('the path has no bucket');
    return {};
  }
  return withKey(first, slash < 0 ? '' : path.slice(slash + 1));
}

/** The path of an address, encoded in the one way that every server reads alike. */
export function pathOf({ bucket, key }: Address): string {
  if (bucket === undefined) return '/';
  return key === undefined ? `/${bucket}` : `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** A bucket's name; names of access points, which stand for other resources, and old irregular names are refused. */
export function checkBucket(name: string): string {
  const regular = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !/\.\.|^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (!regular) throw new UnmappedRequest(`${quoted(name)} is no name of a bucket`);
  if (/-s3alias$|--ol-s3$|--x-s3$|\.mrap$|--table-s3$/.test(name)) {
    throw new UnmappedRequest(`${quoted(name)} stands for another resource, and the sandbox does not know which`);
  }
  return name;
}

/**
 * An object's key, decoded. Refused are keys that some server would read as another one: with empty or dot segments,
 * with control characters, or still percent-encoded once decoded.
 */
export function checkKey(key: string): string {
  const segments = key.split('/');
  const last = segments.length - 1;
  const twofold =
    segments.some((segment, index) => segment === '.' || segment === '..' || (segment === '' && index < last)) ||
    key.includes('\\') ||
    /%[0-9a-f]{2}/i.test(key) ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    /[\u0000-\u001f\u007f]/.test(key);
  if (twofold || Buffer.byteLength(key) > LONGEST_KEY) {
    throw new UnmappedRequest(`the key ${quoted(key)} can be read in two ways`);
  }
  return key;
}

/** Bytes of a key. */
const LONGEST_KEY = 1024;

/** Text that is percent-encoded once. */
export function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new UnmappedRequest('the key is wrongly encoded', undefined, { cause });
  }
}

function withKey(bucket: string, encodedKey: string): Address {
  checkBucket(bucket);
  return encodedKey === '' ? { bucket } : { bucket, key: checkKey(decodeOnce(encodedKey)) };
}

/** The bucket in a host name; `undefined` for a host that names the service alone. */
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
  throw new UnmappedRequest(`the host ${quoted(host)} is no endpoint of s3 in ${region}`);
}
