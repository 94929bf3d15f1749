/**
 * The floor of the sandbox: an HTTP server in a process of its own that only verifies signatures (Signature Version 4), with the
 * AWS SDK's own signer, and knows one key. Run with a channel to the parent: it tells its address, takes `Keys`, and answers
 * `'processor-time'`.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Keys } from './sandbox-server';

/** The hash that the signer wants, of Node's own crypto, as the SDK does it on Node. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('the signer makes a new hash each time');
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

let keys: Keys = { accessKeyId: '', secretAccessKey: '' };
const signers = new Map<string, SignatureV4>();

/** Signers keep the derived keys of a day, a region and a service, as those of the SDK do. */
function signerOf(region: string, service: string): SignatureV4 {
  const name = `${region} ${service}`;
  const signer =
    signers.get(name) ??
    new SignatureV4({
      credentials: async () => keys,
      region,
      service,
      sha256: Sha256,
      applyChecksum: false,
      uriEscapePath: service !== 's3',
    });
  signers.set(name, signer);
  return signer;
}

/** Whether the signature of a request is what the SDK's signer makes for it. */
async function verified(message: IncomingMessage, body: Buffer): Promise<boolean> {
  const sent = message.headers.authorization ?? '';
  const [, region = '', service = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      sent,
    ) ?? [];
  const covered = new Set(names.split(';'));
  const headers = Object.fromEntries(
    Object.entries(message.headers).flatMap(([name, value]) =>
      covered.has(name) && typeof value === 'string' ? [[name, value]] : [],
    ),
  );
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(String(message.headers['x-amz-date'])) ?? [];
  const made = await signerOf(region, service).sign(
    { method: message.method ?? '', protocol: 'http:', hostname: '', path: message.url ?? '', headers, body },
    { signingDate: new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`), signableHeaders: covered },
  );
  const again = /Signature=([0-9a-f]{64})$/.exec(made.headers.authorization ?? '')?.[1] ?? '';
  return again.length === signature.length && timingSafeEqual(Buffer.from(again), Buffer.from(signature));
}

const server = createServer((message, response) => {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  message.on('end', () => {
    void verified(message, Buffer.concat(chunks)).then((good) => {
      response.writeHead(good ? 200 : 403, { 'content-type': 'application/xml' });
      response.end();
    });
  });
});

process.on('message', (question: Keys | 'processor-time') => {
  if (question !== 'processor-time') {
    keys = question;
    signers.clear();
    process.send?.(0);
    return;
  }
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1e6);
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
