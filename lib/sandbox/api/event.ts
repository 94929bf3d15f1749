/**
 * The event that API Gateway passes to a function: payload format 2.0 of an HTTP API.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

import { defined } from '@leasehold/contract/defined';
import { type Caller, callerArn, callerId } from '../credentials/caller';
import type { RawRequest } from '../wire/raw-request';
import type { ApiEvent, IamIdentity, JwtClaims } from './api-event';
import type { HttpApi, MatchedRoute } from './http-api';

/** The data from which an event is built. */
export interface ApiRequest {
  readonly api: HttpApi;
  readonly route: MatchedRoute;
  /** The caller of a signed call, or the claims of an access token. */
  readonly sender: { readonly caller: Caller } | { readonly claims: JwtClaims['claims'] };
  /** The request, including its body. */
  readonly raw: RawRequest;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly sourceIp: string;
  readonly requestId: string;
  /** The current time in milliseconds since 1970. */
  readonly now: number;
}

/** The event for an allowed request. */
export function apiEvent({ api, route, sender, raw, query, sourceIp, requestId, now }: ApiRequest): ApiEvent {
  const { cookie, ...headers } = raw.headers;
  const bearer = 'claims' in sender ? defined({ authorization: headers.authorization }) : {};
  const domainName = `${api.id}.execute-api.${api.region}.${api.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`;
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: raw.path,
    rawQueryString: raw.query,
    ...defined({ cookies: cookie?.split(';').map((each) => each.trim()) }),
    headers: {
      ...without(headers, KEPT_BACK),
      ...bearer,
      host: domainName,
      'x-forwarded-for': sourceIp,
      'x-forwarded-proto': 'https',
    },
    ...(query.length === 0 ? {} : { queryStringParameters: joined(query) }),
    ...(Object.keys(route.parameters).length === 0 ? {} : { pathParameters: { ...route.parameters } }),
    requestContext: {
      accountId: api.account,
      apiId: api.id,
      authorizer:
        'caller' in sender ? { iam: identity(sender.caller) } : { jwt: { claims: sender.claims, scopes: null } },
      domainName,
      domainPrefix: api.id,
      http: {
        method: raw.method,
        path: raw.path,
        protocol: 'HTTP/1.1',
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: route.key,
      stage: api.stage,
      time: clfTime(now),
      timeEpoch: now,
    },
    ...bodyOf(raw),
  };
}

function identity(caller: Caller): IamIdentity {
  return {
    accessKey: caller.accessKeyId,
    accountId: caller.account.id,
    callerId: callerId(caller),
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: callerArn(caller),
    userId: callerId(caller),
  };
}

/** Headers that authenticate the sender or belong to the connection. */
const KEPT_BACK: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-amz-security-token',
]);

function without(headers: Readonly<Record<string, string>>, names: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name)));
}

function joined(pairs: ApiRequest['query']): Record<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of pairs) found.set(name, found.has(name) ? `${found.get(name)},${value}` : value);
  return Object.fromEntries(found);
}

/** The body is text if it has a text media type and is valid UTF-8; otherwise it is encoded as base64. */
function bodyOf({ body, headers }: RawRequest): Pick<ApiEvent, 'body' | 'isBase64Encoded'> {
  if (body.length === 0) return { isBase64Encoded: false };
  const text = TEXT.test(headers['content-type'] ?? '') ? body.toString('utf8') : undefined;
  return text !== undefined && Buffer.from(text).equals(body)
    ? { body: text, isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

const TEXT = /^\s*(text\/|application\/(json|javascript|xml)\s*(;|$))/i;

/** A time in the common log format: https://httpd.apache.org/docs/current/logs.html#common */
function clfTime(now: number): string {
  const [, day, month, year, time] = /^\w+, (\d\d) (\w+) (\d+) (\S+)/.exec(new Date(now).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
