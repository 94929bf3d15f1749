/** `leasehold dev`: runs the broker on this machine, with the sandbox in place of AWS. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Telemetry } from '@leasehold/broker';
import { defined } from '@leasehold/contract/defined';
import { onOneLine, shellOperand } from '@leasehold/contract/text';
import { type Command, Option } from 'commander';
import { DEFAULT_PATH, rolesOption } from '../choose';
import { type Dev, type LocalReviewer, startDev } from '../dev';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import { checkProject, soundDefinitions } from '../project';
import {
  renderAnswered,
  renderCodes,
  renderDev,
  renderPeople,
  renderSignIn,
  shellLines,
  type Variables,
} from '../render/dev';
import { interrupted, port, runChild } from '../serving';
import type { Shell } from '../shell';

interface Options {
  readonly roles?: readonly string[];
  readonly env?: string;
  readonly port?: number;
  readonly agent?: string;
  readonly reviewerUrl?: string;
  readonly reviewerModel?: string;
  readonly backing?: string;
  readonly manifest?: string;
  readonly log?: string;
}

export function dev(command: Command, shell: Shell): void {
  command
    .description(
      'Runs the broker on the loopback interface: the same handler as in the deployed function, with tables in ' +
        'memory and a sandbox that enforces the deployed policies, including those of the function. Prints the ' +
        'environment variables of an agent (at a terminal, also the keys of people), and runs until it is ' +
        'interrupted; if you pass a command, runs that command as the agent, and exits when the command exits. Needs no AWS account and no Docker.',
    )
    .usage('[options] [-- <command> [arguments...]]')
    .argument('[command...]', 'a command to run as the agent, after --')
    .addOption(rolesOption())
    .option('--env <name>', 'the environment; default: the first that has a broker')
    .option('--port <number>', 'the port; default: a free one', port)
    .option(
      '--agent <name>',
      'the agent whose variables are printed; default: the first that can get a role without acting for a user',
    )
    .option(
      '--reviewer-url <url>',
      "the address of a model with OpenAI's API that reads requests; its key, if it needs one, is LEASEHOLD_REVIEWER_KEY; " +
        'default: none, and people decide if a role has a reviewer',
    )
    .option('--reviewer-model <name>', "the model's name; default: that of the definitions")
    .option(
      '--backing <url>',
      'a moto server that receives allowed calls; without it, the sandbox answers them with a receipt',
    )
    .addOption(new Option('--manifest <file>', 'where the manifest is written; default: a temporary file'))
    .option('--log <file>', 'append every call, as a CloudTrail event with its verdict, to this file')
    .action(shell.ends((line: readonly string[], options: Options) => run(line, options, shell)));
  explainHelp(command, {
    examples: [
      ['leasehold dev', 'the broker of the roles under roles/, until Ctrl-C'],
      ['leasehold dev -- node agent.js', 'run an agent against it, exactly as in AWS'],
      [
        'leasehold dev --reviewer-url http://127.0.0.1:11434/v1 --reviewer-model qwen3',
        'with a model on this machine as the reviewer',
      ],
    ],
    exits: { 0: 'it ran and was stopped, or the command succeeded', 1: 'the definitions have errors' },
  });
}

async function run(line: readonly string[], options: Options, shell: Shell): Promise<ExitCode> {
  const { host } = shell;
  const definitions = soundDefinitions(await checkProject(options.roles ?? [DEFAULT_PATH], host), shell);
  if (!definitions) return EXIT.findings;
  const reviewer = reviewerOf(options, shell);
  let running: Dev | undefined;
  const dev = await startDev({
    source: { definitions },
    telemetry: telling(shell),
    onWaiting: (lease) => {
      if (running) tellWaiting(lease, running, shell);
    },
    ...defined({ environment: options.env, reviewer, port: options.port, backing: options.backing }),
    ...(options.log === undefined ? {} : { logFile: resolve(host.cwd, options.log) }),
  });
  running = dev;
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-dev-'));
  try {
    const file = options.manifest === undefined ? join(folder, 'leasehold.json') : resolve(host.cwd, options.manifest);
    writeManifest(file, dev);
    const agent = options.agent ?? dev.agentName;
    const shared = { LEASEHOLD_MANIFEST: file };
    const own = { ...dev.env(dev.agent(agent)), ...shared, ...defined({ LEASEHOLD_AGENT: agent }) };
    host.err(renderDev(dev, reviewer?.model ?? reviewer?.url, file, shell.err));
    // The password is printed only on a terminal, so that it does not end up in a file or a pipe.
    const password = host.errColumns === undefined ? undefined : dev.signIn?.password;
    host.err(renderSignIn(dev, password, shell.err));
    if (line.length > 0) {
      tellPeople(dev, shared, shell);
      return await runChild(line, childEnvironment(own, shell));
    }
    host.out(shellLines(own));
    tellPeople(dev, shared, shell);
    showCodes(dev, shell);
    await interrupted();
    return EXIT.fine;
  } finally {
    process.stdin.pause();
    await dev.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function reviewerOf({ reviewerUrl: url, reviewerModel: model }: Options, { host }: Shell): LocalReviewer | undefined {
  if (url === undefined) {
    if (model === undefined) return undefined;
    throw new UsageError('a model is named, and no address', { hint: 'Add --reviewer-url URL.' });
  }
  const key = host.env.LEASEHOLD_REVIEWER_KEY || undefined;
  return { url, ...defined({ model, key }) };
}

/** The function's telemetry. Individual requests are printed only on a terminal. */
function telling({ host, err }: Shell): Telemetry {
  return {
    count: () => undefined,
    issueLatency: () => undefined,
    answered: (line) => {
      if (host.errColumns !== undefined) host.err(renderAnswered(line, err));
    },
    error: (what, error) => host.err(`${what} failed: ${error instanceof Error ? error.name : typeof error}\n`),
  };
}

