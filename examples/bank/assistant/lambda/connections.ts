/** Connections: which conversation each has, in a table, and how events are sent to them. */
import { ApiGatewayManagementApiClient, PostToConnectionCommand } from '@aws-sdk/client-apigatewaymanagementapi';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AssistantEvent } from '@leasehold/contract/assistant';
import type { ConnectionDeps } from '../core/connection';

/** Seconds after which API Gateway ends a connection: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const LONGEST_CONNECTION = 7200;

export class ConnectionTable {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  get conversations(): ConnectionDeps['conversations'] {
    return {
      get: async (connection) => {
        const { Item } = await this.#client.send(
          new GetItemCommand({ TableName: this.#table, Key: { connection: { S: connection } }, ConsistentRead: true }),
        );
        return Item?.conversation?.S;
      },
      set: async (connection, conversation) => {
        const expiresAt = String(Math.floor(Date.now() / 1000) + LONGEST_CONNECTION);
        try {
          await this.#client.send(
            new PutItemCommand({
              TableName: this.#table,
              Item: { connection: { S: connection }, conversation: { S: conversation }, expiresAt: { N: expiresAt } },
              ConditionExpression: 'attribute_not_exists(connection)',
            }),
          );
          return true;
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        }
      },
    };
  }

  async remove(connection: string): Promise<void> {
    await this.#client.send(new DeleteItemCommand({ TableName: this.#table, Key: { connection: { S: connection } } }));
  }
}

/**
 * Sends events through the API's own endpoint.
 * @param endpoint For example `https://a1b2c3.execute-api.eu-central-1.amazonaws.com/chat`.
 */
export function sender(endpoint: string): (connection: string, event: AssistantEvent) => Promise<void> {
  const client = new ApiGatewayManagementApiClient({ endpoint });
  return async (connection, event) => {
    try {
      await client.send(
        new PostToConnectionCommand({ ConnectionId: connection, Data: Buffer.from(JSON.stringify(event)) }),
      );
    } catch (error) {
      // The page has gone, and resumes later.
      if (!(error instanceof Error && error.name === 'GoneException')) throw error;
    }
  };
}
