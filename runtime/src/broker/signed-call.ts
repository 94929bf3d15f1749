/**
 * Sends one HTTP call. The AWS SDK's signer signs it for API Gateway with the caller's own credentials, or it contains
 * the access token of a person who signed in. Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
 */

import type { STSClient } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import { COMPACT_JWT } from '@leasehold/contract/request-rules';
import { answerText } from '../answer-text';
import { connectionTo } from '../connection';
import type { KeyIdentity } from '../credentials/lease-credentials';
import { keyProvider } from '../credentials/own-key';
import { aborted, harmlessCause, invalidRequest } from '../errors';
import { LeaseError } from '../lease-error';
import { withoutNodeNotice } from '../quiet-sdk';
import type { BrokerUrl } from './broker-url';

/** The request of a call. */
export interface Call {
  readonly method: string;
  /** Path below the broker's base path, with each segment encoded. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Secrets in the body, which are redacted if they occur in the response. */
  readonly secrets: readonly string[];
}

/** The response of a call. */
export interface Answer {
  readonly status: number;
  /** Media type in lower case, without parameters. */
  readonly type: string;
  /** Seconds from the `Retry-After` header. */
  readonly retryAfter: number | undefined;
  /** Number of milliseconds by which the server's clock is ahead of this machine's clock. */
  readonly ahead: number;
  readonly text: string;
  /** Redacts the request's secrets in a string from the response. */
  readonly blot: (said: string) => string;
}

/** Timeout for one call, in milliseconds. The timeout of API Gateway is 30 s. */
const PATIENCE = 35_000;
/**
 * Maximum size of a response in bytes, which is the limit of a Lambda function. Source:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const LONGEST_ANSWER = 6 * 1024 * 1024;

/** Sends signed calls. The first call loads the SDK. */
export class Caller {
  readonly #url: BrokerUrl;
  readonly #region: string;
  readonly #key: (() => Promise<KeyIdentity>) | undefined;
  readonly #token: (() => Promise<string>) | undefined;
  #client: STSClient | undefined;

  /** @param token Returns an access token, which is sent instead of a signature. */
  constructor(
    url: BrokerUrl,
    region: string,
    credentials: KeyIdentity | (() => Promise<KeyIdentity>) | undefined,
    token?: () => Promise<string>,
  ) {
    this.#url = url;
    this.#region = region;
    this.#key = keyProvider(credentials);
    this.#token = token;
  }

  /**
   * Sends a call once. A redirect is returned like any other response.
   * @throws LeaseError `invalid-request` if there are no credentials, `unavailable` if there is no response, `aborted`
   * if the call was cancelled
   */
  async send(call: Call): Promise<Answer> {
    if (call.signal?.aborted) throw aborted();
    const signed = this.#token === undefined ? await this.#signed(call) : this.#withToken(call, await this.#token());
    const stop = new AbortController();
    const leave = () => stop.abort();
    const timer = setTimeout(leave, PATIENCE);
    call.signal?.addEventListener('abort', leave, { once: true });
    try {
      return await this.#exchange(signed, call, stop.signal);
    } catch (error) {
      if (call.signal?.aborted) throw aborted();
      throw unanswered(error, stop.signal.aborted);
    } finally {
      clearTimeout(timer);
      call.signal?.removeEventListener('abort', leave);
    }
  }

  /** @throws LeaseError `invalid-request` for a string that is not a token */
  #withToken(call: Call, token: string): Signed {
    if (!COMPACT_JWT.test(token)) {
      throw invalidRequest('the access token is not a JWT', 'Pass the access token as the issuer returned it.');
    }
    const request = this.#request(call);
    return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
  }

  /** The request without the data that proves the sender's identity. */
  #request({ method, path, query, headers, body }: Call) {
    const { protocol, hostname, host, port, base } = this.#url;
    return {
      method,
      protocol,
      hostname,
      ...defined({ port }),
      path: `${base}${path}`,
      query: { ...query },
      headers: { host, accept: 'application/json, application/problem+json', ...headers },
      ...defined({ body }),
    };
  }

  async #signed(call: Call): Promise<Signed> {
    try {
      const signer = await this.#sdk().config.signer({
        name: 'sigv4',
        signingName: 'execute-api',
        signingRegion: this.#region,
        properties: {},
      });
      return await signer.sign(this.#request(call));
    } catch (error) {
      throw new LeaseError(
        'invalid-request',
        'there are no AWS credentials for calling the broker',
        "Pass the caller's own credentials as `credentials`, or set them in the environment.",
        false,
        { cause: harmlessCause(error) },
      );
    }
  }

  async #exchange(signed: Signed, call: Call, signal: AbortSignal): Promise<Answer> {
    const { requestHandler } = this.#sdk().config;
    type Handled = Parameters<typeof requestHandler.handle>[0];
    const { response } = await requestHandler.handle(signed as Handled, { abortSignal: signal });
    const text = await answerText(response.body, LONGEST_ANSWER);
    const { date, 'retry-after': retryAfter, 'content-type': type = '' } = response.headers;
    const secrets = [...secretsOf(signed), ...call.secrets];
    const ahead = Date.parse(date ?? '') - Date.now();
    return {
      status: response.statusCode,
      type: type.split(';')[0]?.trim().toLowerCase() ?? '',
      retryAfter: /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined,
      ahead: Number.isNaN(ahead) ? 0 : ahead,
      text,
      blot: (said) => blot(said, secrets),
    };
  }

  #sdk(): STSClient {
    const { STSClient }: typeof import('@aws-sdk/client-sts') = require('@aws-sdk/client-sts');
    this.#client ??= withoutNodeNotice(
      () =>
        new STSClient({
          region: this.#region,
          requestHandler: connectionTo(`${this.#url.protocol}//${this.#url.host}`, process.env),
          ...defined({ credentials: this.#key }),
        }),
    );
    return this.#client;
  }
}

interface Signed {
  readonly headers: Readonly<Record<string, string>>;
}

/** The secrets in a request that the server could repeat in its response. */
function secretsOf({ headers }: Signed): readonly string[] {
  const { authorization = '', 'x-amz-security-token': token = '' } = headers;
  const [, bearer = ''] = /^Bearer (.+)$/.exec(authorization) ?? [];
  return [token, authorization, /Signature=(\w+)/.exec(authorization)?.[1] ?? '', bearer];
}

function blot(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((blotted, secret) => blotted.replaceAll(secret, '[secret]'), text);
}

function unanswered(error: unknown, late: boolean): LeaseError {
  return new LeaseError(
    'unavailable',
    late
      ? `the broker did not answer within ${PATIENCE / 1000} seconds`
      : 'the broker could not be reached, or broke off',
    'Ask again in a minute.',
    true,
    { cause: withoutAddress(error) },
  );
}

/**
 * Replaces messages from the system and the SDK with the corresponding error codes, because these messages contain the
 * URL.
 */
function withoutAddress(error: unknown): Error {
  const { name, code } = error as { name?: unknown; code?: unknown };
  return harmlessCause(Object.assign(new Error(typeof code === 'string' ? code : ''), { name: String(name) }));
}
