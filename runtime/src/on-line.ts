/** Lines that come over a socket. */
import type { Socket } from 'node:net';

/**
 * Hands over each line that comes in, without its end; hangs up on whoever sends a longer one than `longest` bytes.
 * After a hang-up nothing more is heard.
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
