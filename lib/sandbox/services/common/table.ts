/**
 * Describes a service as a table. Each row contains the actions and resources that AWS authorizes for one operation.
 */
import { defined } from '@leasehold/contract/defined';
import {
  type Context,
  type MappedCall,
  type Need,
  type ServiceMapping,
  type SignedRequest,
  UnmappedRequest,
} from '../../service-mapping';
import type { Json } from '../../wire/read';
import type { Input } from './input';
import { checkPlain } from './plain-request';
import type { Wire } from './wire';

/** A request whose operation is known. */
export interface ServiceCall {
  readonly request: SignedRequest;
  readonly operation: string;
  readonly input: Input;
}

/** The resources of a call, as ARNs or `*`. */
export type Resources = (call: ServiceCall) => string | readonly string[];

/** The condition keys of a call. */
export type Keys = (call: ServiceCall) => Context;

/** One action, and the resources on which the caller must be allowed to perform it. */
export interface NeedRow {
  /**
   * The action. It includes the service prefix only if it belongs to another service. Default: the operation's name.
   */
  readonly action?: string;
  readonly on: Resources;
  readonly keys?: Keys;
}

/** The permissions that an operation needs, as rows of the table or computed from the request. */
export type Row = readonly NeedRow[] | ((call: ServiceCall) => readonly Need[]);

export interface ServiceTable {
  /** Prefix of the service's actions, for example `dynamodb`. */
  readonly prefix: string;
  /** Name of the service in credential scopes and host names. Default: the prefix. */
  readonly signingName?: string;
  readonly eventSource: string;
  readonly wires: readonly [Wire, ...Wire[]];
  readonly denial?: ServiceMapping['denial'];
  readonly rows: Readonly<Record<string, Row>>;
  /** Parameters that may appear in CloudTrail events: names and identifiers. */
  readonly shown: readonly string[];
}

/** A row with one action: its resources, its condition keys, and its name if it differs from the operation's name. */
export function on(resources: Resources, keys?: Keys, action?: string): readonly NeedRow[] {
  return [{ on: resources, ...defined({ keys, action }) }];
}

/** Combines rows that are all needed. */
export function all(...rows: readonly (readonly NeedRow[])[]): readonly NeedRow[] {
  return rows.flat();
}

/** The resource for actions without resource types. */
export const ANYTHING: Resources = () => '*';

/** The same row for several operations, whose names are separated by white space. */
export function each(operations: string, row: Row): Readonly<Record<string, Row>> {
  return Object.fromEntries(
    operations
      .trim()
      .split(/\s+/)
      .map((operation) => [operation, row]),
  );
}

/** The mapping for a table. */
export function serviceOf(table: ServiceTable): ServiceMapping {
  const { prefix, signingName = prefix, eventSource, wires, denial } = table;
  const [first, ...others] = wires;
  return {
    signingNames: [signingName],
    eventSource,
    protocols: [first.protocol, ...others.map(({ protocol }) => protocol)],
    ...defined({ denial }),
    map: (request) => map(table, signingName, request),
  };
}

function map(table: ServiceTable, signingName: string, request: SignedRequest): MappedCall {
  if (request.service !== signingName) throw new UnmappedRequest(`the signature is not for ${signingName}`);
  checkPlain(request, signingName);
  const wire = table.wires.find(({ protocol }) => protocol === request.protocol);
  if (!wire) throw new UnmappedRequest(`${signingName} does not speak ${request.protocol}`);
  const { operation, input } = wire.read(request);
  const row = Object.hasOwn(table.rows, operation) ? table.rows[operation] : undefined;
  if (!row) throw new UnmappedRequest(`the table of ${signingName} has no row for ${operation}`, operation);
  const call = { request, operation, input };
  return { operation, needs: needsOf(table.prefix, row, call), parameters: shown(input, table.shown) };
}

function needsOf(prefix: string, row: Row, call: ServiceCall): readonly [Need, ...Need[]] {
  try {
    const [first, ...rest] =
      typeof row === 'function' ? row(call) : row.flatMap((need) => rowNeeds(prefix, need, call));
    if (!first) throw new UnmappedRequest('it names no resource');
    return [first, ...rest];
  } catch (cause) {
    if (!(cause instanceof UnmappedRequest) || cause.operation !== undefined) throw cause;
    throw new UnmappedRequest(cause.message, call.operation, { cause });
  }
}

/**
 * The permissions that a call needs for one row of the table. A call is refused if no row determines a resource for the
 * call.
 */
function rowNeeds(prefix: string, { action, on: resources, keys }: NeedRow, call: ServiceCall): readonly Need[] {
  const found = resources(call);
  const context = keys?.(call) ?? {};
  const name = action ?? call.operation;
  return (typeof found === 'string' ? [found] : found).map((resource) => ({
    action: name.includes(':') ? name : `${prefix}:${name}`,
    resource,
    context,
  }));
}

function shown({ fields }: Input, names: readonly string[]): Readonly<Record<string, Json>> {
  const found = names.filter((name) => Object.hasOwn(fields, name));
  return Object.fromEntries(
    found.map((name) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, fields[name] ?? null]),
  );
}
