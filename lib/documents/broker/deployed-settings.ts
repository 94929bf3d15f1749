/** The deployed settings of the broker's resources, which `leasehold doctor` compares with the account. */
import { peopleRoute, ROUTES, type Route } from '@leasehold/contract/routes';
import type { Environment } from '@leasehold/definitions';
import { watchName } from '../names';
import { CONSOLE_ROUTES } from './console';

/** The function's runtime, handler and timeout in seconds. */
export const FUNCTION_SETTINGS = {
  runtime: 'nodejs22.x',
  /** Exported by `index.js`. */
  handler: 'index.handler',
  // One second less than the integration timeout of API Gateway:
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
  timeout: 29,
} as const;

/** How often the schedule calls the function. */
export const SWEEP_SCHEDULE = 'rate(1 minute)';

/** Name of the rule with the schedule. */
export function sweepRuleName(environment: Environment): string {
  return `${watchName(environment)}-sweep`;
}

/** Settings that all alarms of the broker share. */
export const ALARM_SETTINGS = {
  comparisonOperator: 'GreaterThanThreshold',
  /** Seconds. */
  period: 300,
  treatMissingData: 'notBreaching',
} as const;

/** Limits of a stage or route. */
export interface CallLimits {
  /** Requests per second. */
  readonly throttlingRateLimit: number;
  readonly throttlingBurstLimit: number;
}

/**
 * Maximum requests per second for all callers together, slightly below STS's quota of 600 calls per second and account.
 */
export const STAGE_LIMITS: CallLimits = { throttlingRateLimit: 500, throttlingBurstLimit: 1000 };
/**
 * Limits of the `status` routes, the only routes on which a caller can keep a call open, for up to 20 seconds. The limits
 * allow about 600 concurrent calls of the 1,000 that Lambda runs per account, so that polling agents cannot keep people
 * from revoking leases.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const WAITING: CallLimits = { throttlingRateLimit: 25, throttlingBurstLimit: 100 };
/**
 * Limits of the `status` routes for people who sign in. They allow about 250 concurrent calls, so that the total stays
 * below Lambda's quota.
 */
const WAITING_PEOPLE: CallLimits = { throttlingRateLimit: 10, throttlingBurstLimit: 50 };

/**
 * Limits of each route of the console, which anybody on the internet may call. Together with the calls that wait, the
 * bursts stay below Lambda's quota, so that a flood of calls cannot keep people from revoking leases.
 */
const OPEN: CallLimits = { throttlingRateLimit: 50, throttlingBurstLimit: 40 };

/** Limits of single routes, by the key of the route. */
export function routeLimits({ broker }: Environment): ReadonlyMap<string, CallLimits> {
  return new Map([
    [routeKey(ROUTES.status), WAITING],
    ...(broker?.people
      ? [
          [routeKey(peopleRoute(ROUTES.status)), WAITING_PEOPLE] as const,
          ...Object.values(CONSOLE_ROUTES).map((key) => [key, OPEN] as const),
        ]
      : []),
  ]);
}

/** The route key in API Gateway. */
export function routeKey({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method} ${path}`;
}

/**
 * The access log's fields for each call: the caller, the route and the result. Body, query and path are left out
 * because an agent can put any text there.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  caller: '$context.identity.userArn',
  sourceIp: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  latency: '$context.responseLatency',
  error: '$context.error.responseType',
};
/** The access log field for people who sign in: their id at the token issuer. */
const ACCESS_LOG_OF_PEOPLE = { person: '$context.authorizer.claims.sub' };

/** The format of the API's access log. */
export function accessLogFormat({ broker }: Environment): string {
  return JSON.stringify(broker?.people ? { ...ACCESS_LOG, ...ACCESS_LOG_OF_PEOPLE } : ACCESS_LOG);
}
