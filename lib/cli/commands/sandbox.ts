/** `leasehold sandbox [paths…]`: runs a local AWS endpoint that enforces the deployed policies. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import type { Definitions, Environment } from '@leasehold/definitions';
import { type Sandbox, type SandboxSource, startSandbox } from '@leasehold/sandbox';
import { tellStory } from '@leasehold/sandbox/demo';
import { type Command, Option } from 'commander';
import { chooseEnvironment, collect, pathsArgument } from '../choose';
import { EXIT, type ExitCode } from '../exit';
import { explainHelp } from '../help';
import { openProject } from '../project';
import { jsonText } from '../render/json';
import { exportLines, renderEvent, renderScene } from '../render/sandbox';
import { interrupted, port } from '../serving';
import type { Shell } from '../shell';

interface Options {
  readonly port?: number;
  readonly backing?: string;
  readonly log?: string;
  readonly env?: string;
  readonly stack?: readonly string[];
  readonly applied?: boolean;
  readonly demo?: boolean;
  readonly manifest?: string;
}

export function sandbox(command: Command, shell: Shell): void {
  command
    .description(
      'Starts a server on the loopback interface that responds like AWS: it verifies signatures, opens leases with ' +
        'MFA, and allows or denies every call according to the deployed policies. The server also accepts definitions that violate ' +
        'guardrails; `leasehold validate` reports such definitions. Prints the environment variables ' +
        'with which any AWS client uses this server, and runs until it is interrupted. Needs no AWS account and no Docker.',
    )
    .addArgument(pathsArgument())
    .option('--port <number>', 'the port; default: a free one', port)
    .option(
      '--backing <url>',
      'a moto server that receives allowed calls; without it, the sandbox answers them with a receipt',
    )
    .option('--log <file>', 'append every call, as a CloudTrail event with its verdict, to this file')
    .option(
      '--manifest <file>',
      'write the stack’s `leasehold` output there, for `leasehold exec` and `serve`; default: a file that is ' +
        'deleted when the sandbox ends. The printed variable LEASEHOLD_MANIFEST contains its path',
    )
    .option('--env <name>', 'the environment whose agent the printed keys belong to; default: the first')
    .addOption(
      new Option('--stack <file>', 'read a synthesized stack, cdk.tf.json; may be repeated').argParser(collect),
    )
    .addOption(
      new Option('--applied', 'read the state that Terraform applied to the backing server').conflicts([
        'stack',
        'demo',
      ]),
    )
    .addOption(
      new Option('--demo', 'show one lease from the request to its end, in a minute, and exit').conflicts([
        'stack',
        'backing',
        'port',
        'manifest',
      ]),
    )
    .action(
      shell.ends((paths: readonly string[], options: Options) =>
        options.demo ? demo(paths, options, shell) : serve(paths, options, shell),
      ),
    );
  explainHelp(command, {
    examples: [
      ['leasehold sandbox --demo', 'a demonstration of one minute'],
      ['leasehold sandbox --log calls.jsonl', 'serve the roles under roles/ until Ctrl-C'],
      ['leasehold sandbox --backing http://127.0.0.1:5000', 'forward allowed calls to a moto server'],
    ],
    exits: { 0: 'the sandbox ran and was stopped', 1: 'the definitions have errors' },
  });
}

async function demo(paths: readonly string[], { env, log }: Options, shell: Shell): Promise<ExitCode> {
  const { host, out } = shell;
  const definitions = openProject(paths, shell);
  if (!definitions) return EXIT.findings;
  const environment = environmentOf(definitions, env);
  // The AWS SDK's warning about this Node version must not appear in the demo's output.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const running = await startSandbox({
    source: { definitions },
    environment: environment.name,
    ...(log === undefined ? {} : { logFile: resolve(host.cwd, log) }),
  });
  try {
    host.out(
      `${out('bold', 'AWS on this machine')}, with the roles of ${environment.project}-${environment.name}.\n\n`,
    );
    const story = tellStory(running, environment);
    let number = 0;
    for await (const scene of story.scenes) host.out(renderScene(scene, ++number, out, host.outColumns));
    const event = story.event();
    if (event) host.out(renderEvent(event, out, host.outColumns));
    host.out('Try it yourself: `leasehold sandbox`, or `startSandbox` in a test (docs/sandbox.md).\n');
    return EXIT.fine;
  } finally {
    await running.stop();
  }
}

async function serve(paths: readonly string[], options: Options, shell: Shell): Promise<ExitCode> {
  const { host } = shell;
  const definitions = options.stack ? undefined : openProject(paths, shell);
  const source = sourceOf(definitions, options, shell);
  if (!source) return EXIT.findings;
  const running = await startSandbox({
    source,
    ...defined({ port: options.port, backing: options.backing }),
    ...(options.log === undefined ? {} : { logFile: resolve(host.cwd, options.log) }),
    ...(options.env === undefined || options.stack ? {} : { environment: options.env }),
  });
  const written = definitions && writeManifest(definitions, options, shell);
  try {
    host.out(exportLines(running, written?.file));
    tellTerminal(running, shell);
    await interrupted();
    return EXIT.fine;
  } finally {
    process.stdin.pause();
    written?.remove();
    await running.stop();
  }
}

/**
 * Writes the manifest that `exec` and `serve` need. Synthesized stacks have no manifest, because only Terraform
 * computes their outputs.
 */
function writeManifest(
  definitions: Definitions,
  { env, manifest: named }: Options,
  shell: Shell,
): { readonly file: string; readonly remove: () => void } {
  const { manifest } = require('@leasehold/documents') as typeof import('@leasehold/documents');
  const text = jsonText(manifest(environmentOf(definitions, env)));
  if (named !== undefined) {
    const file = resolve(shell.host.cwd, named);
    writeFileSync(file, text);
    return { file, remove: () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-sandbox-'));
  const file = join(folder, 'leasehold.json');
  writeFileSync(file, text);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function sourceOf(
  definitions: Definitions | undefined,
  { stack, applied, env }: Options,
  shell: Shell,
): SandboxSource | undefined {
  if (stack) return { stacks: stack.map((file) => resolve(shell.host.cwd, file)) };
  if (!definitions) return undefined;
  if (!applied) return { definitions };
  const { account, region } = chooseEnvironment(definitions, env);
  return { applied: { account, region } };
}

/** Prints secrets on a terminal only, because they must not end up in a file or a pipe. */
function tellTerminal(running: Sandbox, { host, err }: Shell): void {
  const device = running.enrolMfaDevice();
  const { administrator } = running;
  host.err(`${err('bold', running.url)} answers as AWS would. Ctrl-C ends it; nothing of it is kept.\n`);
  if (host.errColumns === undefined) return;
  host.err(
    [
      `MFA device of the agent: ${device.serialNumber}`,
      'Press Enter to show the current code of this device. Each code works only once.',
      `Keys that may do anything, for setting up: ${administrator.accessKeyId} ${administrator.secretAccessKey}`,
      '',
    ].join('\n'),
  );
  if (!process.stdin.isTTY) return;
  process.stdin.on('data', () => host.err(`code: ${err('green', device.code())}\n`));
}

function environmentOf(definitions: Definitions, name: string | undefined): Environment {
  const [first] = definitions.environments;
  return name === undefined && first ? first : chooseEnvironment(definitions, name);
}
