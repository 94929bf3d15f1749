/** The `leasehold` process. */
import { processHost } from './host';
import { run } from './program';

// The exit code is set, not forced: what is still on its way to a pipe arrives.
void run(process.argv.slice(2), processHost()).then((code) => {
  process.exitCode = code;
});
