/** `leasehold init [dir]`: a starter project. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import type { Shell } from '../shell';
import { layStarter } from '../starter/lay';

export function init(command: Command, shell: Shell): void {
  command
    .description(
      'Writes a commented starter project into a folder: valid definitions with one role, what cdktf-cli needs to deploy ' +
        'them, an agent, workflows that review pull requests, and a broker to copy. Makes the folder if it is missing, ' +
        'and overwrites nothing: a package.json and a .gitignore that exist get what they lack.',
    )
    .argument('[dir]', 'the folder', '.')
    .action(
      shell.ends(async (dir: string) => {
        const { created, completed } = layStarter(resolve(shell.host.cwd, dir));
        const { out, err } = shell.host;
        out([...created, ...completed].map((path) => `${join(dir, path)}\n`).join(''));
        if (completed.length > 0) err(`\nAdded what was missing to ${completed.join(' and ')}.\n`);
        const guide = created.find((path) => /^(README|LEASEHOLD)\.md$/.test(path)) ?? 'README.md';
        const install = dir === '.' ? 'npm install' : `cd ${dir} && npm install`;
        err(
          `\nNext: run \`${install}\`, put your account into ${join(dir, 'roles/project.yaml')}, read ${join(dir, guide)}.\n`,
        );
        return EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold init my-agent', 'a new folder with a starter project'],
      ['leasehold init', 'the same, in the working directory'],
    ],
    exits: { 0: 'the files were written; stdout names them' },
  });
}
