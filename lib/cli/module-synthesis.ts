/** Implements `synth --module`: checks the project, writes modules, and prints a summary. */
import { resolve } from 'node:path';
import type { OpenEnvironment } from '@leasehold/constructs';
import { defined } from '@leasehold/contract/defined';
import { type Definitions, type Environment, loadDefinitions } from '@leasehold/definitions';
import { loadRolePowers } from '@leasehold/documents';
import { chooseEnvironments } from './choose';
import { UsageError } from './exit';
import { checkProject, soundDefinitions } from './project';
import { renderSummary } from './render/summary';
import { shownPath } from './render/text';
import type { Shell } from './shell';
import { functionCode, type SynthesisOptions } from './synthesis';

export interface ModuleOptions extends SynthesisOptions {
  /**
   * Name of the module call in the root configuration, for `import` blocks.
   * @default no `import` blocks
   */
  readonly imports?: string | undefined;
}

/** Default output folder. */
const FOLDER = 'modules';

/**
 * Checks a project and writes its Terraform modules. If the definitions have errors, returns undefined and does not
 * write any files.
 */
export async function synthesizeProjectModules(options: ModuleOptions, shell: Shell): Promise<Definitions | undefined> {
  const { host, out } = shell;
  const { imports } = options;
  if (imports !== undefined && !/^[A-Za-z_][A-Za-z0-9_-]*$/.test(imports)) {
    throw new UsageError('--imports is not the name of a module call', {
      expected: 'the label of the `module` block in the root, for example agents',
      hint: 'Name it as in `module "agents" { … }`: --imports agents',
    });
  }
  const definitions = soundDefinitions(await checkProject(options.paths, host), shell);
  if (!definitions) return undefined;
  const environments = chooseEnvironments(definitions, options.env);
  const { moduleVariables, synthesizeModulesUnchecked } =
    require('@leasehold/constructs') as typeof import('@leasehold/constructs');
  const open = openEnvironments(environments, options.paths, host.cwd, moduleVariables);
  const modules = synthesizeModulesUnchecked(open, {
    outdir: resolve(host.cwd, options.out ?? FOLDER),
    ...defined({ importsFor: imports }),
    ...functionCode(),
  });
  for (const { directory, imports: file, notImported } of modules) {
    host.err(`wrote ${shownPath(directory, host.cwd)}\n`);
    if (file !== undefined) host.err(`wrote ${shownPath(file, host.cwd)}\n`);
    if (notImported.length > 0) {
      const lines = notImported.map((address) => `  ${address}\n`).join('');
      host.err(`note: AWS makes up the ids of these resources; move them with \`terraform state mv\`:\n${lines}`);
    }
  }
  host.err('\n');
  host.out(renderSummary(environments, await loadRolePowers(definitions), out, host.outColumns));
  return definitions;
}

/**
 * The environments, with some values replaced by variables that the caller of the module sets. An environment with a
 * broker has no such variables, because the function's copy of the definitions must contain the same values as the
 * deployed policies.
 */
function openEnvironments(
  environments: readonly Environment[],
  paths: readonly string[],
  cwd: string,
  moduleVariables: typeof import('@leasehold/constructs').moduleVariables,
): readonly OpenEnvironment[] {
  return environments.map((environment) => {
    if (environment.broker) return { environment, variables: [] };
    const values: Record<string, string> = {};
    loadDefinitions(paths, {
      cwd,
      variable: (of, name, value) => {
        if (of === environment.name) values[name] = value;
        return value;
      },
    });
    const variables = moduleVariables(values);
    const texts = new Map(variables.map(({ name, text }) => [name, text]));
    const { definitions } = loadDefinitions(paths, {
      cwd,
      variable: (of, name, value) => (of === environment.name ? (texts.get(name) ?? value) : value),
    });
    const opened = definitions?.environments.find(({ name }) => name === environment.name);
    if (opened === undefined) return { environment, variables: [] };
    const used = JSON.stringify(opened);
    return { environment: opened, variables: variables.filter(({ text }) => used.includes(text)) };
  });
}
