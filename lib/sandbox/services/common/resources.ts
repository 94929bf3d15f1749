/** ARNs of what a request names: by name, by ARN, or by either. */
import { isArn, parseArn } from '@leasehold/policy';
import { type SignedRequest, UnmappedRequest } from '../../service-mapping';
import type { Resources } from './table';

/** Where an ARN stands that is built from a name. Both default to the request's. */
export interface ArnScope {
  readonly region?: string;
  readonly account?: string;
}

/** The ARN of a resource of the caller's account and the request's region, unless `place` says otherwise. */
export function arnOf(request: SignedRequest, service: string, resource: string, place: ArnScope = {}): string {
  return `arn:${request.partition}:${service}:${place.region ?? request.region}:${place.account ?? request.account}:${resource}`;
}

/** A kind of resource of one service. */
export interface ResourceKind {
  readonly service: string;
  /** What stands before the name, for example `table/`. */
  readonly prefix: string;
  /** What a name may be; it must match as a whole. */
  readonly name: RegExp;
  readonly place?: ArnScope;
  /** How a name is written in an ARN. Default: as it is. */
  readonly written?: (name: string) => string;
}

/** The ARN of a named resource. A name that the service would not take is refused. */
export function namedArn(request: SignedRequest, kind: ResourceKind, name: string): string {
  const { service, prefix, place, written } = kind;
  if (!kind.name.test(name)) throw new UnmappedRequest(`${quoted(name)} is no name of a ${label(kind)}`);
  return arnOf(request, service, `${prefix}${written?.(name) ?? name}`, place);
}

/** An ARN that a request states, checked to be of this kind, partition and region. The account may be another. */
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
    throw new UnmappedRequest(`${quoted(text)} is no ARN of a ${label(kind)} in ${request.region}`);
  }
  return text;
}

/** The ARN of a resource that is named, or stated as an ARN. */
export function nameOrArn(request: SignedRequest, kind: ResourceKind, text: string): string {
  return text.startsWith('arn:') ? statedArn(request, kind, text) : namedArn(request, kind, text);
}

/** The resource that a parameter names, or states as an ARN. */
export function of(kind: ResourceKind, parameter: string): Resources {
  return ({ request, input }) => nameOrArn(request, kind, input.need(parameter));
}

/** Every resource that a list names or states. An empty list is refused. */
export function ofEach(kind: ResourceKind, parameter: string, item?: string): Resources {
  return ({ request, input }) => {
    const names = input.texts(parameter, item);
    if (names.length === 0) throw new UnmappedRequest(`${parameter} names nothing`);
    return names.map((name) => nameOrArn(request, kind, name));
  };
}

/** The resource that a parameter names where it is given, else any of its kind. */
export function ofOrAny(kind: ResourceKind, parameter: string): Resources {
  return ({ request, input }) => {
    const name = input.text(parameter);
    return name === undefined ? anyArn(request, kind) : nameOrArn(request, kind, name);
  };
}

/**
 * What stands for a resource that the request does not name, for all of a kind, or for a new one whose identifier AWS
 * makes up. Its `*` is a plain character: a policy must cover every name to cover it.
 */
export function anyArn(request: SignedRequest, { service, prefix, place }: ResourceKind): string {
  return arnOf(request, service, `${prefix}*`, place);
}

/** The resource of one of several kinds that a parameter states as an ARN. */
export function arnIn(parameter: string, ...kinds: readonly [ResourceKind, ...ResourceKind[]]): Resources {
  return ({ request, input }) => {
    const text = input.need(parameter);
    const resource = parseArn(text)?.resource ?? '';
    const kind = kinds.find(({ prefix }) => resource.startsWith(prefix)) ?? kinds[0];
    return statedArn(request, kind, text);
  };
}

/** Names that services hardly limit: anything but control characters and the wildcards of policies. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that no name holds.
export const FREE_NAME = /^[^\u0000-\u001f\u007f*?]{1,512}$/;

function label({ service, prefix }: ResourceKind): string {
  return `${service} ${prefix.replace(/[/:]$/, '')}`.trim();
}

/** A text of the request as an error may show it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
