/**
 * Which route of an HTTP API a request takes.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
import { SandboxError } from '../errors';

/** A route: a method, and a path in which `{name}` stands for one segment. */
export interface ApiRoute {
  readonly method: string;
  readonly path: string;
}

/** The route that a request takes. */
export interface MatchedRoute {
  /** For example `GET /leases/{lease}`. */
  readonly key: string;
  /** What the request has in the places of `{name}`, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The request's own path, decoded, without the stage. */
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

  /** @throws {SandboxError} for a path that is no route's: greedy parameters and `$default` are not known here. */
  constructor(routes: readonly ApiRoute[]) {
    this.#rows = routes.map(row).sort(literalFirst);
  }

  /**
   * The route of a request; `undefined` where there is none.
   * @param path without the stage, beginning with `/`, percent-encoded.
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
    throw new SandboxError(`${method} ${path} is no route of an API`, 'Write it as GET /leases/{lease}.');
  }
  const segments = path
    .slice(1)
    .split('/')
    .map((text) => (text.startsWith('{') ? { name: text.slice(1, -1) } : { literal: text }));
  return { key: `${method} ${path}`, method, segments };
}

/** Of two routes that both fit, the one that says more is taken. */
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
 * The segments of a path; `undefined` for a path with an empty one or a dot segment, or with one that holds a slash or a
 * control character when it is decoded: what was authorised must be what the backend reads.
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
