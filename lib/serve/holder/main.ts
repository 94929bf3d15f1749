/** The entry point of the holder process. Its only argument is its folder. It writes no output and exits by itself. */
import { url as debuggerUrl } from 'node:inspector';
import { startHolder } from './holder';

// On SIGUSR1 Node.js opens its inspector, through which every user of the machine could read its memory.
process.on('SIGUSR1', () => {});

const [folder] = process.argv.slice(2);
process.title = `leasehold-holder ${folder ?? ''}`;
process.umask(0o077);
process.chdir('/');

async function main(): Promise<void> {
  // The signal arrived before this handler was registered.
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
