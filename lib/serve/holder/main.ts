/** The holder's process. It takes its folder as its only argument, writes nothing, and ends itself. */
import { url as debuggerUrl } from 'node:inspector';
import { startHolder } from './holder';

// At SIGUSR1 Node opens its inspector, through which every user of the machine can read what is in memory.
process.on('SIGUSR1', () => {});

const [folder] = process.argv.slice(2);
process.title = `leasehold-holder ${folder ?? ''}`;
process.umask(0o077);
process.chdir('/');

async function main(): Promise<void> {
  // The signal came before it was listened to.
  if (folder === undefined || debuggerUrl() !== undefined) return;
  const holder = await startHolder({ folder });
  if (!holder) return;
  // The end of a terminal is not the end of a lease.
  process.on('SIGHUP', () => {});
  process.on('SIGINT', () => {});
  process.once('SIGTERM', () => holder.stop());
  await holder.ended;
}

main().catch(() => {
  process.exitCode = 1;
});
