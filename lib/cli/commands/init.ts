/** `leasehold init [dir]`: a starter project in an empty folder. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import type { Shell } from '../shell';
import { layStarter } from '../starter/lay';

export function init(command: Command, shell: Shell): void {
  command
    .description(
      'Lays a commented starter project in an empty folder, which is made if it is missing: the definitions of a ' +
        'project with one role, valid as they stand, and what cdktf-cli needs to deploy them. Overwrites nothing.',
    )
    .argument('[dir]', 'the folder', '.')
    .action(
      shell.ends(async (dir: string) => {
        const paths = layStarter(resolve(shell.host.cwd, dir));
        shell.host.out(paths.map((path) => `${join(dir, path)}\n`).join(''));
        shell.host.err(
          `\nNext: read ${join(dir, 'README.md')}, put your account into ${join(dir, 'roles/project.yaml')}.\n`,
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
