/** `leasehold start`: checks a project and shows an overview of it. */
import type { Command } from 'commander';
import { DEFAULT_PATH } from '../choose';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import { renderNextSteps } from '../render/next-steps';
import { renderTally } from '../render/report';
import type { Shell } from '../shell';
import { synthesizeProject } from '../synthesis';

export function start(command: Command, shell: Shell): void {
  command
    .description('Validates, synthesizes and summarizes the project in the working directory, and shows the next step.')
    .action(
      shell.ends(async () => {
        const synthesis = await synthesizeProject({ paths: [DEFAULT_PATH] }, shell);
        if (!synthesis) return EXIT.findings;
        const { project, definitions, stacks } = synthesis;
        const { host, out } = shell;
        host.out(`\n${renderTally(project, out)}\n\n${renderNextSteps(definitions, stacks, host.cwd, out)}`);
        return EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [['leasehold start', 'what `npm start` runs']],
    exits: { 0: 'the stacks are written', 1: 'the definitions have errors; nothing was written' },
  });
}
