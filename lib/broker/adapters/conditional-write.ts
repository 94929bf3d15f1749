/** Makes DynamoDB calls, and converts their failures to the errors that the ports define. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { unavailable } from './fault';

/** The result of a call. @throws {Unavailable} */
export async function called<T>(call: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unavailable(call, error);
  }
}

/**
 * Runs a conditional write.
 * @returns true if the condition was not met and nothing was changed
 * @throws {Unavailable}
 */
export function isRefused(call: string, work: () => Promise<unknown>): Promise<boolean> {
  return called(call, () =>
    work().then(
      () => false,
      (error) => {
        if (error instanceof ConditionalCheckFailedException) return true;
        throw error;
      },
    ),
  );
}
