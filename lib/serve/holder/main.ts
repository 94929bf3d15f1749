/**
 * The entry point of the holder process. The only argument is the holder's folder. The process does not write any
 * output and exits by itself.
 */
import { url as debuggerUrl } from 'node:inspector';
import { startHolder } from './holder';

// On SIGUSR1, Node.js would open its inspector, through which every user of the machine could read the memory of this
// process.
process.on('SIGUSR1', () => {});

const [folder] = process.argv.slice(2);
process.title = `leasehold-holder ${folder ?? ''}`;
process.umask(0o077);
process.chdir('/');

async function main(): Promise<void> {
  // The inspector is open because the signal arrived before this handler was registered.
  if (folder === undefined || debuggerUrl() !== undefined) return;
  const holder = await startHolder({ folder });
  if (!holder) return;
  // Closing the terminal must not end the lease.
  process.on('SIGHUP', () => {});
  process.on('SIGINT', () => {});
  process.once('SIGTERM', () => holder.stop());
  await holder.ended;
}

main().catch(() => {
  process.exitCode = 1;
});
