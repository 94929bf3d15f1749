/**
 * Handles every request from receipt to response: authenticates the sender, parses the request, and authorizes it. If
 * one of these steps fails, the request is refused.
 */
import type { IncomingMessage } from 'node:http';
import { defined } from '@leasehold/contract/defined';
import { apiError, apiRefusal } from './api/answer';
import type { HttpApis } from './api/http-api';
import { serveApi } from './api/serve';
import type { Cloud } from './cloud';
import type { RequestFacts } from './context';
import { claimedCaller } from './credentials/caller';
import { Exchange } from './exchange';
import { IAM } from './iam';
import { type EventLog, userIdentity } from './log';
import type { AuthorisingProxy } from './proxy';
import { carryOut, type QueryService } from './query/service';
import type { KnownResources, ServiceMapping } from './service-mapping';
import { UnmappedRequest } from './service-mapping';
import { AuthRefusal } from './sigv4/refusal';
import { readSignature, type Signature } from './sigv4/signature';
import { ownQuery, verify } from './sigv4/verify';
import { STS } from './sts';
import { assumeRoleWithWebIdentity } from './sts/web-identity';
import { type Answer, errorAnswer, errorCode, queryAnswer } from './wire/answer';
import { authError } from './wire/auth-errors';
import { AwsError } from './wire/aws-error';
import { MOST_BODY, QUERY_BODY, readBody } from './wire/body';
import { guessProtocol, mediaType, protocolOf } from './wire/protocol';
import { type RawRequest, rawRequest } from './wire/raw-request';
import { formParameters } from './wire/read';
import { signedRequest } from './wire/signed-request';

export interface GatewayOptions {
  readonly cloud: Cloud;
  readonly log: EventLog;
  readonly mappings: readonly ServiceMapping[];
  /** Data about resources that the mappings need for some requests. */
  readonly known?: KnownResources;
  /**
   * Forwards allowed requests to the backing server. If there is no backing server, the response to an allowed request
   * is a receipt.
   */
  readonly proxy: AuthorisingProxy;
  /** HTTP APIs that call functions of this process. */
  readonly apis: HttpApis;
  /** The region that is assumed for unsigned requests. */
  readonly region: string;
  /** The source address that is assumed for every request; default: the actual address. */
  readonly sourceIp?: string;
}

