/**
 * `Action` and `NotAction`. Case never matters.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
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

/** Reads the element. Throws `PolicyError` for what is neither `*` nor `service:name`. */
export function readAction(value: OneOrMany<string>, negated: boolean, path: readonly (string | number)[]): ActionTest {
  const exact = new Set<string>();
  const globs: GlobMatcher[] = [];
  let everything = false;
  const patterns = [...many(value)];
  for (const [index, pattern] of patterns.entries()) {
    if (pattern === '*' || pattern === '*:*') everything = true;
    else if (parseActionPattern(pattern) === undefined) {
      refuse({
        code: 'bad-action',
        path: typeof value === 'string' ? path : [...path, index],
        got: pattern,
        expected: "'*' or service:action, with * and ? in the action alone",
        rule: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html',
      });
    } else if (/[*?]/.test(pattern)) globs.push(compileGlob(foldAscii(pattern)));
    else exact.add(foldAscii(pattern));
  }
  return { part: 'action', negated, patterns, everything, exact, globs };
}

/** Whether the statement speaks of the action, given in lower case. */
export function coversAction(test: ActionTest, action: string): boolean {
  const listed = test.everything || test.exact.has(action) || test.globs.some((matches) => matches(action));
  return listed !== test.negated;
}
