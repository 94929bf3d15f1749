/** `leasehold init [dir]`: writes a starter project, or adds ready-made roles to an existing project. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { onOneLine } from '@leasehold/contract/text';
import { loadDefinitions } from '@leasehold/definitions';
import type { Command } from 'commander';
import { collect, DEFAULT_PATH } from '../choose';
import { EXIT } from '../exit';
import { gateFor } from '../gate';
import { explainHelp } from '../help';
import type { Shell } from '../shell';
import { type ExternalYaml, externalText } from '../starter/external-text';
import { BROKER_YAML, needsBroker, type Recipe, recipeOf, recipes, recipeText } from '../starter/recipes';
import { type Laid, layStarter, writeNew } from '../starter/write-starter';

interface Options {
  readonly recipe?: readonly string[];
  readonly recipes?: boolean;
}

export function init(command: Command, shell: Shell): void {
  command
    .description(
      'Writes a commented starter project into a folder: valid definitions with one role, what cdktf-cli needs to ' +
        'deploy them, an agent, workflows that review pull requests, and an example of a broker. With --recipe the ' +
        'project has that ready-made role instead; in a folder with a project the role is added to that project. Creates the ' +
        'folder if it is missing, and overwrites nothing: an existing package.json or .gitignore gets only the ' +
        'missing entries.',
    )
    .argument('[dir]', 'the folder', '.')
    .option('--recipe <name>', 'a ready-made role of the library; may be repeated', collect)
    .option('--recipes', 'list the library and write nothing')
    .action(
      shell.ends(async (dir: string, options: Options) => {
        const { host } = shell;
        if (options.recipes) {
          host.out(
            recipes()
              .map(({ name, title }) => `${name.padEnd(WIDTH)}${title}\n`)
              .join(''),
          );
          return EXIT.fine;
        }
        const chosen = [...new Set(options.recipe ?? [])].map(recipeOf);
        const folder = resolve(host.cwd, dir);
        if (chosen.length > 0 && existsSync(join(folder, DEFAULT_PATH))) {
          host.out(told(add(chosen, folder, shell), dir));
          host.err(nextOf(chosen, dir));
          return EXIT.fine;
        }
        const { created, completed } = lay(chosen, folder, shell);
        host.out(told([...created, ...completed], dir));
        if (completed.length > 0) host.err(`\nAdded what was missing to ${completed.join(' and ')}.\n`);
        const guide = created.find((path) => /^(README|LEASEHOLD)\.md$/.test(path)) ?? 'README.md';
        const install = dir === '.' ? 'npm install' : `cd ${dir} && npm install`;
        host.err(
          `\nNext: run \`${install}\`, put your account into ${join(dir, 'roles/project.yaml')}, read ${join(dir, guide)}.\n`,
        );
        return EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold init my-agent', 'a new folder with a starter project'],
      ['leasehold init', 'the same, in the working directory'],
      ['leasehold init --recipe ecs-deploy', 'a ready-made role, in a new project or in an existing one'],
      ['leasehold init --recipes', 'list the ready-made roles'],
    ],
    exits: { 0: 'the files were written; stdout names them' },
  });
}

function told(paths: readonly string[], dir: string): string {
  return paths.map((path) => `${join(dir, path)}\n`).join('');
}

const WIDTH = 24;
/** Days until a recipe's waivers expire and must be reviewed. */
const WAIVED_DAYS = 180;

/** Writes a new project with the chosen recipes or, if no recipe is chosen, with the starter's role. */
function lay(chosen: readonly Recipe[], folder: string, { host }: Shell): Laid {
  if (chosen.length === 0) return layStarter(folder);
  const broker = chosen.some(needsBroker) ? [{ path: 'roles/broker.yaml', text: BROKER_YAML }] : [];
  return layStarter(folder, {
    definitions: [...filesOf(chosen, 'mfa', host.today), ...broker],
    variables: Object.assign({}, ...chosen.map(({ variables }) => variables)),
    external: externalOf(chosen),
  });
}

/** Adds the recipes to an existing project. The new roles get a gate that the project's agents can use. */
function add(chosen: readonly Recipe[], folder: string, { host }: Shell): readonly string[] {
  const { definitions } = loadDefinitions([DEFAULT_PATH], { cwd: folder });
  const files = filesOf(chosen, gateFor(definitions), host.today);
  writeNew(folder, files);
  return files.map(({ path }) => path);
}

function filesOf(chosen: readonly Recipe[], gate: 'mfa' | 'broker', today: string) {
  const until = new Date(Date.parse(`${today}T00:00:00Z`) + WAIVED_DAYS * 86_400_000).toISOString().slice(0, 10);
  return chosen.map((recipe) => ({
    path: `${DEFAULT_PATH}/${recipe.name}.yaml`,
    text: recipeText(recipe, { gate, until }),
  }));
}

/** The external roles (not managed by Leasehold) that the recipes pass or assume. */
function externalOf(chosen: readonly Recipe[]): ExternalYaml {
  return Object.assign({}, ...chosen.map(({ external }) => external));
}

/** The remaining steps for a project that already existed. */
function nextOf(chosen: readonly Recipe[], dir: string): string {
  const variables = Object.entries<string>(Object.assign({}, ...chosen.map((recipe) => recipe.variables)));
  const external = externalText(externalOf(chosen));
  const lines = variables.map(([name, value]) => `      ${name}: ${JSON.stringify(value)}`);
  return [
    '',
    ...(lines.length === 0
      ? []
      : [
          `Next: put these variables into each environment of ${onOneLine(join(dir, DEFAULT_PATH))}, with values of your own:`,
          '    variables:',
          ...lines,
        ]),
    ...(external === ''
      ? []
      : [
          'Declare the roles that a lease passes or assumes in the project, each with the most that it may do:',
          ...external.trimEnd().split('\n'),
        ]),
    ...(chosen.some(needsBroker)
      ? ['Only a broker opens some of these roles: the project needs a document of `kind: Broker`.']
      : []),
    ...chosen.map(({ name, cannot }) => `${name}: ${cannot}`),
    'Then run `leasehold validate`.',
    '',
  ].join('\n');
}
