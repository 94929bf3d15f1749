/**
 * `leasehold revoke <lease> | --role <name> | --requester <name> | --all`: revokes leases. The revocation takes effect at the next call of
 * each lease.
 */
import { moment, visible } from '@leasehold/contract/text';
import type { BrokerClient, RevocationAnswer } from '@leasehold/runtime/broker';
import type { Command } from 'commander';
import { becauseOf, leaseIdOf, roleNameOf, speaking } from '../broker/broker-calls';
import { type BrokerFlags, brokerOptions, demandBroker } from '../broker/broker-location';
import { openBroker } from '../broker/open';
import { demandTerminal, saysYes } from '../confirm';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import type { Shell } from '../shell';

interface Options extends BrokerFlags {
  readonly role?: string;
  readonly requester?: string;
  readonly all?: boolean;
  readonly because: string;
  readonly yes?: boolean;
}

export function revoke(command: Command, shell: Shell): void {
  command
    .description(
      'Revokes a lease, every lease of a role or of a requester, or all leases: AWS denies their next call. If all leases of a role are ' +
        'revoked, nobody can open a lease of the role until the last of these leases would have ended.',
    )
    .argument('[lease]', 'the lease id')
    .addOption(command.createOption('--role <name>', 'every lease of a role').conflicts('all'))
    .option('--requester <name>', 'every lease of an agent or a person; they can request again')
    .option('--all', 'every lease of every role that the broker opens')
    .requiredOption('--because <sentence>', 'the reason, for the record')
    .option('--yes', 'do not ask for confirmation');
  brokerOptions(command, ['approver', 'administrator']).action(
    shell.ends((id: string | undefined, options: Options) =>
      speaking(shell, (signal) => takeBack(id, options, shell, signal)),
    ),
  );
  explainHelp(command, {
    examples: [
      ['leasehold revoke lh-01jd3m8q4v7x2k9p5r6t0w1y2z --because "Wrong bucket"', 'one lease'],
      [
        'leasehold revoke --role s3-deploy --because "Incident 42" --yes',
        'every lease of a role, without confirmation',
      ],
      ['leasehold revoke --requester agent --because "The agent loops"', 'every lease of one agent'],
      ['leasehold revoke --all --because "The agent is compromised"', 'everything'],
    ],
    exits: {
      0: 'the leases are revoked',
      1: 'they are not revoked: nobody confirmed, or AWS or the broker refused the call',
    },
  });
}

async function takeBack(
  id: string | undefined,
  options: Options,
  shell: Shell,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { host } = shell;
  const what = target(id, options);
  const place = demandBroker(options, shell);
  const because = becauseOf(options.because);
  if (!options.yes) {
    demandTerminal(shell, '--yes');
    if (!(await saysYes(what.question, shell, signal))) {
      host.err('note: nothing was revoked\n');
      return EXIT.findings;
    }
  }
  const { client } = await openBroker(options, ['approver', 'administrator'], shell, signal, place);
  host.out(renderRevocation(await what.call(client, because, signal)));
  return EXIT.fine;
}

interface Target {
  readonly question: string;
  readonly call: (client: BrokerClient, because: string, signal: AbortSignal) => Promise<RevocationAnswer>;
}

function target(id: string | undefined, { role, requester, all }: Options): Target {
  if ([id, role, requester, all].filter((each) => each !== undefined).length !== 1) {
    throw new UsageError(
      id === undefined && role === undefined && requester === undefined && !all
        ? 'nothing is named'
        : 'too much is named',
      {
        expected: 'a lease, --role NAME, --requester NAME, or --all',
        hint: 'Name one of them.',
      },
    );
  }
  if (id !== undefined) {
    const lease = leaseIdOf(id);
    return {
      question: `Take back ${lease}?`,
      call: (client, because, signal) => client.revoke(lease, { because }, { signal }),
    };
  }
  if (requester !== undefined) {
    const { PRINCIPAL_NAME } = require('@leasehold/contract') as typeof import('@leasehold/contract');
    if (!PRINCIPAL_NAME.test(requester)) {
      throw new UsageError(`"${requester}" is not the name of a requester`, {
        hint: 'Take it from `leasehold leases` or `leasehold principals`.',
      });
    }
    return {
      question: `Take back every lease of ${requester}?`,
      call: (client, because, signal) => client.revokeMany({ requester, because }, { signal }),
    };
  }
  const what = role === undefined ? { all: true as const } : { role: roleNameOf(role) };
  return {
    question:
      role === undefined
        ? 'Take back every lease of every role, and shut all roles until they would have ended?'
        : `Take back every lease of ${role}, and shut the role until they would have ended?`,
    call: (client, because, signal) => client.revokeMany({ ...what, because }, { signal }),
  };
}

function renderRevocation({ leases, shut }: RevocationAnswer): string {
  return [
    leases.length === 0 ? 'No running lease is on record.' : `Taken back, and denied from the next call on:`,
    ...leases.map((lease) => `  ${visible(lease)}`),
    ...Object.entries(shut).map(
      ([role, until]) =>
        `Role ${visible(role)} is blocked until ${moment(until)}: AWS denies every call that uses a lease of the role, and nobody can open a new lease of the role.`,
    ),
  ]
    .map((line) => `${line}\n`)
    .join('');
}
