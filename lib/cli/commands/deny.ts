/** `leasehold deny <lease>`: denies a lease that needs an approval. This ends the lease. */
import { visible } from '@leasehold/contract/text';
import type { Command } from 'commander';
import { becauseOf, leaseIdOf, speaking } from '../broker/broker-calls';
import { type BrokerFlags, brokerOptions, demandBroker } from '../broker/broker-location';
import { openBroker } from '../broker/open';
import { EXIT, type ExitCode } from '../exit';
import { explainHelp } from '../help';
import type { Shell } from '../shell';
import { denyRequest, ifWaiting } from '../waiting';

interface Options extends BrokerFlags {
  readonly because?: string;
  readonly approver?: string;
  readonly directory?: string;
}

export function deny(command: Command, shell: Shell): void {
  command
    .description(
      'Denies a lease. One denial ends the lease, and counts against the requester. A request that waits on ' +
        'this machine is denied there; any other lease is denied at the broker, after you sign in.',
    )
    .argument('<lease>', 'the lease id')
    .option('--because <sentence>', 'the reason, for the record and for the agent; required at the broker')
    .option('--approver <name>', 'on this machine: who answers; required if there are several approvers')
    .option('--directory <path>', "the folder of the waiting requests, if the agent's socket uses another one");
  brokerOptions(command).action(
    shell.ends(async (id: string, options: Options) => {
      const waiting =
        options.broker === undefined
          ? await ifWaiting(id, options.directory, shell, (chosen) => denyRequest(chosen, options.approver, shell))
          : [];
      return typeof waiting === 'number' ? waiting : atBroker(id, options, shell);
    }),
  );
  explainHelp(command, {
    examples: [
      [
        'leasehold deny lh-01jd3m8q4v7x2k9p5r6t0w1y2z --because "No deployment during the freeze"',
        'with a reason that the agent reads',
      ],
    ],
    exits: { 0: 'the lease is denied', 1: 'the denial was not accepted' },
  });
}

function atBroker(text: string, options: Options, shell: Shell): Promise<ExitCode> {
  return speaking(shell, async (signal) => {
    const id = leaseIdOf(text);
    const place = demandBroker(options, shell);
    const because = becauseOf(options.because);
    const { client, as } = await openBroker(options, ['approver'], shell, signal, place);
    const { grant, requester } = await client.deny(id, { because }, { signal });
    const what = grant === undefined ? '' : ` ${visible(grant.role)}`;
    shell.host.out(`Denied as ${visible(as.name)}: ${id},${what} for ${visible(requester)}.\n`);
    return EXIT.fine;
  });
}
