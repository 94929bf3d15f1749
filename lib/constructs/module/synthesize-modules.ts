/** Writes definitions to disk as plain Terraform modules. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import { hasConsole, iamRegion, stackName } from '@leasehold/documents';
import { BROKER_ARCHIVE, brokerPackage, CONSOLE_ARCHIVE, consolePackage } from '../broker/package';
import { importId } from './import-ids';
import type { ModuleVariable } from './module-variables';
import { type Resources, terraformModule } from './terraform-module';

/** An environment from which a module is built. */
export interface OpenEnvironment {
  readonly environment: Environment;
  /** The variables that the root module may set. */
  readonly variables: readonly ModuleVariable[];
}

export interface SynthesizeModulesOptions {
  /** Folder to write to. */
  readonly outdir: string;
  /** Path of the broker functions' code. @default the bundle in the Leasehold package */
  readonly brokerCode?: string;
  /** Folder of the console functions' code and files. @default the bundle in the Leasehold package */
  readonly consoleCode?: string;
  /**
   * Name of the `module` block in the root module. If given, `import` blocks for the root module are written next to
   * the module.
   */
  readonly importsFor?: string;
}

/** A module that was written. */
export interface SynthesizedModule {
  /** For example `hermes-dev`. */
  readonly name: string;
  readonly directory: string;
  /** Path of the file with `import` blocks, if they were requested. */
  readonly imports?: string;
  /** Addresses of the resources that have no `import` block, because AWS generates their ids. */
  readonly notImported: readonly string[];
}

/**
 * Writes one module for each environment without checking the guardrails. Call it only with definitions that have
 * passed `checkDefinitions`. The same input always results in the same bytes, on any machine and in any folder.
 */
export function synthesizeModulesUnchecked(
  environments: readonly OpenEnvironment[],
  { outdir, brokerCode, consoleCode, importsFor }: SynthesizeModulesOptions,
): readonly SynthesizedModule[] {
  return environments.map(({ environment, variables }) => {
    const name = stackName(environment);
    const directory = join(outdir, name);
    const code = defined({ brokerCode, consoleCode });
    const json = terraformModule({ environment, variables, ...code });
    mkdirSync(directory, { recursive: true });
    write(join(directory, 'main.tf.json'), { '//': NOTICE, ...json });
    if (environment.broker)
      writeFileSync(join(directory, BROKER_ARCHIVE), brokerPackage(environment, brokerCode).bytes);
    if (hasConsole(environment)) writeFileSync(join(directory, CONSOLE_ARCHIVE), consolePackage(consoleCode).bytes);
    if (importsFor === undefined) return { name, directory, notImported: [] };
    const imports = join(outdir, `${name}.imports.tf.json`);
    const { blocks, notImported } = importBlocks(json.resource, environment, importsFor);
    write(imports, { '//': IMPORTS_NOTICE, import: blocks });
    return { name, directory, imports, notImported };
  });
}

const NOTICE = 'Written by `leasehold synth --module`. Change the definitions, not this file.';
const IMPORTS_NOTICE = 'Move this file into the root module, run an apply once, then remove the file.';

function importBlocks(resources: Resources, environment: Environment, module: string) {
  const blocks: { readonly to: string; readonly id: string }[] = [];
  const notImported: string[] = [];
  for (const [type, named] of Object.entries(resources)) {
    for (const [name, attributes] of Object.entries(named)) {
      const to = `module.${module}.${type}.${name}`;
      const region = regionOf(attributes.provider, environment);
      const id = importId(type, attributes, { ...environment, region });
      if (id === undefined) notImported.push(to);
      else blocks.push({ to, id });
    }
  }
  return { blocks, notImported };
}

/**
 * The region of a resource's provider: the environment's region, or the region in which CloudTrail delivers IAM's
 * events.
 */
function regionOf(provider: unknown, { partition, region }: Environment): string {
  return provider === undefined || provider === 'aws' ? region : iamRegion(partition);
}

function write(path: string, json: object): void {
  writeFileSync(path, `${JSON.stringify(json, undefined, 2)}\n`);
}
