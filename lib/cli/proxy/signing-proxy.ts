/**
 * The proxy: an AWS endpoint on the loopback interface. Clients sign with keys that only this proxy knows. The proxy
 * signs their calls again with the credentials of a lease, which no client sees.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Lease } from '@leasehold/runtime';
import {
  type Answer,
  AuthRefusal,
  AwsError,
  authError,
  denied,
  errorAnswer,
  guessProtocol,
  type Protocol,
  protocolOf,
  type RawRequest,
  rawRequest,
  readSignature,
  requestId,
  type ServiceMapping,
  UnmappedRequest,
} from '@leasehold/sandbox/requests';
import { answerHeaders, readError, requestIdOf } from './answer';
import { type CallApprovals, CallRefused, type UnapprovedCall } from './call-approvals';
import type { CallLog, LoggedCall, LoggedSession } from './call-log';
import type { ClientKey } from './client-key';
import { LeaseSigner } from './lease-signer';
import { outgoing } from './outgoing';
import { type Call, type CallingAccount, readCall } from './read-call';
import { SERVICES } from './services';
import type { Upstream } from './upstream';

export interface ProxyOptions {
  readonly lease: Pick<Lease, 'expiresAt' | 'credentials'>;
  readonly clients: readonly ClientKey[];
  readonly account: CallingAccount;
  readonly upstream: Upstream;
  readonly log: CallLog;
  /** Asks about the calls that a human must approve. Undefined if there are no such calls. */
  readonly approvals?: CallApprovals | undefined;
  /** The session for the log of a lease for one call. */
  readonly sessionOf?: (lease: Lease) => Promise<LoggedSession>;
  /** Port on 127.0.0.1. 0 selects a free one. */
  readonly port: number;
  /** Returns milliseconds since 1970. @default the system clock */
  readonly now?: () => number;
}

/** A running proxy. */
export interface SigningProxy {
  /** Address for `AWS_ENDPOINT_URL`, for example `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Closes the server and every connection. */
  close(): Promise<void>;
}

/** Limits of the server. There is no time limit for the body of an upload. */
const LIMITS = { maxHeaderSize: 32 * 1024, headersTimeout: 10_000, requestTimeout: 0, keepAliveTimeout: 5_000 };

/** Maximum number of concurrent connections. Each connection may keep a body in memory. */
const MOST_CONNECTIONS = 64;

/** @throws the system's error, for example `EADDRINUSE`, if the port is not available. */
export async function startSigningProxy(options: ProxyOptions): Promise<SigningProxy> {
  const serving = new Serving(options);
  const server = createServer(LIMITS, (message, response) => void serving.handle(message, response));
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end(NOT_HTTP_1);
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listening(server, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        options.upstream.close();
      }),
  };
}

/** The response to anything other than HTTP/1.1, for example to HTTP/2. */
const NOT_HTTP_1 =
  'HTTP/1.1 505 HTTP Version Not Supported\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n' +
  'leasehold proxy speaks HTTP/1.1 only, without TLS. Event streams over HTTP/2 are not supported.\n';

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The data that is known about a call while the call is handled. */
interface Known {
  readonly raw: RawRequest;
  readonly id: string;
  protocol: Protocol;
  region: string;
  eventSource: string;
  client?: string;
  mapping?: ServiceMapping;
  call?: Call;
  session?: LoggedSession | undefined;
  /**
   * Whether a human approved the call. Undefined if the call needs no approval, or if it ended before it was decided,
   * for example because its client left.
   */
  isApproved?: boolean;
  isForwarded: boolean;
  /** Whether the line for this call was written to the log. */
  isLogged: boolean;
}

