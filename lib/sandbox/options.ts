/** How a sandbox is started. */
import type { Definitions } from '@leasehold/definitions';
import type { SandboxApi } from './api/http-api';
import type { KnownResources, ServiceMapping } from './service-mapping';

/** Where the sandbox learns of users, roles and policies. */
export type SandboxSource =
  /** YAML under these paths. */
  | { readonly paths: string | readonly string[] }
  /** Definitions that are loaded already. */
  | { readonly definitions: Definitions }
  /** Synthesized stacks: paths of `cdk.tf.json`, for example `cdktf.out/stacks/hermes-dev/cdk.tf.json`. */
  | { readonly stacks: readonly string[] }
  /** What Terraform applied to the backing server, which must have no authorisation of its own. */
  | { readonly applied: { readonly account: string; readonly region: string } };

export interface SandboxOptions {
  /** @default `{ paths: 'roles' }` */
  readonly source?: SandboxSource;
  /** Port on the loopback interface. @default 0, a free one */
  readonly port?: number;
  /** A moto server, to which allowed requests go. Without it they are answered with a receipt. */
  readonly backing?: string;
  /**
   * Servers for single services, by the service's name in a credential scope: `{ dynamodb: 'http://127.0.0.1:4567' }`.
   * They go before `backing`.
   */
  readonly backings?: Readonly<Record<string, string>>;
  /**
   * HTTP APIs with IAM authorization, by the names of their stages, in front of functions in this very process:
   * `POST /<stage>/leases`, signed for `execute-api`.
   */
  readonly apis?: Readonly<Record<string, SandboxApi>>;
  /** File to which every event is appended, as one line of JSON. */
  readonly logFile?: string;
  /** Name of the environment whose agent `env` speaks for. @default the first */
  readonly environment?: string;
  /** Name of the IAM user that `env` speaks for. @default the first user under `/agents/` */
  readonly user?: string;
  /** Tables of further services, or of the same ones instead of the sandbox's own. */
  readonly mappings?: readonly ServiceMapping[];
  /**
   * What no request says: partition keys of DynamoDB tables, KMS keys behind aliases, whole ARNs of secrets, each by ARN.
   * What stands here goes before what the backing server says.
   * @default what the backing server says; without it, what would need it is asked for in every way that it can be meant,
   * or refused
   */
  readonly known?: KnownResources;
  /** Address from which every request is taken to come. @default the one it comes from, `127.0.0.1` */
  readonly sourceIp?: string;
}
