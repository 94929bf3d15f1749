/** `leasehold skill`: prints instructions for an agent. */
import { loadRolePowers } from '@leasehold/documents';
import type { Command } from 'commander';
import { agentPlaces, environmentOption, pathsArgument } from '../choose';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import { checkProject, soundDefinitions } from '../project';
import { renderSkill } from '../render/skill';
import type { Shell } from '../shell';

export function skill(command: Command, shell: Shell): void {
  command
    .description(
      "Writes the agent's instructions as Markdown with front matter: the rules and prohibitions for its system prompt, " +
        'how to request a lease, and for each role its parameters, what it can do and what it must not do. The instructions ' +
        'are generated from the definitions that are deployed.',
    )
    .addArgument(pathsArgument())
    .addOption(environmentOption())
    .option('--agent <name>', 'the agent; required if an environment has several')
    .action(
      shell.ends(async (paths: readonly string[], options: { env?: readonly string[]; agent?: string }) => {
        const definitions = soundDefinitions(await checkProject(paths, shell.host), shell);
        if (!definitions) return EXIT.findings;
        shell.host.out(renderSkill(agentPlaces(definitions, options), await loadRolePowers(definitions)));
        return EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold skill --env dev > SKILL.md', 'the instructions of the only agent, in one environment'],
      ['leasehold skill --agent builder', 'of one agent among several, in every environment'],
    ],
    exits: { 0: 'the instructions are on stdout', 1: 'the definitions have errors; nothing was written' },
  });
}
