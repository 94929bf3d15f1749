/** A service as a table: a row an operation, that says what AWS authorises for it. */
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

/** Resources that a call works on, as ARNs, or `*`. */
export type Resources = (call: ServiceCall) => string | readonly string[];

/** Condition keys that a call carries. */
export type Keys = (call: ServiceCall) => Context;

/** One action, needed on each of some resources. */
export interface NeedRow {
  /** Without the service prefix, unless it is another service's. Default: the operation's name. */
  readonly action?: string;
  readonly on: Resources;
  readonly keys?: Keys;
}

/** All that an operation needs, as rows, or worked out from the request. */
export type Row = readonly NeedRow[] | ((call: ServiceCall) => readonly Need[]);

export interface ServiceTable {
  /** Prefix of the service's actions, for example `dynamodb`. */
  readonly prefix: string;
  /** Name in credential scopes and host names. Default: the prefix. */
  readonly signingName?: string;
  readonly eventSource: string;
  readonly wires: readonly [Wire, ...Wire[]];
  readonly denial?: ServiceMapping['denial'];
  readonly rows: Readonly<Record<string, Row>>;
  /** Parameters that CloudTrail may show: names and identifiers. */
  readonly shown: readonly string[];
}

/** A row of one action: on which resources, with which condition keys, and its name where it is not the operation's. */
export function on(resources: Resources, keys?: Keys, action?: string): readonly NeedRow[] {
  return [{ on: resources, ...defined({ keys, action }) }];
}

/** Rows that are needed together. */
export function all(...rows: readonly (readonly NeedRow[])[]): readonly NeedRow[] {
  return rows.flat();
}

/** For actions that know no resource. */
export const ANYTHING: Resources = () => '*';

/** The same row for many operations, whose names are separated by white space. */
export function each(operations: string, row: Row): Readonly<Record<string, Row>> {
  return Object.fromEntries(
    operations
      .trim()
      .split(/\s+/)
      .map((operation) => [operation, row]),
  );
}

/** The mapping that a table describes. */
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

/** Needs of one row. A row of resources must name at least one, or the call is not understood. */
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
