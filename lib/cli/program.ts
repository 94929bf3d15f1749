/** The command line: its commands, how they are loaded, and how errors are reported. */

import { types } from 'node:util';
import { LeaseholdError } from '@leasehold/contract/error';
import { onOneLine } from '@leasehold/contract/text';
import { Command, CommanderError } from 'commander';
import { type Paint, paint, wantsColour } from './colour';
import { EXIT, type ExitCode, UsageError } from './exit';
import { explainHelp } from './help';
import type { Host } from './host';
import { packageVersion } from './package-root';
import { sentence } from './render/text';
import { openShell, type Shell } from './shell';
import { systemRefusal } from './system-refusal';

/** A function that adds arguments, options, help and an action to a command. */
export type Define = (command: Command, shell: Shell) => void;

/** All commands, in the order of the help. Only the requested command is loaded, so that the program starts quickly. */
export const COMMANDS: readonly { readonly name: string; readonly summary: string; readonly load: () => Define }[] = [
  {
    name: 'validate',
    summary: 'check the definitions against every rule and guardrail',
    load: () => (require('./commands/validate') as typeof import('./commands/validate')).validate,
  },
  {
    name: 'synth',
    summary: 'check the definitions, write the Terraform stacks, summarise the roles',
    load: () => (require('./commands/synth') as typeof import('./commands/synth')).synth,
  },
  {
    name: 'explain',
    summary: 'show whether a lease may do something, and why',
    load: () => (require('./commands/explain') as typeof import('./commands/explain')).explain,
  },
  {
    name: 'can',
    summary: 'list everything that a role can do',
    load: () => (require('./commands/can') as typeof import('./commands/can')).can,
  },
  {
    name: 'graph',
    summary: 'draw who can reach what, as a Mermaid flowchart',
    load: () => (require('./commands/graph') as typeof import('./commands/graph')).graph,
  },
  {
    name: 'review',
    summary: 'show what a Terraform plan changes about who can do what',
    load: () => (require('./commands/review') as typeof import('./commands/review')).review,
  },
  {
    name: 'doctor',
    summary: 'verify that the live account is what the definitions deploy',
    load: () => (require('./commands/doctor') as typeof import('./commands/doctor')).doctor,
  },
  {
    name: 'conformance',
    summary: 'try in a live account what the policies assume about AWS, and remove the probes',
    load: () => (require('./commands/conformance') as typeof import('./commands/conformance')).conformance,
  },
  {
    name: 'usage',
    summary: 'show what leases used of what their roles permit, and propose narrower roles',
    load: () => (require('./commands/usage') as typeof import('./commands/usage')).usage,
  },
  {
    name: 'explain-rule',
    summary: 'print the page about a rule: what it requires, why, and how to fix a finding',
    load: () => (require('./commands/explain-rule') as typeof import('./commands/explain-rule')).explainRule,
  },
  {
    name: 'manifest',
    summary: 'write the manifest that a client reads before it requests a lease, as JSON',
    load: () => (require('./commands/manifest') as typeof import('./commands/manifest')).manifest,
  },
  {
    name: 'skill',
    summary: "write the agent's instructions, as Markdown",
    load: () => (require('./commands/skill') as typeof import('./commands/skill')).skill,
  },
  {
    name: 'sandbox',
    summary: 'run a local AWS endpoint that enforces your deployed policies',
    load: () => (require('./commands/sandbox') as typeof import('./commands/sandbox')).sandbox,
  },
  {
    name: 'dev',
    summary: 'run the broker on this machine, with the sandbox in place of AWS',
    load: () => (require('./commands/dev') as typeof import('./commands/dev')).dev,
  },
  {
    name: 'approve',
    summary: 'show a waiting request, on this machine or at the broker, and answer it',
    load: () => (require('./commands/approve') as typeof import('./commands/approve')).approve,
  },
  {
    name: 'deny',
    summary: 'deny a waiting lease',
    load: () => (require('./commands/deny') as typeof import('./commands/deny')).deny,
  },
  {
    name: 'leases',
    summary: 'list the leases that wait at the broker, or the leases of a role',
    load: () => (require('./commands/leases') as typeof import('./commands/leases')).leases,
  },
  {
    name: 'revoke',
    summary: 'revoke a lease, every lease of a role, or all leases',
    load: () => (require('./commands/revoke') as typeof import('./commands/revoke')).revoke,
  },
  {
    name: 'audit',
    summary: 'show the events of a lease, after verifying its record on this machine',
    load: () => (require('./commands/audit') as typeof import('./commands/audit')).audit,
  },
  {
    name: 'principals',
    summary: 'show agents and people, and change their groups and policies',
    load: () => (require('./commands/principals') as typeof import('./commands/principals')).principals,
  },
  {
    name: 'passkeys',
    summary: "list people's passkeys, and issue the first administrator's one-time code",
    load: () => (require('./commands/passkeys') as typeof import('./commands/passkeys')).passkeys,
  },
  {
    name: 'exec',
    summary: "run a command with a lease, without the agent's own credentials",
    load: () => (require('./commands/exec') as typeof import('./commands/exec')).exec,
  },
  {
    name: 'credential-process',
    summary: 'print the credentials of a lease, for any AWS SDK and the AWS CLI',
    load: () =>
      (require('./commands/credential-process') as typeof import('./commands/credential-process')).credentialProcess,
  },
  {
    name: 'serve',
    summary: 'serve leases to AWS SDKs in every language, on this machine',
    load: () => (require('./commands/serve') as typeof import('./commands/serve')).serve,
  },
  {
    name: 'mcp',
    summary: 'serve MCP: agents call AWS under leases, and see no credential',
    load: () => (require('./commands/mcp') as typeof import('./commands/mcp')).mcp,
  },
  {
    name: 'proxy',
    summary: 'sign the calls of an agent that has no AWS credentials, and log each one',
    load: () => (require('./commands/proxy') as typeof import('./commands/proxy')).proxy,
  },
  {
    name: 'request',
    summary: 'request a lease from a running `serve`, and wait for the human',
    load: () => (require('./commands/request') as typeof import('./commands/request')).request,
  },
  {
    name: 'login',
    summary: 'sign in with your browser, for the commands that call the broker',
    load: () => (require('./commands/login') as typeof import('./commands/login')).login,
  },
  {
    name: 'logout',
    summary: 'end the login, and revoke its tokens',
    load: () => (require('./commands/logout') as typeof import('./commands/logout')).logout,
  },
  {
    name: 'mfa',
    summary: 'enrol, list and remove the MFA devices of approvers',
    load: () => (require('./commands/mfa') as typeof import('./commands/mfa')).mfa,
  },
  {
    name: 'init',
    summary: 'write a commented starter project into a folder',
    load: () => (require('./commands/init') as typeof import('./commands/init')).init,
  },
  {
    name: 'import',
    summary: 'write roles from an IAM policy that permit no more than it does',
    load: () => (require('./commands/import') as typeof import('./commands/import')).importPolicy,
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of the definitions, for editors',
    load: () => (require('./commands/schema') as typeof import('./commands/schema')).schema,
  },
  {
    name: 'start',
    summary: 'validate, synthesize and summarise the project in this folder, and show the next step',
    load: () => (require('./commands/start') as typeof import('./commands/start')).start,
  },
];

