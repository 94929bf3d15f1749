/**
 * HTTP APIs in front of functions in the same process: the part of API Gateway that a broker needs. A route requires
 * `execute-api:Invoke` or, behind the JWT authorizer, an access token.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
 */

import { createHash } from 'node:crypto';
import { ROUTES } from '@leasehold/contract/routes';
import type { Account } from '../account/model';
import { SandboxError } from '../errors';
import { AwsError } from '../wire/aws-error';
import type { ApiEvent } from './api-event';
import { notFound } from './not-found';
import { type ApiRoute, type MatchedRoute, Router } from './routes';

export type { ApiRoute, MatchedRoute } from './routes';

/** Routes behind a JWT authorizer. */
export interface TokenRoutes {
  readonly routes: Readonly<Record<string, ApiRoute>>;
  /** Returns the claims of a valid access token. Any error results in a 401 response. */
  readonly verify: (token: string) => Promise<Readonly<Record<string, string>>>;
}

/** A file that anybody may fetch. */
export interface ApiFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One API. Its key in the options is the name of its stage. */
export interface SandboxApi {
  /**
   * Handles an event like a Lambda function: returns `{ statusCode, headers, body }`, or a value that becomes the body
   * of a 200 response. The input and output contain only JSON values. If the handler throws, the response is a 500
   * response.
   */
  readonly handler: (event: ApiEvent) => Promise<unknown>;
  /** The API's routes. A request for any other route gets a 404 response. @default the broker's routes */
  readonly routes?: Readonly<Record<string, ApiRoute>>;
  /** Routes for callers with an access token instead of an AWS signature. @default none */
  readonly withToken?: TokenRoutes;
  /**
   * Finds a file that needs neither signature nor token. Files take precedence over routes.
   * @param path path without the stage, percent-encoded
   * @default no files
   */
  readonly file?: (path: string) => ApiFile | undefined;
  /** @default the account of the chosen environment */
  readonly account?: string;
  /** @default the region of the chosen environment */
  readonly region?: string;
  /**
   * The API id, which AWS would generate.
   * @default ten characters derived from the stage
   */
  readonly id?: string;
  /** Time in seconds after which a call gets a 503 response. @default 30, as in API Gateway */
  readonly timeoutSeconds?: number;
}

/** The default account and region of an API, and all accounts of the sandbox by id. */
export interface ApiPlace {
  readonly account: string;
  readonly region: string;
  readonly accounts: ReadonlyMap<string, Pick<Account, 'partition'>>;
}

/** One API. */
export class HttpApi {
  readonly stage: string;
  readonly id: string;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
  readonly #handler: SandboxApi['handler'];
  readonly #router: Router;
  readonly #withToken: { readonly router: Router; readonly verify: TokenRoutes['verify'] } | undefined;
  readonly #file: NonNullable<SandboxApi['file']>;
  readonly #timeoutSeconds: number;

  constructor(stage: string, api: SandboxApi, place: ApiPlace) {
    if (!/^[\w-]{1,128}$/.test(stage)) {
      throw new SandboxError(`${stage} is not a valid stage name`, 'Use at most 128 letters, digits, - and _.');
    }
    this.stage = stage;
    this.id = api.id ?? createHash('sha256').update(stage).digest('hex').slice(0, 10);
    this.account = api.account ?? place.account;
    const account = place.accounts.get(this.account);
    if (!account) throw new SandboxError(`There is no account ${this.account}`, 'Use an account of the definitions.');
    this.partition = account.partition;
    this.region = api.region ?? place.region;
    this.#handler = api.handler;
    this.#router = new Router(Object.values(api.routes ?? ROUTES));
    const { withToken } = api;
    this.#withToken = withToken && {
      router: new Router(Object.values(withToken.routes)),
      verify: (token) => withToken.verify(token),
    };
    this.#file = api.file ?? (() => undefined);
    this.#timeoutSeconds = api.timeoutSeconds ?? INTEGRATION_SECONDS;
  }

  /** A file that anybody may fetch. @param path the path with the stage. */
  file(method: string, path: string): ApiFile | undefined {
    return method === 'GET' || method === 'HEAD' ? this.#file(this.#inside(path)) : undefined;
  }

  /**
   * The route of a request that requires an access token, and the function that verifies tokens.
   * @param path the path with the stage.
   */
  tokenRoute(
    method: string,
    path: string,
  ): { readonly route: MatchedRoute; readonly verify: TokenRoutes['verify'] } | undefined {
    const route = this.#withToken?.router.match(method, this.#inside(path));
    return this.#withToken && route && { route, verify: this.#withToken.verify };
  }

  /**
   * The route of a signed request.
   * @param path the path with the stage.
   * @throws {AwsError} 404 if the API has no such route.
   */
  route(method: string, path: string): MatchedRoute {
    const found = this.#router.match(method, this.#inside(path));
    if (found) return found;
    throw notFound();
  }

  #inside(path: string): string {
    return path.slice(this.stage.length + 1);
  }

  /** The ARN for authorizing a call. */
  arn(method: string, { path }: MatchedRoute): string {
    const { partition, region, account, id, stage } = this;
    return `arn:${partition}:execute-api:${region}:${account}:${id}/${stage}/${method}${path}`;
  }

  /**
   * Calls the function with an event. The event and the result are converted to JSON and back, as between API Gateway
   * and Lambda.
   * @throws {AwsError} 500 if the function fails, 503 if the function takes too long.
   */
  async invoke(event: ApiEvent): Promise<unknown> {
    const ended = new AbortController();
    try {
      const run = async (): Promise<unknown> => this.#handler(byJson(event) as ApiEvent);
      return byJson(await Promise.race([run(), timeout(this.#timeoutSeconds, ended.signal)]));
    } catch (cause) {
      if (cause instanceof AwsError) throw cause;
      throw new AwsError(500, 'InternalServerError', 'The function failed.', { cause });
    } finally {
      ended.abort();
    }
  }
}

/**
 * API Gateway's integration timeout: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const INTEGRATION_SECONDS = 30;

/** All APIs of a sandbox. */
export class HttpApis {
  readonly #apis: ReadonlyMap<string, HttpApi>;

  constructor(apis: Readonly<Record<string, SandboxApi>>, place: ApiPlace) {
    this.#apis = new Map(Object.entries(apis).map(([stage, api]) => [stage, new HttpApi(stage, api, place)]));
  }

  /** The API whose stage is the first segment of the path. */
  at(path: string): HttpApi | undefined {
    return this.#apis.get(path.split('/', 2)[1] ?? '');
  }
}

function byJson(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? undefined : JSON.parse(text);
}

function timeout(seconds: number, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(
      () => reject(new AwsError(503, 'ServiceUnavailable', `The function did not respond within ${seconds} s.`)),
      seconds * 1000,
    );
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}
