/** Reads IAM on a backing server with the AWS SDK. Throws if the data cannot be read completely. */

import type { IAM } from '@aws-sdk/client-iam';
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { SandboxError } from '../errors';
import type { Backing } from '../forward';

/**
 * An IAM client for a backing server. Every call that fails throws `SandboxError`. Destroy the client after the last
 * read.
 */
export interface IamReader {
  readonly iam: IAM;
  readonly sdk: typeof import('@aws-sdk/client-iam');
}

/** Creates a reader for one account (twelve digits) on a server that does not verify signatures. */
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
 * All items of a listing, from all pages.
 * @param what the operation, for example `ListUsers`.
 * @throws {SandboxError} for a page without the list or without `IsTruncated`, and for a listing that ends before its
 * last page. The SDK treats these cases as an empty list or as the end.
 */
export async function listed<P extends Page, T>(
  what: string,
  pages: AsyncIterable<P>,
  itemsOf: (page: P) => readonly T[] | undefined,
): Promise<readonly T[]> {
  const found: T[] = [];
  let more: boolean | undefined;
  for await (const page of pages) {
    append(found, present(itemsOf(page), what));
    more = present(page.IsTruncated, what);
  }
  if (more !== false) throw unreadable(what);
  return found;
}

/**
 * Returns a required part of a response.
 * @param what the operation, for example `GetUser`.
 * @throws {SandboxError} if the part is absent or empty, or is `NaN` where a number is required. The SDK does not
 * perform this check.
 */
export function present<T>(part: T | undefined, what: string): T {
  if (part === undefined || part === '' || Number.isNaN(part)) throw unreadable(what);
  return part;
}

function failure(error: unknown, action: string): SandboxError {
  const { $metadata: { httpStatusCode: status } = {} } = error as { $metadata?: { httpStatusCode?: number } };
  if (status === undefined) {
    const hint = 'Start the moto server, and pass its address.';
    return new SandboxError('The backing server cannot be reached', hint, { cause: error });
  }
  if (status < 300) return unreadable(action, error);
  const hint = 'Apply the stack to it first.';
  return new SandboxError(`The backing server answered ${action} with ${status}`, hint, { cause: error });
}

function unreadable(action: string, cause?: unknown): SandboxError {
  return new SandboxError(
    `The backing server's answer to ${action} cannot be read, or is incomplete`,
    'Pass the address of a moto server.',
    defined({ cause }),
  );
}