/** MFA codes are printed only on a terminal. */
function tellWaiting(lease: string, dev: Dev, { host, err }: Shell): void {
  host.err(`${onOneLine(lease)} waits for people: leasehold approve ${shellOperand(lease)}\n`);
  if (host.errColumns !== undefined) host.err(renderCodes(dev, err));
}

function writeManifest(file: string, dev: Dev): void {
  try {
    writeFileSync(file, `${JSON.stringify(dev.manifest, null, 2)}\n`);
  } catch (cause) {
    throw new UsageError(`${file} cannot be written`, { hint: 'Name a file in a folder of yours.' }, cause);
  }
}

/** People's keys are printed only on a terminal, so that they do not end up in a file or a pipe. */
function tellPeople(dev: Dev, shared: Variables, { host, err }: Shell): void {
  if (host.errColumns !== undefined) host.err(renderPeople(dev, shared, err));
}

function showCodes(dev: Dev, { host, err }: Shell): void {
  if (host.errColumns === undefined || !process.stdin.isTTY) return;
  process.stdin.on('data', () => host.err(renderCodes(dev, err)));
}

/**
 * The agent's environment variables, without the current user's keys, profiles and endpoints, which would bypass the
 * sandbox.
 */
function childEnvironment(own: Variables, { host }: Shell): Record<string, string> {
  const { cleanEnvironment } = require('@leasehold/serve/exec') as typeof import('@leasehold/serve/exec');
  const kept = Object.entries(cleanEnvironment(host.env)).filter(([name]) => !LEADS_ELSEWHERE.test(name));
  return { ...Object.fromEntries(kept), ...own };
}

const LEADS_ELSEWHERE = /^AWS_(ENDPOINT_URL|IGNORE_CONFIGURED_ENDPOINT_URLS|USE_(FIPS|DUALSTACK)_ENDPOINT)/;
