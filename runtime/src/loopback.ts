/** The loopback addresses. Plain HTTP is permitted for these addresses. */

/** Whether a host, as the URL parser writes it, is on the loopback interface. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
