/** `leasehold graph`: who can reach what. */
import type { Command } from 'commander';
import { chooseEnvironments, environmentOption, pathsArgument } from '../choose';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import { openProject } from '../project';
import { renderGraph } from '../render/graph';
import type { Shell } from '../shell';

export function graph(command: Command, shell: Shell): void {
  command
    .description(
      'Draws a Mermaid flowchart that shows who can access what: approvers, agents, gates, roles and the resources of each role.',
    )
    .addArgument(pathsArgument())
    .addOption(environmentOption())
    .action(
      shell.ends(async (paths: readonly string[], { env }: { env?: readonly string[] }) => {
        const definitions = openProject(paths, shell);
        if (!definitions) return EXIT.findings;
        shell.host.out(renderGraph(chooseEnvironments(definitions, env)));
        return EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold graph', 'every environment'],
      ['leasehold graph --env prod > prod.mmd', 'one environment, into a file'],
    ],
    exits: { 0: 'the flowchart is on stdout', 1: 'the definitions cannot be read' },
  });
}
