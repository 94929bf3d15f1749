/** The options of a sandbox. */
import type { Definitions } from '@leasehold/definitions';
import type { SandboxApi } from './api/http-api';
import type { Assumption } from './assumptions';
import type { KnownResources, ServiceMapping } from './service-mapping';

/** The source of users, roles and policies. */
export type SandboxSource =
  /** Paths of YAML files. The definitions must pass the guardrails, as before a deployment. */
  | {
      readonly paths: string | readonly string[];
      /**
       * With `skip`, definitions that violate guardrails are accepted, for example drafts.
       * @default 'run'
       */
      readonly guardrails?: 'run' | 'skip';
    }
  /**
   * Definitions that are already loaded. The sandbox does not check them against the guardrails, so the caller must
   * check them first.
   */
  | { readonly definitions: Definitions }
  /** Synthesized stacks: paths of `cdk.tf.json`, for example `cdktf.out/stacks/hermes-dev/cdk.tf.json`. */
  | { readonly stacks: readonly string[] }
  /**
   * The account that Terraform created on the backing server. The server must accept all requests, because
   * authorization is done only in the sandbox.
   */
  | { readonly applied: { readonly account: string; readonly region: string } };

export interface SandboxOptions {
  /** @default `{ paths: 'roles' }` */
  readonly source?: SandboxSource;
  /**
   * Port on the loopback interface.
   * @default 0, a free port
   */
  readonly port?: number;
  /**
   * The moto server to which allowed requests are forwarded. If no server is given, the response to an allowed request
   * is a receipt.
   */
  readonly backing?: string;
  /**
   * Servers for individual services, by the service's name in a credential scope: `{ dynamodb: 'http://127.0.0.1:4567'
   * }`. These servers take precedence over `backing`.
   */
  readonly backings?: Readonly<Record<string, string>>;
  /**
   * HTTP APIs with IAM authorization, by stage name. They call functions in the same process. Calls have the form `POST
   * /<stage>/leases` and are signed for `execute-api`.
   */
  readonly apis?: Readonly<Record<string, SandboxApi>>;
  /** Path of a file to which every event is appended, as one line of JSON. */
  readonly logFile?: string;
  /**
   * Name of the environment. `env` contains the credentials of the environment's agent.
   * @default the first environment
   */
  readonly environment?: string;
  /** Name of the IAM user whose credentials `env` contains. @default the first user under `/agents/` */
  readonly user?: string;
  /** Mapping tables for additional services, or replacements for the tables that the sandbox contains. */
  readonly mappings?: readonly ServiceMapping[];
  /**
   * Facts that no request contains: partition keys of DynamoDB tables, KMS keys behind aliases, full ARNs of secrets,
   * each by ARN. They take precedence over the facts of the backing server.
   * @default the facts of the backing server. If a fact is unknown, every possible meaning of the request must be
   * allowed, or the request is refused.
   */
  readonly known?: KnownResources;
  /**
   * The source address that is assumed for every request.
   * @default the actual address, `127.0.0.1`
   */
  readonly sourceIp?: string;
  /**
   * Assumptions about AWS that this sandbox violates, to test tools that detect such violations. Never use this option
   * to test roles, because such a sandbox allows calls that AWS denies.
   * @default none
   */
  readonly violate?: readonly Assumption[];
}
