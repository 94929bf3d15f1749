/** Handles the messages of connections, and their end. It starts the worker, and does nothing else with a message. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ASSISTANT_PROTOCOL } from '@leasehold/contract/assistant';
import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { type ConnectionDeps, receive } from '../core/connection';
import { DynamoDbStore } from '../core/dynamodb-store';
import { ConnectionTable, sender } from './connections';
import { variable } from './settings';
import { contextOf, signedInOf } from './signed-in';

type WebSocketEvent = APIGatewayProxyWebsocketEventV2 & {
  readonly requestContext: { readonly authorizer?: unknown };
};

/** @param deps What messages need; `remove` forgets a connection. */
export function messageHandler(deps: ConnectionDeps & { readonly remove: (connection: string) => Promise<void> }) {
  return async ({ requestContext, body, isBase64Encoded }: WebSocketEvent): Promise<APIGatewayProxyResultV2> => {
    const { eventType, connectionId, authorizer } = requestContext;
    if (eventType === 'CONNECT') {
      return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': ASSISTANT_PROTOCOL } };
    }
    if (eventType === 'DISCONNECT') await deps.remove(connectionId);
    else await receive(deps, { id: connectionId, ...signedInOf(authorizer) }, isBase64Encoded ? '' : (body ?? ''));
    return { statusCode: 200 };
  };
}

let started: ReturnType<typeof messageHandler> | undefined;

export const handler: ReturnType<typeof messageHandler> = (event) => {
  started ??= messageHandler(inAws());
  return started(event);
};

function inAws(): Parameters<typeof messageHandler>[0] {
  const client = new DynamoDBClient({});
  const lambda = new LambdaClient({});
  const table = new ConnectionTable(client, variable('connections'));
  return {
    store: new DynamoDbStore(client, variable('conversations')),
    conversations: table.conversations,
    remove: (connection) => table.remove(connection),
    send: sender(variable('endpoint')),
    start: async ({ turn, ...signedIn }) => {
      const payload = JSON.stringify({ turn, signedIn: contextOf(signedIn) });
      // The worker answers for minutes, and this function for a moment.
      await lambda.send(
        new InvokeCommand({ FunctionName: variable('worker'), InvocationType: 'Event', Payload: Buffer.from(payload) }),
      );
    },
  };
}
