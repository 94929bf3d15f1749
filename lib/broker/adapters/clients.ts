/**
 * AWS clients for the broker's function. Connections stay open between calls, and no call lasts longer than its caller
 * waits. Clients that most requests need are created immediately, other clients on first use. All packages are imported
 * statically, so that the bundle contains only the commands that are used. A package that is loaded on demand is
 * bundled whole, and a cold start reads every byte of the bundle.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import { iamRegion, stsEndpoint } from '@leasehold/documents';
import { isBrokenConnection } from './fault';

/** Services that the broker calls. `signin` is the console's federation endpoint. */
export type ServiceName = 'dynamodb' | 'iam' | 'kms' | 'secretsmanager' | 'signin' | 'sts';

/** How to reach AWS. */
export interface AwsOptions {
  readonly environment: Environment;
  /** @default the SDK's default provider chain; in the function, the function's role */
  readonly credentials?: NonNullable<STSClientConfig['credentials']>;
  /** Endpoint URLs that replace AWS's default endpoints, for example the URLs of a sandbox. */
  readonly endpoints?: Readonly<Partial<Record<ServiceName, string>>>;
  /**
   * Timeouts in milliseconds.
   * @default {@link TIMEOUTS}
   */
  readonly timeouts?: Timeouts;
  /**
   * Wraps each client, for tracing.
   * @default clients are not wrapped
   */
  readonly instrument?: <T>(client: T) => T;
}

export interface Timeouts {
  /** Time limit for opening a connection. */
  readonly connect: number;
  /** Time limit for the response to a request. */
  readonly request: number;
}

export const TIMEOUTS: Timeouts = { connect: 2000, request: 5000 };

/** The AWS clients. The last three properties are functions that create their client on the first call. */
export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sts: STSClient;
  readonly iam: () => IAMClient;
  readonly kms: () => KMSClient;
  readonly secrets: () => SecretsManagerClient;
}

/** Creates the clients. Sends no request. */
export function awsClients(options: AwsOptions): Clients {
  const { environment, instrument = (client) => client } = options;
  const { region } = environment;
  return {
    // Every write to a table can be repeated: it is conditional, or at worst counts a request once too often.
    dynamodb: instrument(new DynamoDBClient({ ...settings(options, 'dynamodb'), region, maxAttempts: 3 })),
    sts: instrument(stsClient(options)),
    iam: once(() => {
      const region = iamRegion(environment.partition);
      return instrument(new IAMClient({ ...settings(options, 'iam'), region, maxAttempts: 3 }));
    }),
    kms: once(() => instrument(new KMSClient({ ...settings(options, 'kms'), region, maxAttempts: 3 }))),
    secrets: once(() => {
      return instrument(new SecretsManagerClient({ ...settings(options, 'secretsmanager'), region, maxAttempts: 3 }));
    }),
  };
}

/**
 * An STS client for the regional endpoint. The global endpoint is never used, because its logs and outages are outside
 * the region.
 */
function stsClient(options: AwsOptions): STSClient {
  const { environment, endpoints = {} } = options;
  const endpoint = endpoints.sts ?? stsEndpoint(environment);
  // Each call is sent only once, because the client that collects the lease repeats a failed AssumeRole.
  const client = new STSClient({ ...settings(options, 'sts'), region: environment.region, endpoint, maxAttempts: 1 });
  // There is one exception: a connection that was idle while the function was frozen fails on the next call. If STS
  // issued a session nevertheless, nobody received its credentials.
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

function settings({ credentials, endpoints = {}, timeouts = TIMEOUTS }: AwsOptions, service: ServiceName) {
  const endpoint = endpoints[service];
  // A function instance serves one request at a time. On a developer's machine, a thousand requests must not wait for
  // each other's connections.
  const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };
  return {
    ...defined({ credentials: credentials && keyOf(credentials), endpoint }),
    // Settings in a profile must not contradict the configured endpoints.
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

/** Copies the credentials, because the SDK adds properties to the object that it receives. */
function keyOf(credentials: NonNullable<AwsOptions['credentials']>) {
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
