/** Copies the pages that the command line shows, and the schema that editors read, into its package. */
const { cpSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const pages = join(root, 'lib', 'cli', 'docs');

rmSync(pages, { recursive: true, force: true });
for (const name of ['findings', 'guardrails', 'recipes', 'schema', 'openapi.json']) {
  cpSync(join(root, 'docs', name), join(pages, name), { recursive: true });
}
