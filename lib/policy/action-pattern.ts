/**
 * Action patterns of a policy: `*`, or `service:name` with `*` and `?` in the name. Case never matters.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
import { compileGlob, type GlobMatcher } from './glob';

/** The two halves of an action or action pattern. `*` alone has the service `*` and the name `*`. */
export interface ActionPattern {
  /** Service prefix in lower case, for example `s3`, or `*`. */
  readonly service: string;
  /** As written, for example `Get*`. */
  readonly name: string;
}

/** The halves of an action pattern; `undefined` when the text is none. A wildcard in the service is only legal in `*`. */
export function parseActionPattern(text: string): ActionPattern | undefined {
  if (text === '*') return { service: '*', name: '*' };
  const match = /^([A-Za-z0-9-]+):([A-Za-z0-9*?_-]+)$/.exec(text);
  const [, service, name] = match ?? [];
  return service === undefined || name === undefined ? undefined : { service: service.toLowerCase(), name };
}

/** Whether the pattern can stand for several actions. */
export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?');
}

/** A matcher of action ids such as `s3:PutObject`. */
export function compileActionPattern(pattern: string): GlobMatcher {
  return compileGlob(pattern, { caseInsensitive: true });
}
