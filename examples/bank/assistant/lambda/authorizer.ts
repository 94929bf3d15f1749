/** Decides who may connect: whoever has a valid access token in the header `Sec-WebSocket-Protocol`. */
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { type TokenVerifier, tokenInHeader, tokenVerifier } from '../core/verify-token';
import { variable } from './settings';
import { contextOf } from './signed-in';

/** @param verify The verifier of access tokens. */
export function authorizerFor(verify: TokenVerifier) {
  return async (
    event: Pick<APIGatewayRequestAuthorizerEvent, 'headers' | 'methodArn'>,
  ): Promise<APIGatewayAuthorizerResult> => {
    const token = tokenInHeader(headerOf(event.headers, 'sec-websocket-protocol'));
    const signedIn = token === undefined ? undefined : await verify(token);
    // API Gateway answers 401 for this error, and for no other.
    if (signedIn === undefined) throw new Error('Unauthorized');
    return {
      principalId: signedIn.person.name,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: event.methodArn }],
      },
      context: contextOf(signedIn),
    };
  };
}

/** The only value of a header. Undefined if it is absent. */
export function headerOf(headers: Readonly<Record<string, string | undefined>> | null, name: string) {
  const found = Object.entries(headers ?? {}).filter(([each]) => each.toLowerCase() === name);
  return found.length === 1 ? found[0]?.[1] : undefined;
}

let started: ReturnType<typeof authorizerFor> | undefined;

export const handler: ReturnType<typeof authorizerFor> = (event) => {
  started ??= authorizerFor(tokenVerifier({ issuer: variable('issuer'), clientId: variable('clientId') }));
  return started(event);
};
