/** Reads the settings for signing in, which the broker serves next to the console. */
import { CONSOLE_SETTINGS_PATH, type ConsoleSettings, consoleSettings } from '@leasehold/contract/console-settings';
import { UnexpectedAnswer } from '../api/errors.ts';

export async function readSettings(api: string): Promise<ConsoleSettings> {
  const response = await fetch(`${api}${CONSOLE_SETTINGS_PATH}`, { credentials: 'omit', redirect: 'error' });
  const { data } = consoleSettings.safeParse(response.ok ? await response.json().catch(() => undefined) : undefined);
  if (data === undefined) throw new UnexpectedAnswer(response.status);
  return data;
}
