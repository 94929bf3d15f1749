/** `leasehold synth`: definitions → Terraform stacks, and one table of what they hold. */
import type { Command } from 'commander';
import { environmentOption, pathsArgument } from '../choose';
import { EXIT, UsageError } from '../exit';
import { explainHelp } from '../help';
import { synthesizeProjectModules } from '../module-synthesis';
import type { Shell } from '../shell';
import { synthesizeProject } from '../synthesis';

interface Options {
  readonly env?: readonly string[];
  readonly out?: string;
  readonly module?: boolean;
  readonly imports?: string;
}

export function synth(command: Command, shell: Shell): void {
  command
    .description(
      'Checks the definitions, writes one Terraform stack an environment, and sums up the roles in one table. With ' +
        'errors nothing is written. As the `app` of a cdktf.json it serves `cdktf synth`, `cdktf diff` and `cdktf deploy`. ' +
        'With --module it writes one plain Terraform module an environment, for a root that you have already.',
    )
    .addArgument(pathsArgument())
    .addOption(environmentOption())
    .option(
      '--out <folder>',
      'where to write (default: CDKTF_OUTDIR, which cdktf-cli sets, else "cdktf.out"; with --module "modules")',
    )
    .option('--module', 'modules without provider and backend, in place of stacks')
    .option(
      '--imports <name>',
      'with --module: also `import` blocks for a root that calls the module by this name, to take over what exists',
    )
    .action(
      shell.ends(async (paths: readonly string[], { env, out, module, imports }: Options) => {
        if (imports !== undefined && !module) {
          throw new UsageError('--imports goes with --module', { hint: 'Add --module, or leave out --imports.' });
        }
        const synthesize = module ? synthesizeProjectModules : synthesizeProject;
        return (await synthesize({ paths, env, out, imports }, shell)) ? EXIT.fine : EXIT.findings;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold synth', 'every environment, into cdktf.out/'],
      ['leasehold synth --env dev --out build', 'one environment, into another folder'],
      ['leasehold synth --module', 'every environment as a module, into modules/'],
      ['cdktf deploy hermes-dev', 'with "app": "npx --no -- leasehold synth" in cdktf.json'],
    ],
    exits: {
      0: 'the stacks are written; the table is on stdout',
      1: 'the definitions have errors; nothing was written',
    },
  });
}
