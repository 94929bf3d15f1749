/** Validates and splits the URL of a broker. */
import { invalidRequest } from '../errors';
import { isLoopback } from '../loopback';

/** The parts of a broker URL. */
export interface BrokerUrl {
  readonly protocol: string;
  /** The host for the signature and the `Host` header, with the port if the port is not the protocol's default. */
  readonly host: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** The stage, for example `/leasehold-hermes-dev`; empty if the URL has no stage. */
  readonly base: string;
}

const BASE = /^(\/[A-Za-z0-9_.-]+)*\/?$/;

/**
 * Whether a text is a permitted broker URL: `https:`, or `http:` on the loopback interface, possibly with a path, but
 * without query or fragment.
 */
export function isBrokerUrl(text: unknown): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  const safe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  // A user, password, query or fragment is not permitted, not even an empty one.
  return safe && BASE.test(pathname) && !/[?#@]/.test(text);
}

/** @throws LeaseError `invalid-request`. The message does not repeat the URL. */
export function brokerUrl(text: string): BrokerUrl {
  if (!isBrokerUrl(text)) {
    throw invalidRequest(
      'the URL of the broker is not one to which signed calls can be sent',
      'Use the https URL of the broker, which ends with the name of the stage. A URL with http is accepted only on the loopback interface.',
    );
  }
  const { protocol, host, hostname, port, pathname } = new URL(text);
  return {
    protocol,
    host,
    hostname,
    port: port === '' ? undefined : Number(port),
    base: pathname.replace(/\/$/, ''),
  };
}
