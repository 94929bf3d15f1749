/** `leasehold passkeys <action> [person]`: lists people's passkeys, and issues the first one-time code. */
import { shellOperand, visible } from '@leasehold/contract/text';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { speaking } from '../broker/broker-calls';
import { type BrokerFlags, brokerOptions, demandBroker } from '../broker/broker-location';
import { issueFirstCode } from '../broker/issue-code';
import { openBroker } from '../broker/open';
import { fetchPasskeys, peopleOf } from '../broker/passkeys';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import { nowOf } from '../host';
import { jsonText } from '../render/json';
import { codeJson, passkeysJson, renderCode, renderPasskeys } from '../render/passkeys';
import type { Shell } from '../shell';

interface Options extends BrokerFlags {
  readonly validFor: number;
  readonly json?: boolean;
}

/** Default and minimum time for which a code is valid, in seconds. */
const USUAL = 3600;
const SHORTEST = 60;

export function passkeys(command: Command, shell: Shell): void {
  command
    .description(
      "Lists people's passkeys, or issues the one-time code with which the first administrator registers a passkey. " +
        'For administrators. The records are verified on this machine, back to the first passkey. While no administrator ' +
        'has a passkey, an administrator who signs in as an IAM user with MFA can issue a code for an administrator. ' +
        'Every other code must be signed with a passkey, and so must the removal of a passkey: use the page People of ' +
        'the console. The code is printed once and stored nowhere; the broker receives only its hash. If the ' +
        "definitions have `alerts`, issuing a code raises an alert that contains `code-issued` and the person's name, but not " +
        'the code.',
    )
    .addArgument(new Argument('<action>', 'what to do').choices(['list', 'code']))
    .argument('[person]', 'the person; required for a code. Default for the list: everybody with a Principal document')
    .addOption(
      new Option('--valid-for <time>', 'for a code: how long it is valid, for example 15m; at most 24h')
        .default(USUAL, '1h')
        .argParser(validity),
    )
    .option('--json', 'as JSON; for a code, this contains the code');
  brokerOptions(command).action(
    shell.ends((action: 'list' | 'code', person: string | undefined, options: Options) =>
      speaking(shell, (signal) =>
        action === 'list' ? list(person, options, shell, signal) : code(person, options, shell, signal),
      ),
    ),
  );
  explainHelp(command, {
    examples: [
      ['leasehold passkeys list', 'who has which passkeys, and who has an unused code'],
      ['leasehold passkeys list lead', 'the passkeys of one person'],
      ['leasehold passkeys code root --valid-for 15m', "a one-time code for the first administrator's passkey"],
    ],
    exits: {
      0: 'the passkeys are shown, and every record is valid; or the code is issued',
      1: 'a record is not valid, or AWS or the broker refused the call',
    },
    details: '[Passkeys](passkeys.md#enrolment) describes enrolment, and who must sign what.',
  });
}

async function list(named: string | undefined, options: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const { host, out } = shell;
  const person = named === undefined ? undefined : personOf(named);
  const { client } = await openBroker(options, ['administrator'], shell, signal, demandBroker(options, shell));
  const nonce = await client.nonce({ signal });
  const names = person === undefined ? await peopleOf(client, signal) : [person];
  const verified = await fetchPasskeys(client, names, nonce, nowOf(host), signal);
  host.out(options.json ? jsonText(passkeysJson(verified)) : renderPasskeys(verified, out, host.outColumns));
  return verified.people.every(({ kind }) => kind === 'verified') ? EXIT.fine : EXIT.findings;
}

async function code(named: string | undefined, options: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const { host, out } = shell;
  if (named === undefined) {
    throw new UsageError('whom the code is for is not named', {
      hint: 'Specify the person: leasehold passkeys code NAME.',
    });
  }
  const person = personOf(named);
  const broker = await openBroker(options, ['administrator'], shell, signal, demandBroker(options, shell));
  const issued = await issueFirstCode(broker, person, options.validFor, nowOf(host), signal);
  host.out(options.json ? jsonText(codeJson(issued)) : renderCode(issued, out, host.outColumns));
  const { outcome, lease } = issued.alert;
  if (issued.replaced) host.err(`note: the earlier code of ${visible(person)} is no longer valid\n`);
  host.err(`note: the event, and an alert about it, show "${outcome}" for ${visible(lease)}, and not the code\n`);
  host.err('note: give the code to the person over another channel than the one on which they sign in\n');
  host.err(
    `note: then compare the thumbprint with the person, and keep it: leasehold passkeys list ${shellOperand(person)}\n`,
  );
  return EXIT.fine;
}

/** @throws UsageError */
function personOf(name: string): string {
  const { PRINCIPAL_NAME } = require('@leasehold/contract') as typeof import('@leasehold/contract');
  if (PRINCIPAL_NAME.test(name)) return name;
  throw new UsageError(`"${name}" is no name of a person`, { hint: 'Take it from `leasehold principals`.' });
}

function validity(text: string): number {
  const { secondsOf } = require('@leasehold/runtime/internal') as typeof import('@leasehold/runtime/internal');
  const { CODE_SECONDS } = require('@leasehold/broker/core') as typeof import('@leasehold/broker/core');
  const seconds = secondsOf(text);
  if (seconds !== undefined && seconds >= SHORTEST && seconds <= CODE_SECONDS) return seconds;
  throw new InvalidArgumentError('Specify a duration from 1m to 24h, such as 15m or 8h.');
}
