/** Runs the operations of STS and IAM, which the sandbox implements itself instead of forwarding them. */

import { append } from '@leasehold/contract/any-length';
import type { Policy } from '@leasehold/policy';
import { authorize } from '../authorize';
import type { Cloud } from '../cloud';
import { globalContext, type RequestFacts } from '../context';
import { type Caller, callerArn } from '../credentials/caller';
import { denialMessage } from '../denial';
import type { EventDraft } from '../log';
import type { Context, Need } from '../service-mapping';
import { AwsError } from '../wire/aws-error';
import type { Xml } from '../wire/xml';
import type { Parameters } from './parameters';

/** One call of a signed operation. */
export interface Call {
  readonly cloud: Cloud;
  readonly caller: Caller;
  readonly parameters: Parameters;
  readonly facts: RequestFacts;
  /** The operation's data for the log. */
  readonly draft: EventDraft;
}

/**
 * Runs a call, and returns its result or throws an `AwsError`. The operation itself calls {@link permit}, because
 * only the operation can determine the resource.
 */
export type Operation = (call: Call) => Xml;

/** A service whose operations the sandbox implements. A call to an operation that is not in the table is refused. */
export interface QueryService {
  /** The service's name in a credential scope and in actions, for example `sts`. */
  readonly name: string;
  readonly eventSource: string;
  readonly namespace: string;
  /** The API version, which is the only one that is supported, for example `2011-06-15`. */
  readonly version: string;
  readonly operations: Readonly<Record<string, Operation>>;
}

/**
 * Throws `AccessDenied` unless the caller has all of the given permissions.
 * @param trust the trust policy of the role that is assumed.
 */
export function permit(call: Call, needs: readonly [Need, ...Need[]], context: Context = {}, trust?: Policy): void {
  const { caller, facts, draft } = call;
  const { refused, decisions } = authorize(caller, needs, { ...globalContext(caller, facts), ...context }, trust);
  append(draft.decisions, decisions);
  if (refused) throw new AwsError(403, 'AccessDenied', denialMessage(refused, callerArn(caller)));
}

/** Runs the operation that a call names. */
export function carryOut(service: QueryService, call: Call): Xml {
  const { parameters, draft } = call;
  const { Action: action, Version: version } = parameters;
  if (action === undefined) throw new AwsError(400, 'MissingAction', 'The request must contain the parameter Action');
  if (!/^[A-Z][A-Za-z0-9]{1,63}$/.test(action) || (version !== undefined && version !== service.version)) {
    throw new AwsError(400, 'InvalidAction', 'Could not find operation of this name and version.');
  }
  draft.eventName = action;
  const operation = Object.hasOwn(service.operations, action) ? service.operations[action] : undefined;
  if (operation) return operation(call);
  // A caller that AWS would deny gets AWS's denial. Any other caller learns that the operation is not implemented.
  permit(call, [{ action: `${service.name}:${action}`, resource: '*', context: {} }]);
  throw new AwsError(
    501,
    'NotImplemented',
    `The sandbox does not implement ${service.name}:${action}, so it refuses the request.`,
  );
}
