/**
 * The entry point of a login's process. It receives the tokens through its standard input, so that they are neither in
 * its arguments nor in its environment. It writes no output.
 */
import { url as debuggerUrl } from 'node:inspector';
import { text } from 'node:stream/consumers';
import { startLoginHolder } from './login-holder';
import type { Handover } from './wire';

// On SIGUSR1, Node.js would open its inspector, through which every user of the machine could read the memory of this
// process.
process.on('SIGUSR1', () => {});

process.title = 'leasehold-login';
process.umask(0o077);
process.chdir('/');

async function main(): Promise<void> {
  // The inspector is open because the signal arrived before this handler was registered.
  if (debuggerUrl() !== undefined) return;
  const holder = await startLoginHolder(JSON.parse(await text(process.stdin)) as Handover);
  if (!holder) return;
  // Closing the terminal must not end the login.
  process.on('SIGHUP', () => {});
  process.on('SIGINT', () => {});
  process.once('SIGTERM', () => holder.stop());
  await holder.ended;
}

main().then(
  () => process.exit(0),
  () => process.exit(1),
);
