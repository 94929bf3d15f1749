/**
 * Reads the operation and its parameters from a request, in each of AWS's protocols. A request that another server
 * could interpret as a different operation is refused. Source: https://smithy.io/2.0/aws/protocols/index.html
 */
import { gunzipSync } from 'node:zlib';
import { type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { mediaType, type Protocol } from '../../wire/protocol';
import { formParameters, jsonParameters } from '../../wire/read';
import { readCbor } from './cbor';
import { type Fields, Input, nested } from './input';

/** An operation and its parameters, as sent by the client. */
export interface WireCall {
  readonly operation: string;
  readonly input: Input;
}

/** One protocol of one service. */
export interface Wire {
  readonly protocol: Protocol;
  readonly read: (request: SignedRequest) => WireCall;
}

/** AWS JSON: only the header `X-Amz-Target` contains the operation. */
export function json(version: '1.0' | '1.1', target: string): Wire {
  const type = `application/x-amz-json-${version}`;
  return {
    protocol: `json-${version}`,
    read: (request) => {
      onlyPost(request, '/');
      without(request, 'smithy-protocol');
      ofType(request, type);
      const named = request.headers['x-amz-target'] ?? '';
      const operation = named.startsWith(`${target}.`) ? named.slice(target.length + 1) : '';
      if (!OPERATION.test(operation)) throw new UnmappedRequest(`X-Amz-Target contains no operation of ${target}`);
      return { operation, input: new Input(jsonParameters(unzipped(request))) };
    },
  };
}

/** AWS query and EC2 query: the operation is the parameter `Action`. */
export function query(protocol: 'query' | 'ec2', version: string, path: (path: string) => Fields = onlyRoot): Wire {
  return {
    protocol,
    read: (request) => {
      const get = request.method === 'GET' && request.body.length === 0;
      if (!get && request.method !== 'POST')
        throw new UnmappedRequest(`${request.method} is not valid in this protocol`);
      without(request, 'x-amz-target');
      without(request, 'smithy-protocol');
      const { Action: operation, Version: stated, ...parameters } = formParameters(unzipped(request));
      if (operation === undefined || !OPERATION.test(operation))
        throw new UnmappedRequest('Action contains no operation');
      if (stated !== version) throw new UnmappedRequest(`Version is not ${version}`, operation);
      return { operation, input: new Input(merged([path(request.path), nested(parameters)])) };
    },
  };
}

/** Smithy RPC v2 CBOR: the operation is in the path. */
export function cbor(service: string): Wire {
  const prefix = `/service/${service}/operation/`;
  return {
    protocol: 'rpc-v2-cbor',
    read: (request) => {
      const operation = request.path.startsWith(prefix) ? request.path.slice(prefix.length) : '';
      if (!OPERATION.test(operation)) throw new UnmappedRequest(`the path contains no operation of ${service}`);
      onlyPost(request, request.path);
      without(request, 'x-amz-target');
      if (request.headers['smithy-protocol'] !== 'rpc-v2-cbor')
        throw new UnmappedRequest('the header for the protocol is missing');
      if (request.body.length > 0) ofType(request, 'application/cbor');
      return { operation, input: new Input(readCbor(unzipped(request).body)) };
    },
  };
}

/** One operation of a REST service. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  /** Path template, for example `/2015-03-31/functions/{FunctionName}/invocations`. */
  readonly path: string;
  /** The query parameters that the operation accepts. Any other query parameter is refused. */
  readonly query?: readonly string[];
  /** Whether the body is the user's data and contains no parameters. */
  readonly payload?: true;
}

/** REST with JSON bodies: method and path determine the operation. */
export function rest(routes: readonly Route[]): Wire {
  return {
    protocol: 'rest-json',
    read: (request) => {
      without(request, 'x-amz-target');
      without(request, 'smithy-protocol');
      for (const route of routes) {
        const fields = route.method === request.method ? matchPath(route.path, request.path) : undefined;
        if (fields)
          return { operation: route.operation, input: new Input(merged([fields, ...restFields(route, request)])) };
      }
      throw new UnmappedRequest('method and path match no operation');
    },
  };
}

function restFields({ operation, query: taken = [], payload }: Route, request: SignedRequest): readonly Fields[] {
  const parameters: Fields[] = request.query.map(([name, value]) => {
    if (!taken.includes(name))
      throw new UnmappedRequest(`${operation} does not accept the query parameter ${name}`, operation);
    return { [name]: value };
  });
  if (payload || request.body.length === 0) return parameters;
  if (mediaType(request.headers) !== '') ofType(request, 'application/json');
  return [...parameters, jsonParameters(unzipped(request))];
}

/** The decoded values in a path that matches a template; `undefined` if the path does not match. */
function matchPath(template: string, path: string): Fields | undefined {
  const wanted = template.split('/');
  const found = (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path).split('/');
  if (wanted.length !== found.length) return undefined;
  const fields: { [name: string]: string } = {};
  for (const [index, part] of wanted.entries()) {
    const segment = found[index] ?? '';
    if (part.startsWith('{')) fields[part.slice(1, -1)] = decodeSegment(segment);
    else if (part !== segment) return undefined;
  }
  return fields;
}

/** A path segment, decoded once. A segment that contains a slash or is encoded twice is refused. */
export function decodeSegment(segment: string): string {
  let text: string;
  try {
    text = decodeURIComponent(segment);
  } catch (cause) {
    throw new UnmappedRequest('the path has an invalid encoding', undefined, { cause });
  }
  if (text === '' || /[/\\+]|%[0-9a-f]{2}/i.test(text)) throw new UnmappedRequest('the path is ambiguous');
  return text;
}

/** Merges parameters from several places. A parameter must not occur in more than one place. */
function merged(parts: readonly Fields[]): Fields {
  const all: { [name: string]: Fields[string] } = Object.create(null);
  for (const part of parts) {
    for (const [name, value] of Object.entries(part)) {
      if (name in all) throw new UnmappedRequest(`the parameter ${name} occurs twice`);
      all[name] = value;
    }
  }
  return all;
}

const OPERATION = /^[A-Z][A-Za-z0-9]{1,127}$/;

function onlyRoot(path: string): Fields {
  if (path !== '/') throw new UnmappedRequest('the path is not /');
  return {};
}

function onlyPost({ method, path, query: parameters }: SignedRequest, wanted: string): void {
  if (method !== 'POST') throw new UnmappedRequest(`${method} is not valid in this protocol`);
  if (path !== wanted) throw new UnmappedRequest(`the path is not ${wanted}`);
  if (parameters.length > 0) throw new UnmappedRequest('query parameters are not valid in this protocol');
}

function without({ headers }: SignedRequest, name: string): void {
  if (name in headers) throw new UnmappedRequest(`the header ${name} is not valid in this protocol`);
}

function ofType({ headers }: SignedRequest, type: string): void {
  if (mediaType(headers) !== type) throw new UnmappedRequest(`the body is not ${type}`);
}

/** Maximum size of a decompressed body, in bytes. */
const MOST_UNZIPPED = 16 * 1024 * 1024;

/** Decompresses a body. SDKs compress large bodies of some operations. */
function unzipped(request: SignedRequest): SignedRequest {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined) return request;
  if (encoding !== 'gzip') throw new UnmappedRequest(`the content encoding ${encoding} is not known`);
  try {
    return { ...request, body: gunzipSync(request.body, { maxOutputLength: MOST_UNZIPPED }) };
  } catch (cause) {
    throw new UnmappedRequest('the body cannot be decompressed', undefined, { cause });
  }
}
