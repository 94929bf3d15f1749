/**
 * Describes why an AWS call failed. The description does not include AWS's message, because the message is untrusted.
 */
import { TrailError } from '../error';

/** @param action the IAM action that the call needs */
export function awsError(error: unknown, action: string, what: string): TrailError {
  const name = error instanceof Error && /^[\w.]{1,80}$/.test(error.name) ? error.name : 'an error';
  const denied = /AccessDenied|Unauthorized|Forbidden|403/.test(name);
  return new TrailError(
    {
      code: 'aws',
      message: denied ? `${action} was denied for ${what}` : `AWS did not answer ${action} for ${what} (${name})`,
      hint: denied
        ? `Permit ${action}, which only reads.`
        : 'Check the credentials, the network, the region and the specified name.',
    },
    { cause: error },
  );
}

/** Returns an error with an explanation if the SDK client is not installed; otherwise, returns the error unchanged. */
export function missingClient(error: unknown, name: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') return error;
  return new TrailError(
    { code: 'aws', message: `${name} is not installed`, hint: `Install it: npm install ${name}.` },
    { cause: error },
  );
}