class Serving {
  readonly #options: ProxyOptions;
  readonly #signer: LeaseSigner;
  readonly #now: () => number;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#signer = new LeaseSigner(options.lease.credentials);
    this.#now = options.now ?? Date.now;
  }

  /** Answers a request. Never rejects. */
  async handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = rawRequest(message);
    const id = requestId();
    if (raw === undefined) {
      send(response, errorAnswer('s3', new AwsError(400, 'InvalidURI', "Couldn't parse the specified URI."), id));
      return;
    }
    const known: Known = {
      raw,
      id,
      protocol: guessProtocol(raw.headers),
      region: 'unknown',
      eventSource: 'unknown',
      isForwarded: false,
      isLogged: false,
    };
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      await this.#serve(message, response, known, gone.signal);
    } catch (error) {
      const isGone = gone.signal.aborted;
      const refusal = refusalOf(error, known, isGone);
      // AWS may have carried out the call of a client that is gone, so it is logged before the connection is given up.
      if (error instanceof CallRefused) known.isApproved = false;
      const operation = error instanceof UnmappedRequest ? error.operation : undefined;
      if (!known.isLogged && !(error instanceof NotLogged)) this.#log(known, { error: refusal, operation });
      if (response.headersSent || isGone) {
        response.destroy();
        return;
      }
      message.resume();
      send(response, errorAnswer(known.protocol, known.isLogged ? refusal : UNLOGGED, id));
    }
  }

  async #serve(message: IncomingMessage, response: ServerResponse, known: Known, signal: AbortSignal): Promise<void> {
    if (this.#options.log.isBroken) throw new NotLogged();
    const call = await this.#read(message, known);
    known.call = call;
    this.#demandLease();
    const asked = this.#options.approvals?.unapproved(call.mapped);
    if (asked === undefined) await this.#forward(message, response, call, known, this.#signer, signal);
    else await this.#forwardIfApproved(message, response, call, known, asked, signal);
  }

  /** The lease of the proxy may end while a human is asked. Then the call is refused. */
  #demandLease(): void {
    if (this.#options.lease.expiresAt.getTime() <= this.#now()) throw new AuthRefusal('expired-token');
  }

  async #forwardIfApproved(
    message: IncomingMessage,
    response: ServerResponse,
    call: Call,
    known: Known,
    asked: UnapprovedCall,
    signal: AbortSignal,
  ): Promise<void> {
    const { approvals, sessionOf, log } = this.#options;
    await approvals?.approved(asked, signal, async (lease) => {
      known.isApproved = true;
      known.session = await sessionOf?.(lease);
      if (log.isBroken) throw new NotLogged();
      this.#demandLease();
      await this.#forward(message, response, call, known, new LeaseSigner(lease.credentials), signal);
    });
  }

  async #forward(
    message: IncomingMessage,
    response: ServerResponse,
    call: Call,
    known: Known,
    signer: LeaseSigner,
    signal: AbortSignal,
  ): Promise<void> {
    const { upstream } = this.#options;
    const { service, region } = call.request;
    const sent = await outgoing(call, upstream.urlOf(service, region), signer, signal);
    known.isForwarded = true;
    const answer = await upstream.send(sent);
    const status = answer.statusCode ?? 502;
    const awsRequestId = requestIdOf(answer);
    if (status >= 400) {
      const failed = await readError(answer, (texts) => signer.isLeakedIn(texts));
      const error = { code: failed.code, message: 'AWS refused the call.' };
      if (!this.#log(known, { error, requestId: awsRequestId })) throw new NotLogged();
      // The rest of an upload that AWS refused.
      message.resume();
      response.writeHead(status, answerHeaders(answer)).end(failed.body);
      return;
    }
    if (!this.#log(known, { requestId: awsRequestId })) throw new NotLogged();
    response.writeHead(status, answerHeaders(answer));
    await pipeline(answer, response);
  }

  /** @throws AuthRefusal, AwsError, UnmappedRequest */
  async #read(message: IncomingMessage, known: Known): Promise<Call> {
    const { clients, account } = this.#options;
    const { raw } = known;
    const signature = readSignature(raw);
    const { service, region } = signature.scope;
    const mapping = SERVICES.get(service);
    known.region = region;
    known.eventSource = mapping?.eventSource ?? `${service}.amazonaws.com`;
    if (mapping !== undefined) known.mapping = mapping;
    if (mapping !== undefined) known.protocol = protocolOf(raw.headers, mapping.protocols);
    const client = clients.find(({ accessKeyId }) => accessKeyId === signature.accessKeyId);
    if (client === undefined) throw new AuthRefusal('unknown-key');
    if (mapping === undefined) {
      throw new UnmappedRequest(`calls of the service ${service} cannot be read; use \`leasehold exec\` for them`);
    }
    const verified = () => {
      known.client = client.name;
    };
    return readCall(message, raw, signature, { mapping, client, account, protocol: known.protocol, verified });
  }

  /** Writes a call to the log. Returns whether that succeeded. */
  #log(known: Known, ended: Pick<LoggedCall, 'error' | 'requestId' | 'operation'>): boolean {
    const { call, ...rest } = known;
    try {
      this.#options.log.append({ ...rest, mapped: call?.mapped, ...ended });
      known.isLogged = true;
      return true;
    } catch {
      return false;
    }
  }
}

/** The log cannot be written, so that no call is made. */
class NotLogged extends Error {
  override readonly name = 'NotLogged';
}

const UNLOGGED = new AwsError(503, 'ServiceUnavailable', 'leasehold proxy cannot write its log, so it makes no calls.');

/** The client closed its connection. Only the log contains this error. */
const GONE = new AwsError(499, 'ClientDisconnected', 'The client closed the connection before it received a response.');

function refusalOf(error: unknown, { protocol, mapping }: Known, isGone: boolean): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof AuthRefusal) return authError(error, protocol);
  if (error instanceof NotLogged) return UNLOGGED;
  if (error instanceof UnmappedRequest) {
    const message = `leasehold proxy does not pass on this call because it cannot read it: ${error.message}.`;
    return new AwsError(501, 'NotImplemented', message);
  }
  if (isGone) return GONE;
  if (error instanceof CallRefused && mapping !== undefined) {
    return denied(mapping, protocol, `leasehold proxy did not make this call: ${error.message}.`);
  }
  return new AwsError(500, 'InternalFailure', 'leasehold proxy failed, and did not complete the call.', {
    cause: error,
  });
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
}
