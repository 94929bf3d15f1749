/** Options for starting a broker on a developer's machine. */
import type { ReviewerPort, Telemetry } from '@leasehold/broker';
import type { Definitions } from '@leasehold/definitions';
import type { LocalReviewer } from './reviewer';

export interface DevOptions {
  /**
   * Either paths of YAML definitions, which must pass the guardrails, or definitions that the caller has already loaded
   * and checked.
   * @default `{ paths: 'roles' }`
   */
  readonly source?: { readonly paths: string | readonly string[] } | { readonly definitions: Definitions };
  /**
   * Name of the environment.
   * @default the first environment that has a broker
   */
  readonly environment?: string;
  /**
   * The reviewer of requests.
   * @default 'none'
   */
  readonly reviewer?: 'none' | LocalReviewer | ReviewerPort;
  /**
   * Port on the loopback interface.
   * @default 0, a free port
   */
  readonly port?: number;
  /**
   * Folder of a built console. It is served only if the definitions specify how people sign in.
   * @default the console in `@leasehold/console`, if it is installed
   */
  readonly consoleFolder?: string;
  /**
   * Address of the WebSocket of an assistant, which the console then offers for chatting.
   * @default none
   */
  readonly assistant?: string;
  /**
   * Names of people who have an account at the local issuer although the definitions do not name them, for example the
   * customers of an application. They are in no group. The first issuer under `subjects` is then the local issuer, so
   * that an agent can act on behalf of anybody who has signed in.
   * @default none
   */
  readonly users?: readonly string[];
  /**
   * Address of a server with the DynamoDB API, such as moto. The tables are created in this server.
   * @default dynalite in this process
   */
  readonly dynamodb?: string;
  /**
   * Address of a moto server that receives the allowed calls to all services except DynamoDB.
   * @default none; the response to an allowed call is then only a receipt
   */
  readonly backing?: string;
  /**
   * File to which every call is appended as one line of JSON.
   * @default none
   */
  readonly logFile?: string;
  /**
   * Receives the telemetry of the function.
   * @default none
   */
  readonly telemetry?: Telemetry;
  /**
   * Function that is called with the id of a lease when the lease starts to wait for an approval.
   * @default none
   */
  readonly onWaiting?: (lease: string) => void;
}
