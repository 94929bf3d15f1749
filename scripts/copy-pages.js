/** Copies the pages that the command line prints, the schema that editors read, and the scripts for CI into its package. */
const { cpSync, readdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const cli = join(root, 'lib', 'cli');
const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const copied = {
  docs: [...pages, 'findings', 'guardrails', 'recipes', 'schema', 'openapi.json'],
  examples: ['ci'],
};

for (const [folder, names] of Object.entries(copied)) {
  rmSync(join(cli, folder), { recursive: true, force: true });
  for (const name of names) cpSync(join(root, folder, name), join(cli, folder, name), { recursive: true });
}
