/** The name of a login's socket. */
import { createHash } from 'node:crypto';

/**
 * The socket's file name for a broker. Each broker has a separate login.
 * @param broker The address, as returned by `brokerEndpoint`.
 */
export function socketName(broker: string): string {
  return `login-${createHash('sha256').update(broker).digest('hex').slice(0, 16)}.sock`;
}
