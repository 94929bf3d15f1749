#!/usr/bin/env node
/** Starts the compiled command line. */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '..', 'dist', 'lib', 'cli', 'main.js');
if (existsSync(main)) {
  require(main);
} else {
  process.stderr.write(
    'error: Leasehold is not built yet\n  mend:     run `npm run build` in its folder, then try again.\n',
  );
  process.exitCode = 2;
}
