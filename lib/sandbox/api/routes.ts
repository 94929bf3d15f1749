/**
 * Finds the route of an HTTP API for a request.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
import { SandboxError } from '../errors';

/** A route: a method, and a path in which `{name}` matches one segment. */
export interface ApiRoute {
  readonly method: string;
  readonly path: string;
}

/** The route that matches a request. */
export interface MatchedRoute {
  /** Key of the route, for example `GET /leases/{lease}`. */
  readonly key: string;
  /** For each `{name}`, the decoded value in the request. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The request's path, decoded, without the stage. */
  readonly path: string;
}

interface Row {
  readonly key: string;
  readonly method: string;
  readonly segments: readonly Segment[];
}

type Segment = { readonly literal: string } | { readonly name: string };

/** The routes of one API. */
export class Router {
  readonly #rows: readonly Row[];

  /**
   * @throws {SandboxError} for a path that is not a valid route. Greedy parameters and `$default` are not supported.
   */
  constructor(routes: readonly ApiRoute[]) {
    this.#rows = routes.map(row).sort(literalFirst);
  }

  /**
   * The route of a request; `undefined` if no route matches.
   * @param path the path without the stage, starting with `/`, percent-encoded.
   */
  match(method: string, path: string): MatchedRoute | undefined {
    const given = decoded(path);
    if (!given) return undefined;
    const found = this.#rows.find((each) => each.method === method && fits(each.segments, given));
    if (!found) return undefined;
    const parameters = found.segments.flatMap((segment, index) =>
      'name' in segment ? [[segment.name, given[index] ?? ''] as const] : [],
    );
    return { key: found.key, parameters: Object.fromEntries(parameters), path: `/${given.join('/')}` };
  }
}

function row({ method, path }: ApiRoute): Row {
  if (!/^[A-Z]+$/.test(method) || !/^(\/([\w.~-]+|\{\w+\}))+$/.test(path)) {
    throw new SandboxError(`${method} ${path} is not a valid route of an API`, 'Write it as GET /leases/{lease}.');
  }
  const segments = path
    .slice(1)
    .split('/')
    .map((text) => (text.startsWith('{') ? { name: text.slice(1, -1) } : { literal: text }));
  return { key: `${method} ${path}`, method, segments };
}

/**
 * Sorts routes by precedence: if two routes match, the route with a literal segment at the first position where they
 * differ is used.
 */
function literalFirst({ segments: left }: Row, { segments: right }: Row): number {
  const said = (segments: readonly Segment[]) => segments.map((each) => ('literal' in each ? '0' : '1')).join('');
  return said(left) < said(right) ? -1 : 1;
}

function fits(segments: readonly Segment[], given: readonly string[]): boolean {
  return (
    segments.length === given.length &&
    segments.every((segment, index) => 'name' in segment || segment.literal === given[index])
  );
}

/**
 * The decoded segments of a path. `undefined` if the authorization and the backend could interpret the path
 * differently: if the path has an empty segment or a dot segment, or if a decoded segment contains a slash or a control
 * character.
 */
function decoded(path: string): readonly string[] | undefined {
  try {
    const segments = path.slice(1).split('/').map(decodeURIComponent);
    return segments.some((segment) => !SEGMENT.test(segment)) ? undefined : segments;
  } catch {
    return undefined;
  }
}

const SEGMENT = /^(?!\.{1,2}$)[^/\p{Cc}]+$/u;
