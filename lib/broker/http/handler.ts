/**
 * Handles HTTP requests to the broker: authenticates the caller, reads the operation and its input, runs the use case
 * and returns the response.
 */
import {
  approveBody,
  denyBody,
  issueCodeBody,
  leaseQuery,
  leasesQuery,
  principalBody,
  proposeBody,
  recordQuery,
  registerKeyBody,
  removeKeyBody,
  requestBody,
  revokeBody,
  revokeManyBody,
} from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { type Operation, ROUTES } from '@leasehold/contract/routes';
import type { Environment } from '@leasehold/definitions';
import { issueCode, keys, nonce, registerKey, removeKey } from '../consent/keys';
import { NoSuchPage, Unavailable } from '../port-errors';
import type { Answered, Telemetry } from '../ports';
import { brokeredRoles } from '../rules';
import { approve, deny } from '../service/approve';
import { type Caller, callerText } from '../service/caller';
import { collect, type Handed } from '../service/collect';
import { openConsole } from '../service/console';
import type { Deps, Ports } from '../service/deps';
import { BrokerFault } from '../service/fault';
import { events, list, roles, status } from '../service/look';
import { budgets, groups } from '../service/overview';
import { principal, principalEvents, principals, putPrincipal } from '../service/principals';
import { propose } from '../service/propose';
import { request } from '../service/request';
import { revoke } from '../service/revoke';
import { revocations, revokeMany } from '../service/revoke-many';
import { sweep } from '../service/sweep';
import { viewOf } from '../service/view';
import { recordWithheldFromFormerRequester } from '../service/withheld';
import { callerOfEvent, keysOfFormerRequester } from './doors';
import type { ApiEvent, ApiResult } from './event';
import { NEVER_STORED, problemResult } from './problem';
import {
  idempotencyKeyOf,
  leaseOf,
  operationByRoute,
  operationOf,
  principalOf,
  readBody,
  readQuery,
  refuseWhatIsNotTaken,
} from './read';

/** The event that the EventBridge schedule sends. */
export interface SweepEvent {
  readonly source: 'leasehold.sweep';
}

/**
 * The handler of the function. It responds to API requests, and runs a sweep for the scheduled event. It never throws
 * for a request.
 */
export type Handler = {
  (event: ApiEvent): Promise<ApiResult>;
  (event: SweepEvent): Promise<undefined>;
};

/** Creates the broker of an environment from its ports. */
export function createHandler(ports: Ports, environment: Environment): Handler {
  const deps: Deps = { ...ports, environment, roles: brokeredRoles(environment) };
  const handle = async (event: ApiEvent | SweepEvent): Promise<ApiResult | undefined> => {
    if ('source' in event) {
      await sweep(deps);
      return undefined;
    }
    const began = performance.now();
    const line: { caller?: string; code?: string; lease?: string | undefined } = {};
    const result = await answer(deps, event, line).catch((error: unknown) => {
      const fault = asFault(error, deps.telemetry);
      const { lease } = fault.details;
      Object.assign(line, { code: fault.code, ...defined({ lease }) });
      return problemResult(fault);
    });
    tell(deps.telemetry, event.routeKey, result, { ...line, milliseconds: performance.now() - began });
    return result;
  };
  return handle as Handler;
}

async function answer(
  deps: Deps,
  event: ApiEvent,
  line: { caller?: string; lease?: string | undefined },
): Promise<ApiResult> {
  const operation = operationOf(event);
  const caller = await authorised(deps, event, operation);
  line.caller = callerText(caller);
  refuseWhatIsNotTaken(event, operation);
  const [statusCode, body] = await OPERATE[operation](deps, caller, event);
  line.lease = leaseIn(body);
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...NEVER_STORED },
    body: JSON.stringify(body),
  };
}

/** The id of the lease in a response. The response body is a lease or contains a lease. */
function leaseIn(body: { readonly id?: string; readonly lease?: { readonly id: string } }): string | undefined {
  return body.lease?.id ?? body.id;
}

/** Logs only the route. The path is never logged, because the caller controls its text. */
function tell(
  telemetry: Telemetry,
  routeKey: string,
  { statusCode: status }: ApiResult,
  line: Omit<Answered, 'operation' | 'status'>,
): void {
  const operation = operationByRoute(routeKey) ?? 'none';
  telemetry.answered({ operation, status, ...line });
  const handed = status === 201 || (status === 200 && (operation === 'collect' || operation === 'console'));
  if (handed) telemetry.issueLatency(line.milliseconds);
}

/**
 * Checks authorization again although API Gateway already authorized the route. This prevents a single mistake in an
 * IAM policy or an authorizer from granting access.
 */
