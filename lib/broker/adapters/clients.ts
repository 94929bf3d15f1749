/**
 * Clients of AWS as the broker's function wants them: connections that stay open between calls, and no call that outlasts
 * who waits for it. What most requests need is there at once; the rest is made by the first that needs it. Their packages
 * are imported statically all the same: so the bundle holds the few commands that are used, where a package loaded on
 * demand is bundled whole, and a cold start reads every byte of the bundle.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import type { Environment, Partition } from '@leasehold/definitions';
import { stsEndpoint } from '@leasehold/documents';
import type { KeyIdentity } from '@leasehold/runtime';
import { isBrokenConnection } from './fault';

/** Services that the broker calls. `signin` is the console's federation endpoint. */
export type ServiceName = 'dynamodb' | 'iam' | 'kms' | 'secretsmanager' | 'signin' | 'sts';

/** How AWS is reached. */
export interface AwsOptions {
  readonly environment: Environment;
  /** @default the SDK's own search: in the function, the function's role */
  readonly credentials?: KeyIdentity | (() => Promise<KeyIdentity>);
  /** Addresses of services that are not where AWS has them, for example of a sandbox. */
  readonly endpoints?: Readonly<Partial<Record<ServiceName, string>>>;
  /** Milliseconds. @default {@link TIMEOUTS} */
  readonly timeouts?: Timeouts;
  /** Wraps each client, for traces. @default nothing is wrapped */
  readonly instrument?: <T>(client: T) => T;
}

export interface Timeouts {
  /** Until there is a connection. */
  readonly connect: number;
  /** Until a request is answered. */
  readonly request: number;
}

export const TIMEOUTS: Timeouts = { connect: 2000, request: 5000 };

/** The clients; the latter three as functions that make them once. */
export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sts: STSClient;
  readonly iam: () => IAMClient;
  readonly kms: () => KMSClient;
  readonly secrets: () => SecretsManagerClient;
}

/** Makes the clients. Nothing is sent. */
export function awsClients(options: AwsOptions): Clients {
  const { environment, instrument = (client) => client } = options;
  const { region } = environment;
  return {
    // Every write to a table can be repeated: it is conditional, or counts once too often at worst.
    dynamodb: instrument(new DynamoDBClient({ ...settings(options, 'dynamodb'), region, maxAttempts: 3 })),
    sts: instrument(stsClient(options)),
    iam: once(() => {
      const region = IAM_REGIONS[environment.partition];
      return instrument(new IAMClient({ ...settings(options, 'iam'), region, maxAttempts: 3 }));
    }),
    kms: once(() => instrument(new KMSClient({ ...settings(options, 'kms'), region, maxAttempts: 3 }))),
    secrets: once(() => {
      return instrument(new SecretsManagerClient({ ...settings(options, 'secretsmanager'), region, maxAttempts: 3 }));
    }),
  };
}

/** On the regional endpoint, never the global one, which lies outside the region's logs and its failures. */
function stsClient(options: AwsOptions): STSClient {
  const { environment, endpoints = {} } = options;
  const endpoint = endpoints.sts ?? stsEndpoint(environment);
  // Sent once: who repeats a cut is whoever collects.
  const client = new STSClient({ ...settings(options, 'sts'), region: environment.region, endpoint, maxAttempts: 1 });
  // But a connection that slept with its function is found dead by the next call. Should a session have been cut all the
  // same, its credentials reached nobody.
  client.middlewareStack.add(
    (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        if (!isBrokenConnection(error)) throw error;
        return next(call);
      }
    },
    { name: 'onceMoreOnAnotherConnection', step: 'deserialize', priority: 'low' },
  );
  return client;
}

/**
 * IAM has one endpoint a partition, which is signed for as this region.
 * Source: https://docs.aws.amazon.com/general/latest/gr/iam-service.html
 */
const IAM_REGIONS: Readonly<Record<Partition, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

function settings({ credentials, endpoints = {}, timeouts = TIMEOUTS }: AwsOptions, service: ServiceName) {
  const endpoint = endpoints[service];
  // A function serves one request at a time; on a laptop a thousand must not wait for one another's connections.
  const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };
  return {
    ...defined({ credentials: credentials && keyOf(credentials), endpoint }),
    // What a profile says of these would contradict the endpoints that are given.
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    requestHandler: {
      connectionTimeout: timeouts.connect,
      requestTimeout: timeouts.request,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}

/** Copies: the SDK adds to the object that it is given. */
function keyOf(credentials: NonNullable<AwsOptions['credentials']>): () => Promise<KeyIdentity> {
  return async () => {
    const key = typeof credentials === 'function' ? await credentials() : credentials;
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = key;
    return {
      accessKeyId,
      secretAccessKey,
      ...defined({ sessionToken, expiration }),
    };
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
