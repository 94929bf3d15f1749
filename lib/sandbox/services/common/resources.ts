/** ARNs of the resources to which a request refers by name or by ARN. */
import { isArn, parseArn } from '@leasehold/policy';
import { type SignedRequest, UnmappedRequest } from '../../service-mapping';
import type { Resources } from './table';

/**
 * The region and account of an ARN that is built from a name. By default, the region and account of the request are
 * used.
 */
export interface ArnScope {
  readonly region?: string;
  readonly account?: string;
}

/** The ARN of a resource in the caller's account and the request's region, unless `place` overrides them. */
export function arnOf(request: SignedRequest, service: string, resource: string, place: ArnScope = {}): string {
  return `arn:${request.partition}:${service}:${place.region ?? request.region}:${place.account ?? request.account}:${resource}`;
}

/** A kind of resource of one service. */
export interface ResourceKind {
  readonly service: string;
  /** The text before the name in an ARN, for example `table/`. */
  readonly prefix: string;
  /** The pattern that the whole name must match. */
  readonly name: RegExp;
  readonly place?: ArnScope;
  /** Converts a name into its form in an ARN. Default: unchanged. */
  readonly written?: (name: string) => string;
}

/** The ARN of a named resource. A name that the service would not accept is refused. */
export function namedArn(request: SignedRequest, kind: ResourceKind, name: string): string {
  const { service, prefix, place, written } = kind;
  if (!kind.name.test(name)) throw new UnmappedRequest(`${quoted(name)} is not a valid name of a ${label(kind)}`);
  return arnOf(request, service, `${prefix}${written?.(name) ?? name}`, place);
}

/**
 * An ARN in a request. Its resource type, partition and region have been checked. The account in the ARN may be another
 * account.
 */
export function statedArn(request: SignedRequest, kind: ResourceKind, text: string): string {
  const arn = isArn(text) ? parseArn(text) : undefined;
  const name = arn?.resource.startsWith(kind.prefix) ? arn.resource.slice(kind.prefix.length) : undefined;
  if (
    arn === undefined ||
    name === undefined ||
    !kind.name.test(name) ||
    arn.partition !== request.partition ||
    arn.service !== kind.service ||
    arn.region !== (kind.place?.region ?? request.region) ||
    !/^\d{12}$/.test(arn.account)
  ) {
    throw new UnmappedRequest(`${quoted(text)} is not an ARN of a ${label(kind)} in ${request.region}`);
  }
  return text;
}

/** The ARN of a resource that is given by its name or its ARN. */
export function nameOrArn(request: SignedRequest, kind: ResourceKind, text: string): string {
  return text.startsWith('arn:') ? statedArn(request, kind, text) : namedArn(request, kind, text);
}

/** The resource in a parameter, given by its name or its ARN. */
export function of(kind: ResourceKind, parameter: string): Resources {
  return ({ request, input }) => nameOrArn(request, kind, input.need(parameter));
}

/** All resources in a list, given by name or ARN. An empty list is refused. */
export function ofEach(kind: ResourceKind, parameter: string, item?: string): Resources {
  return ({ request, input }) => {
    const names = input.texts(parameter, item);
    if (names.length === 0) throw new UnmappedRequest(`${parameter} is empty`);
    return names.map((name) => nameOrArn(request, kind, name));
  };
}

/** The resource in a parameter; if the parameter is absent, any resource of that type. */
export function ofOrAny(kind: ResourceKind, parameter: string): Resources {
  return ({ request, input }) => {
    const name = input.text(parameter);
    return name === undefined ? anyArn(request, kind) : nameOrArn(request, kind, name);
  };
}

/**
 * An ARN for a resource that the request does not specify, for all resources of a type, or for a new resource whose id
 * AWS generates. The `*` in this ARN is a literal character: a policy matches the ARN only if the policy covers every
 * name.
 */
export function anyArn(request: SignedRequest, { service, prefix, place }: ResourceKind): string {
  return arnOf(request, service, `${prefix}*`, place);
}

/** The resource in a parameter, given as an ARN of one of several resource types. */
export function arnIn(parameter: string, ...kinds: readonly [ResourceKind, ...ResourceKind[]]): Resources {
  return ({ request, input }) => {
    const text = input.need(parameter);
    const resource = parseArn(text)?.resource ?? '';
    const kind = kinds.find(({ prefix }) => resource.startsWith(prefix)) ?? kinds[0];
    return statedArn(request, kind, text);
  };
}

/**
 * Matches names with few restrictions: any characters except control characters and the wildcards of policies.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that no name contains.
export const FREE_NAME = /^[^\u0000-\u001f\u007f*?]{1,512}$/;

function label({ service, prefix }: ResourceKind): string {
  return `${service} ${prefix.replace(/[/:]$/, '')}`.trim();
}

/** Formats a text of the request for an error message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
