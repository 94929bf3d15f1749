/**
 * S3's streaming uploads: a body in chunks, each with a signature that covers the signature of the previous chunk.
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import type { RawRequest } from '../wire/raw-request';
import { EMPTY_SHA256, sha256 } from './canonical';
import { AuthRefusal } from './refusal';
import { sameSignature, sign } from './signing-key';

/** The data for computing chunk signatures. */
export interface ChunkKey {
  readonly key: Buffer;
  readonly timestamp: string;
  readonly scope: string;
  /** The signature of the request itself. */
  readonly seed: string;
}

/**
 * Reads the payload from its chunks.
 * @throws {AuthRefusal} for invalid chunks, a wrong signature, or a length or trailers that do not match the headers.
 */
export function readChunks(
  { body, headers }: RawRequest,
  mode: string,
  chain: ChunkKey,
): { readonly body: Buffer; readonly trailers: Readonly<Record<string, string>> } {
  const signed = mode !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
  const announced = headers['x-amz-decoded-content-length'] ?? '';
  if (!/^\d{1,12}$/.test(announced)) malformed('x-amz-decoded-content-length is missing');
  const reader = new Reader(body);
  const chunks: Buffer[] = [];
  let last = chain.seed;
  for (let more = true; more; ) {
    const [size = '', extension] = reader.line().split(';', 2);
    if (!/^[0-9a-f]{1,8}$/i.test(size)) malformed('the size of a chunk is not a number');
    const data = reader.take(Number.parseInt(size, 16));
    if (signed) last = checkChunk(extension, data, last, chain);
    else if (extension !== undefined) malformed('a chunk is signed, but the body is not');
    more = data.length > 0;
    if (more) {
      chunks.push(data);
      reader.newline();
    }
  }
  const trailers = mode.endsWith('-TRAILER')
    ? readTrailers(reader, headers['x-amz-trailer'], signed ? { ...chain, seed: last } : undefined)
    : {};
  reader.end();
  const decoded = Buffer.concat(chunks);
  if (decoded.length !== Number(announced))
    malformed('the length of the body differs from x-amz-decoded-content-length');
  return { body: decoded, trailers };
}

function checkChunk(extension: string | undefined, data: Buffer, previous: string, chain: ChunkKey): string {
  const given = /^chunk-signature=([0-9a-f]{64})$/.exec(extension ?? '')?.[1];
  if (given === undefined) malformed('a chunk has no signature');
  const text = ['AWS4-HMAC-SHA256-PAYLOAD', chain.timestamp, chain.scope, previous, EMPTY_SHA256, sha256(data)].join(
    '\n',
  );
  if (!sameSignature(sign(chain.key, text), given)) throw new AuthRefusal('wrong-chunk');
  return given;
}

function readTrailers(
  reader: Reader,
  announced: string | undefined,
  chain: ChunkKey | undefined,
): Readonly<Record<string, string>> {
  const trailers: Record<string, string> = Object.create(null);
  for (let line = reader.line(); line !== ''; line = reader.line()) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (name === '' || name in trailers) malformed('a trailer is not a header, or occurs twice');
    // Any other header, for example an ACL, would take effect without authorization.
    if (name !== TRAILER_SIGNATURE && !name.startsWith('x-amz-checksum-')) malformed('a trailer is not a checksum');
    trailers[name] = line.slice(colon + 1).trim();
  }
  const given = trailers[TRAILER_SIGNATURE];
  delete trailers[TRAILER_SIGNATURE];
  const names = Object.keys(trailers).sort();
  const wanted = (announced ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean)
    .sort();
  if (names.join() !== wanted.join()) malformed('the trailers differ from those in x-amz-trailer');
  if (!chain) return trailers;
  const canonical = names.map((name) => `${name}:${trailers[name]}\n`).join('');
  const text = ['AWS4-HMAC-SHA256-TRAILER', chain.timestamp, chain.scope, chain.seed, sha256(canonical)].join('\n');
  if (!/^[0-9a-f]{64}$/.test(given ?? '')) malformed('the trailers have no signature');
  if (!sameSignature(sign(chain.key, text), given ?? '')) throw new AuthRefusal('wrong-chunk');
  return trailers;
}

const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

/** Reads lines and bytes from the front of a body. */
class Reader {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  /** The text up to the next line break; empty at the end of the body. */
  line(): string {
    if (this.#at === this.#body.length) return '';
    const end = this.#body.indexOf('\r\n', this.#at);
    if (end < 0 || end - this.#at > LONGEST_LINE) malformed('a line has no end');
    const line = this.#body.toString('latin1', this.#at, end);
    this.#at = end + 2;
    return line;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#body.length) malformed('the body ends within a chunk');
    const data = this.#body.subarray(this.#at, end);
    this.#at = end;
    return data;
  }

  newline(): void {
    if (this.take(2).toString('latin1') !== '\r\n') malformed('a chunk does not have the announced length');
  }

  /** Checks that at most one empty line is left. */
  end(): void {
    const rest = this.#body.subarray(this.#at).toString('latin1');
    if (rest !== '' && rest !== '\r\n') malformed('there is data after the last chunk');
  }
}

const LONGEST_LINE = 8192;

function malformed(what: string): never {
  throw new AuthRefusal('malformed-request', `The streaming body is malformed: ${what}`);
}
