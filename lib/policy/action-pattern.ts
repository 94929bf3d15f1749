/**
 * Action patterns in policies: `*`, or `service:name`, where the name may contain `*` and `?`. Action patterns are
 * case-insensitive. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
import { compileGlob, type GlobMatcher } from './glob';

/** The two parts of an action or action pattern. The pattern `*` has the service `*` and the name `*`. */
export interface ActionPattern {
  /** Service prefix in lower case, for example `s3`, or `*`. */
  readonly service: string;
  /** As written, for example `Get*`. */
  readonly name: string;
}

/**
 * The parts of an action pattern; `undefined` if the text is not an action pattern. A wildcard in the service is valid
 * only in the pattern `*`.
 */
export function parseActionPattern(text: string): ActionPattern | undefined {
  if (text === '*') return { service: '*', name: '*' };
  const match = /^([A-Za-z0-9-]+):([A-Za-z0-9*?_-]+)$/.exec(text);
  const [, service, name] = match ?? [];
  return service === undefined || name === undefined ? undefined : { service: service.toLowerCase(), name };
}

/** Whether the pattern can match several actions. */
export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*') || pattern.includes('?');
}

/** A matcher for action ids such as `s3:PutObject`. */
export function compileActionPattern(pattern: string): GlobMatcher {
  return compileGlob(pattern, { caseInsensitive: true });
}
