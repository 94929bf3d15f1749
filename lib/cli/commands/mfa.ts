/** `leasehold mfa <action> [approver]`: manages the MFA devices of approvers. */

import { largest } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { onOneLine } from '@leasehold/contract/text';
import type { Environment } from '@leasehold/definitions';
import { Argument, type Command } from 'commander';
import { agentPlaces, chooseEnvironment, DEFAULT_PATH, rolesOption } from '../choose';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import {
  type DevicePlace,
  devicePlace,
  enrollDevice,
  listDevices,
  type MfaClients,
  MfaError,
  mfaClients,
  removeDevice,
  type ShownSeed,
} from '../mfa';
import { openProject } from '../project';
import { renderTable } from '../render/table';
import { either } from '../render/text';
import { type ReadSecret, readSecretLine } from '../secret-line';
import type { Shell } from '../shell';

interface Options {
  readonly env?: string;
  readonly agent?: string;
  readonly profile?: string;
  readonly roles?: readonly string[];
}

/** Replacements for the keyboard and for AWS, for tests. */
export interface MfaParts {
  readonly read: ReadSecret;
  readonly clients: (environment: Environment, profile?: string) => MfaClients;
}

export function mfa(command: Command, shell: Shell): void {
  mfaWith({ read: readSecretLine, clients: mfaClients })(command, shell);
}

/** The command, with the given functions to read a code and to call AWS. */
export function mfaWith(parts: MfaParts): (command: Command, shell: Shell) => void {
  return (command, shell) => {
    command
      .description(
        "Enrols an approver's MFA device on the agent's user, lists its devices, or removes one. An enrolment shows a QR " +
          'code at the terminal, without storing it, asks for two consecutive codes, and leaves nothing behind if it is ' +
          "interrupted. The command refuses to run with the agent's own identity.",
      )
      .addArgument(new Argument('<action>', 'what to do').choices(['enroll', 'list', 'remove']))
      .argument('[approver]', 'the approver whose device it is; required to enroll and to remove')
      .option('--env <name>', 'the environment; required if there are several')
      .option('--agent <name>', 'the agent; required if there are several')
      .option('--profile <name>', "the AWS profile of an administrator; default: the AWS SDK's own search")
      .addOption(rolesOption())
      .action(
        shell.ends(async (action: string, approver: string | undefined, options: Options) => {
          try {
            return await run(action, approver, options, shell, parts);
          } catch (error) {
            if (!(error instanceof MfaError) || error.code === 'no-user') throw error;
            shell.host.err(
              `${shell.err('red', 'error:')} ${onOneLine(error.message)}\n  hint:     ${onOneLine(error.hint)}\n`,
            );
            return EXIT.findings;
          }
        }),
      );
    explainHelp(command, {
      examples: [
        ['leasehold mfa enroll oncall --env dev --profile admin', 'at a terminal, with the phone ready'],
        ['leasehold mfa list --env dev --profile admin', 'who can approve, and since when'],
        ['leasehold mfa remove oncall --env dev --profile admin', 'a lost phone, or an approver who leaves'],
      ],
      exits: { 0: 'it is done', 1: 'the definitions have errors, or AWS or a human refused' },
      details: '[MFA devices](mfa.md) describes the calls to AWS, and what happens to the seed.',
    });
  };
}

async function run(
  action: string,
  approver: string | undefined,
  options: Options,
  shell: Shell,
  parts: MfaParts,
): Promise<ExitCode> {
  const definitions = openProject(options.roles ?? [DEFAULT_PATH], shell);
  if (!definitions) return EXIT.findings;
  const environment = chooseEnvironment(definitions, options.env);
  const [chosen] = agentPlaces(definitions, {
    env: [environment.name],
    ...defined({ agent: options.agent }),
  });
  if (!chosen) throw new UsageError(`environment ${environment.name} has no such agent`, { hint: 'Name another one.' });
  const clients = () => parts.clients(environment, options.profile);
  const placeOf = (who: string) => devicePlace(who, chosen.agent, environment);
  if (action === 'list') return list(clients(), environment, placeOf, shell);
  if (approver === undefined) {
    throw new UsageError(`whose device to ${action} is not named`, {
      expected: either(environment.approvers),
      hint: `Name an approver: leasehold mfa ${action} ${environment.approvers[0] ?? 'NAME'}.`,
    });
  }
  const place = placeOf(approver);
  if (action === 'enroll') return enroll(clients(), place, shell, parts.read);
  // The approver need not be in the definitions: it must be possible to remove the devices of people who left.
  await removeDevice(clients(), place);
  shell.host.out(`Removed ${onOneLine(place.serialNumber)}. Its codes open nothing any more.\n`);
  return EXIT.fine;
}

