/** Reads a call of a client: verifies its signature, reads its body if necessary, and determines what the call does. */
import type { IncomingMessage } from 'node:http';
import {
  AuthRefusal,
  AwsError,
  type MappedCall,
  mapRequest,
  type Payload,
  type RawRequest,
  readBody,
  type ServiceMapping,
  type Signature,
  type SignedRequest,
  SigningKeys,
  signedRequest,
  verify,
  verifyHead,
} from '@leasehold/sandbox/requests';
import { ClientKey } from './client-key';

/** The account in which the calls are made. */
export interface CallingAccount {
  readonly id: string;
  readonly partition: string;
}

/** A call whose signature was verified. */
export interface Call {
  readonly raw: RawRequest;
  readonly request: SignedRequest;
  readonly mapped: MappedCall;
  /** The body, and the value to sign in place of the body's hash, if the body has not been read. */
  readonly stream?: { readonly hash: string; readonly body: IncomingMessage };
  /** The body that was read, without the framing of a streaming upload. Empty if it has not been read. */
  readonly payload: Payload;
}

/** Minimum size in bytes of an upload whose body is passed on while it is read. */
const LARGE = 1024 * 1024;
/** Maximum size in bytes of any other body, which is kept in memory until AWS responds. */
const LONGEST = 32 * LARGE;
/** Operations whose body is only data and is not needed to determine what the operation does. */
const UPLOADS: readonly string[] = ['PutObject', 'UploadPart'];

const signingKeys = new SigningKeys();

export interface ReadOptions {
  readonly mapping: ServiceMapping;
  readonly client: ClientKey;
  readonly account: CallingAccount;
  readonly protocol: SignedRequest['protocol'];
  /** Called when the signature was verified. */
  readonly verified: () => void;
}

/** @throws AuthRefusal, AwsError, UnmappedRequest */
export async function readCall(
  message: IncomingMessage,
  raw: RawRequest,
  signature: Signature,
  { mapping, client, account, protocol, verified }: ReadOptions,
): Promise<Call> {
  if (signature.sessionToken !== undefined) throw new AuthRefusal('wrong-token');
  const options = { secret: ClientKey.secretOf(client), keys: signingKeys, now: Date.now() };
  if (isLargeUpload(raw, signature)) {
    const hash = verifyHead(raw, signature, options);
    verified();
    checkTrailers(raw);
    const request = signedRequest(raw, signature, raw.body, account, protocol);
    const mapped = mapRequest(mapping, request);
    if (!UPLOADS.includes(mapped.operation)) {
      throw new AwsError(
        413,
        'EntityTooLarge',
        `In a call to ${mapped.operation}, leasehold proxy accepts a body of at most ${LARGE} bytes.`,
      );
    }
    return { raw, request, mapped, stream: { hash, body: message }, payload: NOTHING };
  }
  const body = await readBody(message, LONGEST);
  const payload = verify({ ...raw, body }, signature, options);
  verified();
  const request = signedRequest({ ...raw, body }, signature, payload.body, account, protocol);
  return { raw, request, mapped: mapRequest(mapping, request), payload };
}

const NOTHING: Payload = { body: Buffer.alloc(0), trailers: {} };

/**
 * Whether the body is passed on while it is read. Chunks that are signed with the client's key are always read first,
 * because AWS does not accept this key.
 */
function isLargeUpload({ method, headers }: RawRequest, { scope }: Signature): boolean {
  if (scope.service !== 's3' || method !== 'PUT') return false;
  if (headers['x-amz-content-sha256']?.startsWith('STREAMING-AWS4')) return false;
  return Number(headers['content-length'] ?? Number.POSITIVE_INFINITY) > LARGE;
}

/** Any trailer other than a checksum, for example an ACL, would take effect without being checked here. */
function checkTrailers({ headers }: RawRequest): void {
  const names = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const other = names.find((name) => name !== '' && !name.startsWith('x-amz-checksum-'));
  if (other !== undefined) throw new AuthRefusal('malformed-request', 'A trailer is not a checksum');
}
