/** Reads lines from a socket. */
import type { Socket } from 'node:net';

/**
 * Calls `heard` with each line, without its line break. If a line exceeds `longest` bytes, closes the connection and
 * does not read further data.
 */
export function onLine(connection: Socket, longest: number, heard: (line: string) => void): void {
  let held: Buffer = Buffer.alloc(0);
  connection.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    for (let end = held.indexOf('\n'); end !== -1 && end <= longest; end = held.indexOf('\n')) {
      if (connection.destroyed) return;
      const line = held.toString('utf8', 0, end);
      held = held.subarray(end + 1);
      heard(line);
    }
    if (held.length > longest) connection.destroy();
  });
}
