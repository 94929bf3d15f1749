/** `leasehold leases`: lists the leases that need an approval, the leases of a role, or the caller's own leases. */

import type { PersonKind } from '@leasehold/documents';
import type { Command } from 'commander';
import { roleNameOf, speaking } from '../broker/broker-calls';
import { type BrokerFlags, brokerOptions, demandBroker } from '../broker/broker-location';
import { openBroker } from '../broker/open';
import { fetchLeases, tellBroken } from '../broker/pages';
import { EXIT, type ExitCode } from '../exit';
import { explainHelp } from '../help';
import { nowOf } from '../host';
import { jsonText } from '../render/json';
import { renderLeases } from '../render/leases';
import type { Shell } from '../shell';

interface Options extends BrokerFlags {
  readonly role?: string;
  readonly mine?: boolean;
  readonly json?: boolean;
}

/** Version of the JSON format. */
const VERSION = 1;

export function leases(command: Command, shell: Shell): void {
  command
    .description(
      'Lists leases of the last day at the broker: those that wait for approvers; with --role, all leases of one ' +
        'role in any state; with --mine, those that you requested. You sign in with MFA.',
    )
    .option('--role <name>', 'list all leases of a role')
    .addOption(command.createOption('--mine', 'list your own leases, as a requester').conflicts(['role', 'kind']))
    .option('--json', "print the broker's answer as JSON, with permissions and hashes");
  brokerOptions(command, ['approver', 'administrator']).action(
    shell.ends((options: Options) => speaking(shell, (signal) => list(options, shell, signal))),
  );
  explainHelp(command, {
    examples: [
      ['leasehold leases', 'the leases that wait for an answer'],
      ['leasehold leases --role s3-deploy', 'the leases of a role in the last day'],
      ['leasehold leases --json | jq ".leases[].grant"', 'the waiting grants, as JSON'],
    ],
    exits: {
      0: 'the list is on stdout',
      1: 'AWS or the broker refused the call; or a record is broken, which stderr names',
    },
  });
}

async function list({ role, mine, json, ...flags }: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const { host, out } = shell;
  const place = demandBroker(flags, shell);
  const query = role === undefined ? (mine ? {} : { open: true }) : { role: roleNameOf(role) };
  const kinds: readonly [PersonKind, ...PersonKind[]] = mine ? ['requester'] : ['approver', 'administrator'];
  const found = await fetchLeases(await openBroker(flags, kinds, shell, signal, place), query, signal);
  if (json) host.out(jsonText({ version: VERSION, ...found }));
  else if (found.leases.length === 0)
    host.out(query.open ? 'Nothing waits for an approver.\n' : 'There was none in the last day.\n');
  else host.out(renderLeases(found.leases, nowOf(host), out, host.outColumns));
  if (found.more) host.err(`note: there are more; these are the newest ${found.leases.length}\n`);
  tellBroken(found, shell);
  return found.broken.length === 0 ? EXIT.fine : EXIT.findings;
}
