/** Addresses of assistants. This file has no dependency: the function that serves the console needs it. */

/**
 * The address of a deployed assistant: `wss`, one exact host name, and at most one path segment, which is the stage of a
 * WebSocket API.
 */
export const DEPLOYED_ASSISTANT =
  /^wss:\/\/(?=[a-z0-9.-]{4,253}[:/]|[a-z0-9.-]{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9](?::[1-9][0-9]{0,4})?(?:\/[A-Za-z0-9_-]{1,128})?$/;

/** The address of an assistant on this machine. Browsers permit it without TLS only for the loopback interface. */
export const LOCAL_ASSISTANT = /^ws:\/\/(?:localhost|127\.0\.0\.1)(?::[1-9][0-9]{0,4})?(?:\/[A-Za-z0-9_-]{1,128})?$/;

/** The one origin that the page calls for the assistant: a source in the Content-Security-Policy. */
export function assistantOrigin({ address }: { readonly address: string }): string {
  return new URL(address).origin;
}