/** Runs a command line (without the program's name) and returns the exit code. */
export async function run(line: readonly string[], host: Host): Promise<ExitCode> {
  let code: ExitCode = EXIT.fine;
  const program = createProgram(host);
  const ended = (ending: ExitCode) => {
    code = ending;
  };
  program.hook('preSubcommand', (_, command) => {
    define(command, openShell(host, colourFlag(program), ended));
  });
  try {
    await program.parseAsync(helpFlagFor(line), { from: 'user' });
    return code;
  } catch (error) {
    return tell(error, program, host);
  }
}

/** The program with the names of all commands. The commands themselves are not loaded yet. */
export function createProgram(host: Host): Command {
  const program = new Command('leasehold');
  const colour = (columns: number | undefined) => wantsColour(host.env, colourFlag(program), columns !== undefined);
  program
    .description("AWS leases for AI agents: one task, one role, a few minutes, a human's consent.")
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--color', 'use colour even if the output is not a terminal')
    .option('--no-color', 'use no colour, like NO_COLOR=1 and TERM=dumb')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ styleTitle: (title) => paint(true)('bold', title) })
    .configureOutput({
      writeOut: host.out,
      writeErr: host.err,
      getOutHelpWidth: () => host.outColumns ?? HELP_COLUMNS,
      getErrHelpWidth: () => host.errColumns ?? HELP_COLUMNS,
      getOutHasColors: () => colour(host.outColumns),
      getErrHasColors: () => colour(host.errColumns),
      outputError: (message, write) => write(errorLine(message, paint(colour(host.errColumns)))),
    });
  for (const { name, summary } of COMMANDS) {
    program.command(name).summary(summary).showHelpAfterError(`\`leasehold ${name} --help\` shows what it takes.`);
  }
  return explainHelp(program.showHelpAfterError('`leasehold --help` lists the commands.'), {
    examples: [
      ['leasehold validate', 'check the definitions under roles/'],
      ['leasehold synth --env dev', 'write the Terraform of one environment'],
      ['leasehold synth --help', 'what one command takes, with examples'],
    ],
    exits: { 0: 'fine', 1: 'the definitions have errors, or a request is denied' },
  });
}

