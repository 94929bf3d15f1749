/** The `leasehold` process. */
import { processHost } from './host';
import { run } from './program';

// Sets the exit code instead of exiting, so that pending output is still written to a pipe.
void run(process.argv.slice(2), processHost()).then((code) => {
  process.exitCode = code;
});
