/** Repeats an IAM call while another change of the same resource is in progress. */

/** Maximum number of attempts. */
const MOST_TRIES = 6;
/** Milliseconds before the second attempt. The pause is doubled before each further attempt. */
const FIRST_PAUSE = 100;

/**
 * Repeats a call as long as it fails because of contention, up to a maximum number of attempts.
 * @param isContended Whether an error indicates that another change is in progress.
 * @throws the last error
 */
export async function retried(
  send: () => Promise<unknown>,
  isContended: (error: unknown) => boolean,
  pause: (milliseconds: number) => Promise<void>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await send();
      return;
    } catch (error) {
      if (!isContended(error) || tries === MOST_TRIES) throw error;
      await pause(FIRST_PAUSE * 2 ** (tries - 1) * (1 + Math.random()));
    }
  }
}