/** Loads a command and adds its arguments, options and action. */
export function define(command: Command, shell: Shell): void {
  COMMANDS.find(({ name }) => name === command.name())?.load()(command, shell);
}

/** Width in columns of help text that is written to a file or a pipe. */
const HELP_COLUMNS = 100;

function colourFlag(program: Command): boolean | undefined {
  return program.opts<{ color?: boolean }>().color;
}

/** Converts `leasehold help synth` to `leasehold synth --help`. */
function helpFlagFor(line: readonly string[]): readonly string[] {
  return line[0] === 'help' ? [...line.slice(1), '--help'] : line;
}

function tell(error: unknown, program: Command, host: Host): ExitCode {
  // Commander has already reported its own errors. It also throws after printing help or the version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  const paintErr = paint(wantsColour(host.env, colourFlag(program), host.errColumns !== undefined));
  const complaint = error instanceof LeaseholdError ? error : placeError(error);
  if (complaint) {
    host.err(errorLine(`error: ${onOneLine(sentence(complaint.message))}\n`, paintErr));
    const expected = complaint instanceof UsageError ? complaint.expected : undefined;
    if (expected !== undefined) host.err(`  expected: ${onOneLine(expected)}\n`);
    host.err(`  hint:     ${onOneLine(complaint.hint)}\n`);
    return EXIT.usage;
  }
  const { message, stack } = types.isNativeError(error) ? error : new Error(String(error));
  host.err(errorLine(`error: a defect in Leasehold: ${onOneLine(message)}\n`, paintErr));
  host.err(
    host.env.LEASEHOLD_DEBUG ? `${stack}\n` : '  hint:     report it; LEASEHOLD_DEBUG=1 shows where it arose.\n',
  );
  return EXIT.defect;
}

/** Converts an operating system error to a `UsageError`. Returns `undefined` for any other error. */
function placeError(error: unknown): UsageError | undefined {
  const { code, path, syscall, address, port } = types.isNativeError(error) ? (error as SystemError) : {};
  if (code === undefined || syscall === undefined) return undefined;
  const place = path ?? (address === undefined || port === undefined ? syscall : `${address}:${port}`);
  return new UsageError(
    `${place}: ${systemRefusal(code)}`,
    {
      hint:
        syscall === 'listen' ? 'Give another --port.' : 'Specify another path, or correct the problem with this path.',
    },
    error,
  );
}

interface SystemError extends NodeJS.ErrnoException {
  readonly address?: string;
  readonly port?: number;
}

function errorLine(message: string, paintErr: Paint): string {
  return message.replace(/^error:/, (word) => paintErr('red', word));
}
