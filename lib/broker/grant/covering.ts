/** The actions that an entry of a role matches. */
import { compileActionPattern, foldAscii } from '@leasehold/policy';

/** Whether an entry of the role covers an action: one that it matches, or an identical pattern. */
export function covering(entry: string): (action: string) => boolean {
  const matches = compileActionPattern(entry);
  const folded = foldAscii(entry);
  return (action) => foldAscii(action) === folded || (ACTION.test(action) && matches(action));
}

/** An action name without wildcards. */
const ACTION = /^[a-z0-9-]+:[A-Za-z0-9]+$/;
