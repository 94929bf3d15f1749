import type { RequestBody } from '@leasehold/contract';
import { shellOption, shellWord } from '@leasehold/contract/text';

/** A request that names its role. */
export type RequestByRole = Extract<RequestBody, { readonly role: string }>;

/**
 * The command that runs a program with the lease. It contains no secret: only the person who signed in on the command
 * line can collect the lease.
 * @param lease The lease that was requested. Undefined if the command itself requests it.
 */
export function execCommand({ role, parameters = {}, seconds, reason }: RequestByRole, lease?: string): string {
  return [
    'leasehold exec',
    shellWord(role),
    shellOption('--reason', reason),
    ...Object.entries(parameters).map(([name, value]) => shellOption('--param', `${name}=${value}`)),
    ...(seconds === undefined ? [] : [shellOption('--duration', String(seconds))]),
    ...(lease === undefined ? [] : [shellOption('--lease', lease)]),
    '-- COMMAND',
  ].join(' ');
}
