/** Reads IAM on a backing server with the AWS SDK: whole, or not at all. */
import type { IAM } from '@aws-sdk/client-iam';
import { SandboxError } from '../errors';
import type { Backing } from '../forward';

/** IAM as a backing server has it: every call that fails throws `SandboxError`. Destroy it when all is read. */
export interface IamReader {
  readonly iam: IAM;
  readonly sdk: typeof import('@aws-sdk/client-iam');
}

/** A reader of one account, twelve digits, on a server that verifies nothing. */
export function iamReader(backing: Backing, account: string): IamReader {
  const sdk: IamReader['sdk'] = require('@aws-sdk/client-iam');
  const iam = new sdk.IAM({
    endpoint: backing.url.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'of-no-use' },
    maxAttempts: 1,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  });
  iam.middlewareStack.add(
    (next) => (call) => {
      const { headers } = call.request as { headers: Record<string, string> };
      headers['x-moto-account-id'] = account;
      return next(call);
    },
    { name: 'accountOfMoto', step: 'build' },
  );
  iam.middlewareStack.add(
    (next, { commandName = 'IAM' }) =>
      async (call) => {
        try {
          return await next(call);
        } catch (error) {
          throw failure(error, commandName.replace(/Command$/, ''));
        }
      },
    { name: 'failureOfBacking', step: 'initialize' },
  );
  return { iam, sdk };
}

/** One page of a listing. */
interface Page {
  readonly IsTruncated?: boolean | undefined;
}

/**
 * All items of a listing, of every page.
 * @param what the listing, for example `ListUsers`.
 * @throws {SandboxError} for a page without the list or without a word on whether there is more, and for a listing that
 * ends although there is: the SDK takes these for an empty list, or for the end.
 */
export async function listed<P extends Page, T>(
  what: string,
  pages: AsyncIterable<P>,
  itemsOf: (page: P) => readonly T[] | undefined,
): Promise<readonly T[]> {
  const found: T[] = [];
  let more: boolean | undefined;
  for await (const page of pages) {
    found.push(...present(itemsOf(page), what));
    more = present(page.IsTruncated, what);
  }
  if (more !== false) throw unreadable(what);
  return found;
}

/**
 * A part of an answer that must be there.
 * @param what the call that was answered, for example `GetUser`.
 * @throws {SandboxError} where it is left out, empty, or not the number that it should be: the SDK passes these on.
 */
export function present<T>(part: T | undefined, what: string): T {
  if (part === undefined || part === '' || Number.isNaN(part)) throw unreadable(what);
  return part;
}

function failure(error: unknown, action: string): SandboxError {
  const { $metadata: { httpStatusCode: status } = {} } = error as { $metadata?: { httpStatusCode?: number } };
  if (status === undefined) {
    const hint = 'Start the moto server, and give its address.';
    return new SandboxError('The backing server cannot be reached', hint, { cause: error });
  }
  if (status < 300) return unreadable(action, error);
  const hint = 'Apply the stack to it first.';
  return new SandboxError(`The backing server answered ${action} with ${status}`, hint, { cause: error });
}

function unreadable(action: string, cause?: unknown): SandboxError {
  return new SandboxError(
    `The backing server's answer to ${action} cannot be read, or is not whole`,
    'Give the address of a moto server.',
    cause === undefined ? {} : { cause },
  );
}
