/** What the functions may do. The function that runs tools has the agent's own role, which Leasehold deploys. */
import type { Environment } from '@leasehold/definitions';

/** The parts of an environment that ARNs contain. */
export type Place = Pick<Environment, 'partition' | 'region' | 'account'>;

export interface Names {
  readonly place: Place;
  /** For example `bank-dev-chat`. */
  readonly prefix: string;
  /** ARNs that the worker may invoke at Bedrock. Empty with another provider. */
  readonly models: readonly string[];
  /** Name of the secret with the key of the model's provider. */
  readonly secret?: string;
}

/** A statement. Everything in it is literal, except the API's id. */
export interface ChatStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

const arn = ({ partition, region, account }: Place, service: string, resource: string) =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

function log({ place, prefix }: Names, name: string): ChatStatement {
  return {
    Sid: 'Log',
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: arn(place, 'logs', `log-group:/aws/lambda/${prefix}-${name}:*`),
  };
}

function conversations({ place, prefix }: Names): ChatStatement {
  return {
    Sid: 'Conversations',
    Effect: 'Allow',
    Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    Resource: arn(place, 'dynamodb', `table/${prefix}-conversations`),
  };
}

function send(apiArn: string): ChatStatement {
  return {
    Sid: 'Send',
    Effect: 'Allow',
    Action: ['execute-api:ManageConnections'],
    Resource: `${apiArn}/${STAGE}/POST/@connections/*`,
  };
}

function invoke({ place, prefix }: Names, name: string): ChatStatement {
  return {
    Sid: 'Invoke',
    Effect: 'Allow',
    Action: ['lambda:InvokeFunction'],
    Resource: arn(place, 'lambda', `function:${prefix}-${name}`),
  };
}

/** Name of the API's stage, which is the path of its address. */
export const STAGE = 'chat';

/** Permissions by function. @param apiArn The API's execution ARN. */
export function permissionsOf(
  names: Names,
  apiArn: string,
): Readonly<Record<'authorizer' | 'message' | 'worker', readonly ChatStatement[]>> {
  const { place, prefix, models, secret } = names;
  return {
    authorizer: [log(names, 'authorizer')],
    message: [
      log(names, 'message'),
      conversations(names),
      {
        Sid: 'Connections',
        Effect: 'Allow',
        Action: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'],
        Resource: arn(place, 'dynamodb', `table/${prefix}-connections`),
      },
      send(apiArn),
      invoke(names, 'worker'),
    ],
    worker: [
      log(names, 'worker'),
      conversations(names),
      send(apiArn),
      invoke(names, 'runner'),
      ...(models.length === 0
        ? []
        : [
            {
              Sid: 'Model',
              Effect: 'Allow',
              Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
              Resource: models,
            } as const,
          ]),
      ...(secret === undefined
        ? []
        : [
            {
              Sid: 'ModelKey',
              Effect: 'Allow',
              Action: ['secretsmanager:GetSecretValue'],
              // Secrets Manager adds six characters to the name.
              Resource: arn(place, 'secretsmanager', `secret:${secret}-??????`),
            } as const,
          ]),
    ],
  };
}
