/** What the values of a pattern can look like: worked out once for each pattern, of which a project has few. */
import { type ParameterAlphabet, parameterAlphabet } from '@leasehold/definitions';
import { Memory } from '@leasehold/policy';

const memory = new Memory<ParameterAlphabet>();

/** The remembered {@link parameterAlphabet} of a pattern. */
export function alphabetOf(pattern: string): ParameterAlphabet {
  return memory.get(pattern, () => parameterAlphabet(pattern));
}
