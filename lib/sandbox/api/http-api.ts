/**
 * HTTP APIs that call functions in the same process: the part of API Gateway that a broker needs. Every route
 * requires `execute-api:Invoke`.
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

/** One API. Its key in the options is the name of its stage. */
export interface SandboxApi {
  /**
   * Handles an event like a Lambda function: returns `{ statusCode, headers, body }`, or a value that becomes the body
   * of a 200 response. Input and output consist only of JSON values. If the handler throws, the response is a 500
   * response.
   */
  readonly handler: (event: ApiEvent) => Promise<unknown>;
  /** The API's routes. A request for any other route gets a 404 response. @default the broker's routes */
  readonly routes?: Readonly<Record<string, ApiRoute>>;
  /** @default the account of the chosen environment */
  readonly account?: string;
  /** @default the region of the chosen environment */
  readonly region?: string;
  /**
   * The API id, which AWS would generate.
   * @default ten characters derived from the stage
   */
  readonly id?: string;
  /** Seconds after which a call gets a 503 response. @default 30, as in API Gateway */
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
    this.#timeoutSeconds = api.timeoutSeconds ?? INTEGRATION_SECONDS;
  }

  /**
   * The route of a request.
   * @param path the path with the stage.
   * @throws {AwsError} 404 if there is no such route.
   */
  route(method: string, path: string): MatchedRoute {
    const found = this.#router.match(method, path.slice(this.stage.length + 1));
    if (found) return found;
    throw notFound();
  }

  /** The ARN for authorizing a call. */
  arn(method: string, { path }: MatchedRoute): string {
    const { partition, region, account, id, stage } = this;
    return `arn:${partition}:execute-api:${region}:${account}:${id}/${stage}/${method}${path}`;
  }

  /**
   * Calls the function with an event. The event and the result are converted to JSON and back, as between API Gateway
   * and Lambda.
   * @throws {AwsError} 500 if the function fails, 503 if it takes too long.
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
      () => reject(new AwsError(503, 'ServiceUnavailable', `The function did not answer in ${seconds} s.`)),
      seconds * 1000,
    );
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}
