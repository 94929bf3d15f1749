/** Determines which actions an entry of a role covers. */
import { compileActionPattern, foldAscii } from '@leasehold/policy';

/**
 * Returns whether an entry of the role covers an action. It covers the action if it matches the action, or if both are
 * the same pattern.
 */
export function covering(entry: string): (action: string) => boolean {
  const matches = compileActionPattern(entry);
  const folded = foldAscii(entry);
  return (action) => foldAscii(action) === folded || (ACTION.test(action) && matches(action));
}

/** An action name without wildcards. */
const ACTION = /^[a-z0-9-]+:[A-Za-z0-9]+$/;