const QUERY_SERVICES: ReadonlyMap<string, QueryService> = new Map([STS, IAM].map((service) => [service.name, service]));

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #mappings: ReadonlyMap<string, ServiceMapping>;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#mappings = new Map(
      options.mappings.flatMap((mapping) => mapping.signingNames.map((name) => [name, mapping] as const)),
    );
  }

  /** Responds to a request. Never throws. */
  async answer(message: IncomingMessage): Promise<Answer> {
    const raw = rawRequest(message);
    if (!raw) return errorAnswer('s3', new AwsError(400, 'InvalidURI', "Couldn't parse the specified URI."), '');
    const file = this.#options.apis.at(raw.path)?.file(raw.method, raw.path);
    if (file) return { status: 200, ...file };
    const exchange = new Exchange(raw, guessProtocol(raw.headers), this.#options.region);
    try {
      const answer = await this.#serve(message, exchange);
      this.#record(exchange, exchange.forApi ? apiError(answer) : backingError(answer));
      return answer;
    } catch (error) {
      const refusal = this.#refusal(error, exchange);
      this.#record(exchange, refusal);
      if (exchange.forApi) return apiRefusal(refusal, exchange.requestId);
      return errorAnswer(exchange.protocol, refusal, exchange.requestId, exchange.namespace);
    }
  }

  async #serve(message: IncomingMessage, exchange: Exchange): Promise<Answer> {
    const { cloud, apis } = this.#options;
    const { raw } = exchange;
    let signature: Signature;
    try {
      signature = readSignature(raw);
    } catch (error) {
      if (apis.at(raw.path)) return this.#api(message, exchange);
      if (!(error instanceof AuthRefusal) || error.fault !== 'unsigned' || !mayBeWebIdentity(raw)) throw error;
      return this.#unsigned(message, exchange, error);
    }
    const { service, region } = signature.scope;
    if (service === 'execute-api') return this.#api(message, exchange);
    const own = QUERY_SERVICES.get(service);
    const mapping = this.#mappings.get(service);
    exchange.region = region;
    exchange.eventSource = own?.eventSource ?? mapping?.eventSource ?? `${service}.amazonaws.com`;
    exchange.namespace = own?.namespace;
    if (own) exchange.protocol = 'query';
    else if (mapping) exchange.protocol = protocolOf(raw.headers, mapping.protocols);

    // The key is looked up before the body is read, so that a sender without a key cannot make the sandbox read a body.
    const { caller, secret } = claimedCaller(signature, cloud);
    const request = { ...raw, body: await readBody(message, own ? QUERY_BODY : MOST_BODY) };
    const payload = verify(request, signature, { secret, keys: cloud.signingKeys, now: Date.now() });
    exchange.draft.userIdentity = userIdentity(caller);
    exchange.account = caller.account.id;

    const signed = {
      ...signedRequest(request, signature, payload.body, caller.account, exchange.protocol),
      ...defined({ known: this.#options.known }),
    };
    const facts = this.#facts(raw, region);
    if (own) {
      const parameters = formParameters(signed);
      const result = carryOut(own, { cloud, caller, parameters, facts, draft: exchange.draft });
      return queryAnswer(exchange.draft.eventName, result, exchange.requestId, own.namespace);
    }
    if (!mapping) throw unmapped(new UnmappedRequest(`the sandbox has no table for the service ${service}`));
    return this.#options.proxy.serve({ mapping, request: signed, payload, caller, facts, exchange });
  }

  #api(message: IncomingMessage, exchange: Exchange): Promise<Answer> {
    const { cloud, apis } = this.#options;
    const { raw } = exchange;
    const facts = (region: string) => this.#facts(raw, region);
    return serveApi({ api: apis.at(raw.path), message, exchange, cloud, facts });
  }

  /** Handles the only unsigned call. Its token authenticates the caller. */
  async #unsigned(message: IncomingMessage, exchange: Exchange, unsigned: AuthRefusal): Promise<Answer> {
    const { cloud, region } = this.#options;
    const { raw, draft } = exchange;
    const body = await readBody(message, QUERY_BODY);
    const parameters = formParameters({ headers: raw.headers, query: ownQuery(raw, 'header'), body });
    if (parameters.Action !== 'AssumeRoleWithWebIdentity') throw unsigned;
    exchange.protocol = 'query';
    exchange.namespace = STS.namespace;
    exchange.eventSource = STS.eventSource;
    const result = assumeRoleWithWebIdentity({ cloud, parameters, facts: this.#facts(raw, region), draft });
    return queryAnswer('AssumeRoleWithWebIdentity', result, exchange.requestId, STS.namespace);
  }

  #facts({ headers, sourceIp }: RawRequest, region: string): RequestFacts {
    const { cloud, sourceIp: pretended } = this.#options;
    return { sourceIp: pretended ?? sourceIp, region, headers, now: cloud.clock.now() };
  }

  #record(exchange: Exchange, error: { readonly code: string; readonly message: string } | undefined): void {
    const { cloud, log, sourceIp } = this.#options;
    log.append(exchange.event(cloud.clock.now(), sourceIp ?? exchange.raw.sourceIp, error));
  }

  /**
   * Converts an error to the format of the request's protocol. For an unexpected error, the request is refused and no
   * details are shown.
   */
  #refusal(error: unknown, exchange: Exchange): AwsError {
    if (error instanceof AwsError) return error;
    if (error instanceof AuthRefusal) return authError(error, exchange.protocol);
    if (error instanceof UnmappedRequest) {
      if (error.operation !== undefined) exchange.draft.eventName = error.operation;
      return unmapped(error);
    }
    return new AwsError(
      500,
      'InternalFailure',
      'An error occurred in the sandbox during the evaluation, so the sandbox refuses the request.',
      {
        cause: error,
      },
    );
  }
}

function mayBeWebIdentity({ method, path, headers }: RawRequest): boolean {
  return (
    path === '/' &&
    (method === 'GET' || (method === 'POST' && mediaType(headers) === 'application/x-www-form-urlencoded'))
  );
}

function unmapped({ message }: UnmappedRequest): AwsError {
  return new AwsError(
    501,
    'NotImplemented',
    `The sandbox refuses this request because it cannot determine what AWS would authorize: ${message}.`,
  );
}

/** The error of a backing server, in the form of a CloudTrail record. */
function backingError(answer: Answer): { readonly code: string; readonly message: string } | undefined {
  const code = errorCode(answer);
  return code === undefined ? undefined : { code, message: 'The backing server refused the request.' };
}
