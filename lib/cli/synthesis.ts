/** Code shared by `synth` and `start`: checks the project, writes the stacks, and prints a summary. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SynthesizedStack } from '@leasehold/constructs';
import type { Definitions } from '@leasehold/definitions';
import { loadRolePowers } from '@leasehold/documents';
import type { CheckedProject } from './checked-project';
import { chooseEnvironments } from './choose';
import { checkProject, soundDefinitions } from './project';
import { renderSummary } from './render/summary';
import { shownPath } from './render/text';
import type { Shell } from './shell';

export interface SynthesisOptions {
  readonly paths: readonly string[];
  /**
   * Names of environments.
   * @default all environments
   */
  readonly env?: readonly string[] | undefined;
  /**
   * Output folder.
   * @default `CDKTF_OUTDIR`, else `cdktf.out`
   */
  readonly out?: string | undefined;
}

/** The code of the broker's function in the published package. In a clone, the constructs package contains the code. */
const BROKER_CODE = join(__dirname, 'broker-function.js');
/** The console's function in the published package: its code, and the built console in the folder `site`. */
export const CONSOLE_CODE = join(__dirname, 'console-function');

/** The code of the functions, if this is the published package. */
export function functionCode(): { readonly brokerCode?: string; readonly consoleCode?: string } {
  return {
    ...(existsSync(BROKER_CODE) ? { brokerCode: BROKER_CODE } : {}),
    ...(existsSync(CONSOLE_CODE) ? { consoleCode: CONSOLE_CODE } : {}),
  };
}

/** A checked project and the stacks that were written for it. */
export interface Synthesis {
  readonly project: CheckedProject;
  readonly definitions: Definitions;
  readonly stacks: readonly SynthesizedStack[];
}

/**
 * Checks a project and writes its stacks. Findings, waivers and stacks are printed to stderr, the table to stdout. If
 * the definitions have errors, returns undefined and does not write any files.
 */
export async function synthesizeProject(options: SynthesisOptions, shell: Shell): Promise<Synthesis | undefined> {
  const { host, out } = shell;
  const project = await checkProject(options.paths, host);
  const definitions = soundDefinitions(project, shell);
  if (!definitions) return undefined;
  const environments = chooseEnvironments(definitions, options.env);
  // CDKTF takes longer to load than everything else together, so it is loaded only for writing stacks.
  const { synthesizeUnchecked } = require('@leasehold/constructs') as typeof import('@leasehold/constructs');
  const stacks = synthesizeUnchecked(definitions, {
    outdir: resolve(host.cwd, options.out ?? host.env.CDKTF_OUTDIR ?? 'cdktf.out'),
    environments: environments.map(({ name }) => name),
    ...functionCode(),
  });
  // cdktf-cli itself reports the written files, and shows every line on stderr as an error.
  if (options.out !== undefined || host.env.CDKTF_OUTDIR === undefined) {
    host.err(`${stacks.map(({ directory }) => `wrote ${shownPath(directory, host.cwd)}\n`).join('')}\n`);
  }
  host.out(renderSummary(environments, await loadRolePowers(definitions), out, host.outColumns));
  return { project, definitions, stacks };
}