async function enroll(clients: MfaClients, place: DevicePlace, shell: Shell, read: ReadSecret): Promise<ExitCode> {
  const { approver, environment, serialNumber } = place;
  if (!environment.approvers.includes(approver)) {
    throw new UsageError(`environment ${environment.name} has no approver "${approver}"`, {
      expected: either(environment.approvers),
      hint: 'Add them to `approvers` of the project first.',
    });
  }
  const { host } = shell;
  const columns = host.errColumns;
  if (columns === undefined) {
    throw new UsageError('there is no terminal, and a seed must not land in a file or a pipe', {
      hint: 'Enrol at a terminal, without redirecting standard error.',
    });
  }
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, interrupt);
  let shown = false;
  try {
    await enrollDevice(clients, place, {
      signal: stop.signal,
      show: (seed) => {
        shown = true;
        host.err(`${SECOND_SCREEN}${seedText(seed, place, { columns, rows: host.errRows })}`);
      },
      code: async (which) => {
        host.err(`${PROMPTS[which]} (hidden; Enter alone gives up): `);
        const code = await read(stop.signal);
        host.err('\n');
        return code;
      },
    });
  } finally {
    if (shown) host.err(FIRST_SCREEN);
    for (const signal of signals) process.off(signal, interrupt);
  }
  host.out(
    `Enrolled ${onOneLine(serialNumber)}. Its codes approve leases of ${onOneLine(place.userName)} from now on.\n`,
  );
  return EXIT.fine;
}

/** Switches to the terminal's alternate screen, whose content does not stay in the scrollback. */
const SECOND_SCREEN = '\u001b[?1049h\u001b[H';
const FIRST_SCREEN = '\u001b[?1049l';

const PROMPTS = {
  first: 'The code that the app shows now',
  second: 'The next code, when it has changed',
  'first again': 'AWS did not accept the codes. Try again: the code that the app shows now',
} as const;

/**
 * The key, and below the key the largest QR code that fits. A full screen scrolls, and the alternate screen cannot be
 * scrolled back. A QR code that does not fit completely is therefore omitted, with a note on how to see it.
 */
export function seedText({ codes, key }: ShownSeed, { approver, userName }: DevicePlace, screen: Screen): string {
  const { columns, rows = Number.POSITIVE_INFINITY } = screen;
  const groups = key.match(/.{1,4}/g)?.join(' ') ?? '';
  const above = [`${onOneLine(approver)}: scan this to approve leases of ${userName}, or type this key:`, groups];
  const taken = above.reduce((sum, line) => sum + Math.ceil(line.length / columns), 0) + QUESTION;
  const needed = codes.map((code) => ({
    code,
    rows: taken + code.split('\n').length,
    columns: largest(code.split('\n').map((line) => line.length)),
  }));
  const fitting = needed.find((each) => each.rows <= rows && each.columns <= columns);
  const least = needed.at(-1);
  const below =
    fitting?.code ??
    `hint: The QR code needs a window of ${least?.rows} rows and ${least?.columns} columns. Enlarge it and start again, or type the key.`;
  return `${[...above, below].join('\n')}\n`;
}

/** The terminal on which a seed is shown. */
interface Screen {
  readonly columns: number;
  /** Number of rows. Undefined if unknown. */
  readonly rows: number | undefined;
}

/** Number of rows for the prompt below the seed. */
const QUESTION = 1;

async function list(
  clients: MfaClients,
  environment: Environment,
  placeOf: (approver: string) => DevicePlace,
  { host, out }: Shell,
): Promise<ExitCode> {
  const places = environment.approvers.map(placeOf);
  const [any] = places;
  if (!any)
    throw new UsageError(`environment ${environment.name} has no approvers`, { hint: 'Add one to the project.' });
  const devices = await listDevices(clients, any);
  const known = places.map(({ approver, serialNumber }) => {
    const device = devices.find((each) => each.serialNumber === serialNumber);
    return [
      onOneLine(approver),
      serialNumber,
      device ? (device.enabledSince?.toISOString() ?? 'enabled') : 'not enrolled',
    ];
  });
  const strangers = devices
    .filter(({ serialNumber }) => !places.some((place) => place.serialNumber === serialNumber))
    .map(({ serialNumber }) => ['of no approver', onOneLine(serialNumber), 'remove it, if nobody needs it']);
  const columns = [{ title: 'approver', keep: true }, { title: 'device' }, { title: 'enabled since' }];
  host.out(renderTable(columns, [...known, ...strangers], { paint: out, columns: host.outColumns }));
  return EXIT.fine;
}
