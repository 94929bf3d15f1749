/**
 * Handles a call to an HTTP API: finds the route, authenticates the caller by signature or access token, authorizes the
 * call, and runs the function.
 */

import type { IncomingMessage } from 'node:http';
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { authorize } from '../authorize';
import type { Cloud } from '../cloud';
import { globalContext, type RequestFacts } from '../context';
import { callerArn, claimedCaller } from '../credentials/caller';
import { denialMessage } from '../denial';
import type { Exchange } from '../exchange';
import { userIdentity } from '../log';
import { AuthRefusal } from '../sigv4/refusal';
import { readSignature } from '../sigv4/signature';
import { ownQuery, verify } from '../sigv4/verify';
import type { Answer } from '../wire/answer';
import { AwsError } from '../wire/aws-error';
import { API_BODY, readBody } from '../wire/body';
import { apiAnswer, unauthorized } from './answer';
import { apiEvent } from './event';
import type { HttpApi, MatchedRoute, TokenRoutes } from './http-api';
import { notFound } from './not-found';

/** A call as received. No part of the call has been verified. */
export interface ApiCall {
  /** The API whose stage is the first segment of the path. */
  readonly api: HttpApi | undefined;
  readonly message: IncomingMessage;
  readonly exchange: Exchange;
  readonly cloud: Cloud;
  readonly facts: (region: string) => RequestFacts;
}

/**
 * The response to an allowed call. As in AWS, the route is looked up before the sender is authenticated.
 * @throws {AwsError} if the call is not allowed, or the function fails.
 * @throws {AuthRefusal} if the sender is not authenticated.
 */
export async function serveApi({ api, message, exchange, cloud, facts: factsIn }: ApiCall): Promise<Answer> {
  const { raw, draft, requestId } = exchange;
  exchange.forApi = true;
  exchange.protocol = 'rest-json';
  exchange.eventSource = 'execute-api.amazonaws.com';
  draft.eventName = 'Invoke';
  if (!api) throw notFound();
  exchange.region = api.region;
  exchange.account = api.account;
  const behind = api.tokenRoute(raw.method, raw.path);
  if (behind) return serveToken({ api, message, exchange, ...behind, facts: factsIn(api.region) });
  const route = api.route(raw.method, raw.path);
  draft.requestParameters = { apiId: api.id, stage: api.stage, routeKey: route.key, ...route.parameters };

  const signature = readSignature(raw);
  const { place, scope } = signature;
  if (place === 'query')
    throw new AuthRefusal('malformed-query', 'A call to an HTTP API must contain its signature in the headers.');
  if (scope.service !== 'execute-api' || scope.region !== api.region) {
    throw new AuthRefusal('wrong-scope', `Credential should be scoped to execute-api in ${api.region}.`);
  }
  const { caller, secret } = claimedCaller(signature, cloud);
  const request = { ...raw, body: await readBody(message, API_BODY) };
  verify(request, signature, { secret, keys: cloud.signingKeys, now: Date.now() });
  draft.userIdentity = userIdentity(caller);

  const facts = factsIn(api.region);
  const resource = api.arn(raw.method, route);
  // Only the API's own account can call it: HTTP APIs have no resource policy that could permit other accounts.
  if (caller.account.id !== api.account) {
    throw new AwsError(403, 'AccessDenied', `${callerArn(caller)} belongs to another account than ${resource}`);
  }
  const need = { action: 'execute-api:Invoke', resource, context: {} };
  const { refused, decisions } = authorize(caller, [need], globalContext(caller, facts));
  append(draft.decisions, decisions);
  if (refused) throw new AwsError(403, 'AccessDenied', denialMessage(refused, callerArn(caller)));
  const { sourceIp, now } = facts;
  const query = ownQuery(raw, place);
  const event = apiEvent({ api, route, sender: { caller }, raw: request, query, sourceIp, requestId, now });
  return apiAnswer(await api.invoke(event), requestId);
}

interface TokenCall extends Pick<ApiCall, 'message' | 'exchange'> {
  readonly api: HttpApi;
  readonly route: MatchedRoute;
  readonly verify: TokenRoutes['verify'];
  readonly facts: RequestFacts;
}

/** The response to a call of a route behind the JWT authorizer. */
async function serveToken({ api, message, exchange, route, verify, facts }: TokenCall): Promise<Answer> {
  const { raw, draft, requestId } = exchange;
  draft.requestParameters = { apiId: api.id, stage: api.stage, routeKey: route.key, ...route.parameters };
  const [, token] = raw.repeated.has('authorization') ? [] : (BEARER.exec(raw.headers.authorization ?? '') ?? []);
  if (token === undefined) return unauthorized(requestId);
  const claims = await verify(token).catch(() => undefined);
  if (claims === undefined) return unauthorized(requestId, 'the token is not accepted');
  exchange.admittedByToken = true;
  const { iss, sub } = claims;
  draft.userIdentity = { type: 'WebIdentityUser', ...defined({ identityProvider: iss, userName: sub }) };
  const request = { ...raw, body: await readBody(message, API_BODY) };
  const { sourceIp, now } = facts;
  const query = ownQuery(raw, 'header');
  const event = apiEvent({ api, route, sender: { claims }, raw: request, query, sourceIp, requestId, now });
  return apiAnswer(await api.invoke(event), requestId);
}

const BEARER = /^Bearer ([!-~]+)$/i;
