/** `leasehold synth`: definitions → Terraform stacks, and one table of what they hold. */
import type { Command } from 'commander';
import { environmentOption, pathsArgument } from '../choose';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import type { Shell } from '../shell';
import { synthesizeProject } from '../synthesis';

interface Options {
  readonly env?: readonly string[];
  readonly out?: string;
}

export function synth(command: Command, shell: Shell): void {
  command
    .description(
      'Checks the definitions, writes one Terraform stack an environment, and sums up the roles in one table. With ' +
        'errors nothing is written. As the `app` of a cdktf.json it serves `cdktf synth`, `cdktf diff` and `cdktf deploy`.',
    )
    .addArgument(pathsArgument())
    .addOption(environmentOption())
    .option('--out <folder>', 'where to write (default: CDKTF_OUTDIR, which cdktf-cli sets, else "cdktf.out")')
    .action(
      shell.ends(async (paths: readonly string[], { env, out }: Options) =>
        (await synthesizeProject({ paths, env, out }, shell)) ? EXIT.fine : EXIT.findings,
      ),
    );
  explainHelp(command, {
    examples: [
      ['leasehold synth', 'every environment, into cdktf.out/'],
      ['leasehold synth --env dev --out build', 'one environment, into another folder'],
      ['cdktf deploy hermes-dev', 'with "app": "npx --no -- leasehold synth" in cdktf.json'],
    ],
    exits: {
      0: 'the stacks are written; the table is on stdout',
      1: 'the definitions have errors; nothing was written',
    },
  });
}
