/** `leasehold synth`: writes Terraform stacks from the definitions, and prints a table of their roles. */
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
      'Checks the definitions, writes one Terraform stack per environment, and summarises the roles in one table. ' +
        'If there are errors, nothing is written. If this command is the `app` in cdktf.json, `cdktf synth`, `cdktf diff` and ' +
        '`cdktf deploy` run it. With --module it writes one plain Terraform module per environment, for an existing ' +
        'root module.',
    )
    .addArgument(pathsArgument())
    .addOption(environmentOption())
    .option(
      '--out <folder>',
      'where to write (default: CDKTF_OUTDIR, which cdktf-cli sets, else "cdktf.out"; with --module "modules")',
    )
    .option('--module', 'write modules without provider and backend instead of stacks')
    .option(
      '--imports <name>',
      'with --module: also `import` blocks for a root that calls the module by this name, to take over existing ' +
        'resources',
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
