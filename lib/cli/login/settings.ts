/** Reads how people sign in to a broker, from the broker's own site. */
import { CONSOLE_SETTINGS_PATH, type ConsoleSettings } from '@leasehold/contract/console-settings';
import { aborted } from '@leasehold/runtime/internal';
import { UsageError } from '../exit';

/** Milliseconds. */
const PATIENCE = 15_000;
/** Maximum size of the settings in characters. */
const LONGEST = 16 * 1024;

/**
 * The settings for signing in to a broker.
 * @param broker Address of the broker, with its stage and without a slash at the end.
 * @throws UsageError if the broker does not state how people sign in
 */
export async function signInSettings(broker: string, signal: AbortSignal): Promise<ConsoleSettings> {
  const url = `${broker}${CONSOLE_SETTINGS_PATH}`;
  const both = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  try {
    const answer = await fetch(url, { redirect: 'error', signal: both });
    const text = await answer.text();
    if (answer.status === 200 && text.length <= LONGEST) {
      const { consoleSettings } =
        require('@leasehold/contract/console-settings') as typeof import('@leasehold/contract/console-settings');
      return consoleSettings.parse(JSON.parse(text));
    }
  } catch (error) {
    if (signal.aborted) throw aborted();
    throw new UsageError(`${url} cannot be read`, { hint: HINT }, error);
  }
  throw new UsageError(`${url} does not state how people sign in`, { hint: HINT });
}

const HINT =
  "Check that the broker's definitions have `people`, and that the deployed stack is current. As an IAM user, you need no login.";
