/** `leasehold can <role>`: shows all permissions of a role. */
import { loadRolePowers } from '@leasehold/documents';
import type { Command } from 'commander';
import { chooseEnvironments, chooseRoles, DEFAULT_PATH, environmentOption, rolesOption } from '../choose';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import { openProject } from '../project';
import { jsonText } from '../render/json';
import { powersJson, renderPowers } from '../render/powers';
import type { Shell } from '../shell';

interface Options {
  readonly env?: readonly string[];
  readonly json?: boolean;
  readonly roles?: readonly string[];
}

export function can(command: Command, shell: Shell): void {
  command
    .description(
      'Lists everything that a role can do, by service and access, with every wildcard expanded and the resources and ' +
        'conditions of each action. sts:GetScopedCredentials, which every lease may call to reduce its own permissions, is not listed.',
    )
    .argument('<role>', 'the role')
    .addOption(environmentOption())
    .option('--json', 'the list as JSON')
    .addOption(rolesOption())
    .action(
      shell.ends(async (name: string, options: Options) => {
        const definitions = openProject(options.roles ?? [DEFAULT_PATH], shell);
        if (!definitions) return EXIT.findings;
        const powersOf = await loadRolePowers(definitions);
        const places = chooseRoles(chooseEnvironments(definitions, options.env), name).map((place) => ({
          ...place,
          powers: powersOf(place.role),
        }));
        shell.host.out(
          options.json
            ? jsonText(powersJson(places))
            : places.map((place) => renderPowers(place, place.powers, shell.out, shell.host.outColumns)).join('\n'),
        );
        return EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold can ec2-read', 'in every environment'],
      ['leasehold can s3-deploy --env prod --json', 'in one environment, as JSON'],
    ],
    exits: { 0: 'the list is on stdout', 1: 'the definitions cannot be read' },
  });
}
