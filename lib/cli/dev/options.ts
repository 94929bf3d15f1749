/** How a broker on a laptop is started. */
import type { ReviewerPort, Telemetry } from '@leasehold/broker';
import type { Definitions } from '@leasehold/definitions';
import type { LocalReviewer } from './reviewer';

export interface DevOptions {
  /**
   * YAML under these paths, which has to pass the guardrails, or definitions that the caller has loaded and checked.
   * @default `{ paths: 'roles' }`
   */
  readonly source?: { readonly paths: string | readonly string[] } | { readonly definitions: Definitions };
  /** Name of the environment. @default the first that has a broker */
  readonly environment?: string;
  /** Who reads requests. @default 'none' */
  readonly reviewer?: 'none' | LocalReviewer | ReviewerPort;
  /** Port on the loopback interface. @default 0, a free one */
  readonly port?: number;
  /** A server of DynamoDB's interface to make the tables in, such as moto. @default dynalite, in this process */
  readonly dynamodb?: string;
  /** A moto server, to which allowed calls of all services but DynamoDB go. @default none: they get a receipt */
  readonly backing?: string;
  /** File to which every call is appended, as one line of JSON. @default none */
  readonly logFile?: string;
  /** What happens in the function. @default nobody watches */
  readonly telemetry?: Telemetry;
  /** Hears the id of each lease that waits for people, when it begins to. @default nobody does */
  readonly onWaiting?: (lease: string) => void;
}
