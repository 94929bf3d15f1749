/** Checks ids on the command line, for example the ids of the probes or verifications to run. */
import { onOneLine } from '@leasehold/contract/text';
import { nearest } from '@leasehold/policy';
import { UsageError } from './exit';

/**
 * The given ids, if all of them are known.
 * @param option the option with the ids, for example `--only`
 * @param of what the ids identify, all known ids, and the page that lists them
 * @throws UsageError
 */
export function knownIds(
  option: string,
  ids: readonly string[],
  of: { readonly noun: string; readonly known: readonly string[]; readonly page: string },
): readonly string[] {
  const unknown = ids.find((id) => !of.known.includes(id));
  if (unknown === undefined) return ids;
  const near = nearest(unknown, of.known);
  throw new UsageError(`${option} ${onOneLine(unknown)}: there is no such ${of.noun}`, {
    expected: `the id of a ${of.noun}`,
    hint: near === undefined ? `${of.page} lists them.` : `Did you mean "${near}"?`,
  });
}