async function authorised(deps: Deps, event: ApiEvent, operation: Operation): Promise<Caller> {
  const caller = await callerOfEvent(deps, event);
  const allowed: readonly string[] = ROUTES[operation].callers;
  if (caller !== undefined && allowed.includes(caller.kind)) return caller;
  if (caller === undefined && (operation === 'collect' || operation === 'console')) {
    const keys = await keysOfFormerRequester(deps, event);
    if (keys.length > 0) await recordWithheldFromFormerRequester(deps, keys, leaseOf(event));
  }
  throw new BrokerFault('forbidden', 'The caller may not do this here.');
}

type Operate = (deps: Deps, caller: Caller, event: ApiEvent) => Promise<readonly [status: number, body: object]>;

const OPERATE: Readonly<Record<Operation, Operate>> = {
  request: async (deps, caller, event) => {
    const handed = await request(deps, caller, readBody(event, requestBody), idempotencyKeyOf(event));
    return [handed.credentials === undefined ? 202 : 201, handedView(deps, handed)];
  },
  propose: async (deps, caller, event) => [200, await propose(deps, caller, readBody(event, proposeBody))],
  leases: async (deps, caller, event) => [200, await list(deps, caller, readQuery(event, leasesQuery))],
  status: async (deps, caller, event) => [
    200,
    viewOf(await status(deps, caller, leaseOf(event), readQuery(event, leaseQuery)), deps),
  ],
  events: async (deps, caller, event) => [200, await events(deps, caller, leaseOf(event))],
  collect: async (deps, caller, event) => [200, handedView(deps, await collect(deps, caller, leaseOf(event)))],
  console: async (deps, caller, event) => {
    const { lease, url, expiresAt } = await openConsole(deps, caller, leaseOf(event));
    return [200, { lease: viewOf(lease, deps), url, expiresAt }];
  },
  approve: async (deps, caller, event) => {
    const body = readBody(event, approveBody);
    return [200, viewOf(await approve(deps, caller, leaseOf(event), body), deps)];
  },
  deny: async (deps, caller, event) => {
    const body = readBody(event, denyBody);
    return [200, viewOf(await deny(deps, caller, leaseOf(event), body), deps)];
  },
  revoke: async (deps, caller, event) => {
    const body = readBody(event, revokeBody);
    return [200, await revoke(deps, caller, leaseOf(event), body)];
  },
  revokeMany: async (deps, caller, event) => {
    return [200, await revokeMany(deps, caller, readBody(event, revokeManyBody))];
  },
  revocations: async (deps, _caller, event) => [200, await revocations(deps, readQuery(event, recordQuery))],
  roles: async (deps, caller) => [200, await roles(deps, caller)],
  principals: async (deps) => [200, { principals: await principals(deps) }],
  principal: async (deps, _caller, event) => [200, await principal(deps, principalOf(event))],
  putPrincipal: async (deps, caller, event) => {
    const body = readBody(event, principalBody);
    return [200, await putPrincipal(deps, caller, principalOf(event), body)];
  },
  principalEvents: async (deps, _caller, event) => [
    200,
    await principalEvents(deps, principalOf(event), readQuery(event, recordQuery)),
  ],
  budgets: async (deps) => [200, await budgets(deps)],
  groups: async (deps) => [200, await groups(deps)],
  nonce: async (deps, caller) => [200, await nonce(deps, caller)],
  keys: async (deps, _caller, event) => [200, await keys(deps, principalOf(event))],
  issueCode: async (deps, caller, event) => {
    const body = readBody(event, issueCodeBody);
    return [200, await issueCode(deps, caller, principalOf(event), body)];
  },
  registerKey: async (deps, caller, event) => {
    const body = readBody(event, registerKeyBody);
    return [200, await registerKey(deps, caller, principalOf(event), body)];
  },
  removeKey: async (deps, caller, event) => {
    const body = readBody(event, removeKeyBody);
    return [200, await removeKey(deps, caller, principalOf(event), body)];
  },
};

/**
 * The response with the credentials. This is the only place where credentials leave the broker: in the response body,
 * over TLS.
 */
function handedView(deps: Deps, { lease, credentials }: Handed): object {
  if (credentials === undefined) return { lease: viewOf(lease, deps) };
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt } = credentials;
  return { lease: viewOf(lease, deps), credentials: { accessKeyId, secretAccessKey, sessionToken, expiresAt } };
}

/** Converts an unexpected error to a refusal without details of the error. */
function asFault(error: unknown, telemetry: Telemetry): BrokerFault {
  if (error instanceof BrokerFault) return error;
  if (error instanceof NoSuchPage) return new BrokerFault('malformed', 'This list has no such page.');
  telemetry.count('Failed');
  telemetry.error('request', error);
  return error instanceof Unavailable
    ? new BrokerFault('unavailable', 'A service that the broker needs did not respond.')
    : new BrokerFault('unavailable', 'The broker refuses the request, because an error occurred in the broker.');
}
