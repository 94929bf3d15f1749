/** `leasehold manifest`: writes the manifest without Terraform. A client reads this file before it requests a lease. */
import { resolve } from 'node:path';
import type { Environment } from '@leasehold/definitions';
import { hasBroker, manifest as manifestOf, stackName } from '@leasehold/documents';
import { type Command, Option } from 'commander';
import { chooseEnvironment, pathsArgument } from '../choose';
import { EXIT, UsageError } from '../exit';
import { explainHelp } from '../help';
import { checkProject, soundDefinitions } from '../project';
import { jsonText } from '../render/json';
import type { Shell } from '../shell';

interface Options {
  readonly env?: string;
  readonly brokerUrl?: string;
  readonly outputs?: string;
}

export function manifest(command: Command, shell: Shell): void {
  command
    .description(
      'Writes the manifest of one environment as JSON: the agents, roles, parameters and devices that a client ' +
        'needs before it requests a lease. It contains no secret. The definitions determine the whole manifest except the ' +
        'address of the broker, which AWS generates at the first apply: set it with --broker-url, or read it from ' +
        "Terraform's output with --outputs.",
    )
    .addArgument(pathsArgument())
    .option('--env <name>', 'the environment; required if there are several')
    .addOption(new Option('--broker-url <url>', 'the address of the broker, with its stage').conflicts('outputs'))
    .option('--outputs <file>', 'a file that `terraform output -json` wrote: the address of the broker is read from it')
    .action(
      shell.ends(async (paths: readonly string[], options: Options) => {
        const definitions = soundDefinitions(await checkProject(paths, shell.host), shell);
        if (!definitions) return EXIT.findings;
        const environment = chooseEnvironment(definitions, options.env);
        const url = brokerUrl(options, environment, shell);
        // A manifest that the runtime's parser rejects is not written.
        const written = manifestOf(environment, url);
        demandReadable(written, options);
        shell.host.out(jsonText(written));
        return EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold manifest --env dev > leasehold.json', 'where no broker is deployed'],
      [
        'leasehold manifest --env dev --outputs outputs.json > leasehold.json',
        'after `terraform output -json > outputs.json`',
      ],
    ],
    exits: { 0: 'the manifest is on stdout', 1: 'the definitions have errors; nothing was written' },
  });
}

/**
 * Checks that the runtime can read the manifest.
 * @throws UsageError. The message does not contain the address, because the address may contain a password.
 */
function demandReadable(written: object, { brokerUrl: named }: Options): void {
  try {
    runtime().readManifest(written);
  } catch (error) {
    if (named === undefined) throw error;
    throw new UsageError(
      '--broker-url is not the address of a broker',
      {
        expected: 'an https address with the stage, without user, query or fragment',
        hint: 'Give the address that `terraform output -json leasehold` shows under broker.url.',
      },
      error,
    );
  }
}

/** Loaded on demand. */
function runtime(): typeof import('@leasehold/runtime') {
  return require('@leasehold/runtime');
}

/** The address of the environment's broker, if the environment has a broker and the address is known. */
function brokerUrl({ brokerUrl: named, outputs }: Options, environment: Environment, shell: Shell): string | undefined {
  if (!hasBroker(environment)) {
    if (named === undefined) return undefined;
    throw new UsageError(`environment ${environment.name} has no broker`, {
      hint: 'Leave out --broker-url, or add a document of `kind: Broker` to the definitions.',
    });
  }
  const found = named ?? (outputs === undefined ? undefined : urlIn(outputs, environment, shell));
  if (found === undefined) {
    shell.host.err(
      `${shell.err('yellow', 'note:')} the manifest has no address of the broker: roles with \`gate: broker\` cannot be leased with it\n` +
        '  hint:     after the first apply, add --broker-url or --outputs\n',
    );
  }
  return found;
}

function urlIn(file: string, environment: Environment, { host }: Shell): string {
  const { broker, stack } = runtime().readManifest(resolve(host.cwd, file));
  if (stack !== stackName(environment)) {
    throw new UsageError(`${file} is the output of stack ${stack}, not of ${stackName(environment)}`, {
      hint: `Run \`terraform output -json\` in the folder of ${stackName(environment)}.`,
    });
  }
  if (broker !== undefined) return broker.url;
  throw new UsageError(`${file} has no address of a broker`, {
    hint: 'Apply the stack with its broker, then run `terraform output -json` again.',
  });
}
