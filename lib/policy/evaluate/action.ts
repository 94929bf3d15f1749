/**
 * The elements `Action` and `NotAction`, whose values are case-insensitive. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
import { parseActionPattern } from '../action-pattern';
import { many, type OneOrMany } from '../document';
import { compileGlob, foldAscii, type GlobMatcher } from '../glob';
import { refuse } from './error';

/** `Action` or `NotAction` of one statement. */
export interface ActionTest {
  readonly part: 'action';
  readonly negated: boolean;
  /** As written. */
  readonly patterns: readonly string[];
  readonly everything: boolean;
  /** The patterns without a wildcard, in lower case. */
  readonly exact: ReadonlySet<string>;
  readonly globs: readonly GlobMatcher[];
}

/**
 * Reads the element. Throws `PolicyError` for a pattern that is neither `*` nor `service:name`.
 *
 * Some AWS-managed policies have contained actions with spaces around the name. AWS does not document whether IAM
 * ignores the spaces. Such an action therefore has an effect only against the request: a `Deny` covers it, and an
 * `Allow` with `NotAction` excludes it.
 */
export function readAction(
  value: OneOrMany<string>,
  negated: boolean,
  effect: 'Allow' | 'Deny',
  path: readonly (string | number)[],
): ActionTest {
  const exact = new Set<string>();
  const globs: GlobMatcher[] = [];
  let everything = false;
  const patterns = [...many(value)];
  const againstRequest = (effect === 'Deny') !== negated;
  for (const [index, written] of patterns.entries()) {
    const pattern = withoutSpaces(written);
    if (pattern !== written && !againstRequest && parseActionPattern(pattern) !== undefined) continue;
    if (pattern === '*' || pattern === '*:*') everything = true;
    else if (parseActionPattern(pattern) === undefined) {
      refuse({
        code: 'bad-action',
        path: typeof value === 'string' ? path : [...path, index],
        got: written,
        expected: "'*' or service:action, with * and ? only in the action",
        rule: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html',
      });
    } else if (/[*?]/.test(pattern)) globs.push(compileGlob(foldAscii(pattern)));
    else exact.add(foldAscii(pattern));
  }
  return { part: 'action', negated, patterns, everything, exact, globs };
}

/** The pattern without spaces around its service and its name. */
export function withoutSpaces(pattern: string): string {
  return pattern.includes(' ') ? pattern.trim().replace(/ *: */, ':') : pattern;
}

/** Whether the statement applies to the action, which is given in lower case. */
export function coversAction(test: ActionTest, action: string): boolean {
  const listed = test.everything || test.exact.has(action) || test.globs.some((matches) => matches(action));
  return listed !== test.negated;
}
