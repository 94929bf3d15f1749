/**
 * `leasehold audit [lease]`: who did what and who authorized it, from a record that is verified locally; and who was
 * given groups.
 */

import { readRecord } from '@leasehold/broker';
import { defined } from '@leasehold/contract/defined';
import type { PersonKind } from '@leasehold/documents';
import { BrokerProblem } from '@leasehold/runtime';
import type { Command } from 'commander';
import { leaseIdOf, roleNameOf, speaking } from '../broker/broker-calls';
import { type BrokerFlags, brokerOptions, demandBroker } from '../broker/broker-location';
import { type OpenBroker, openBroker } from '../broker/open';
import { fetchLeases } from '../broker/pages';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import { nowOf } from '../host';
import { type Audited, auditJson, renderAudit, renderAudits } from '../render/audit';
import { changesJson, renderChanges } from '../render/changes';
import { jsonText } from '../render/json';
import type { Shell } from '../shell';

interface Options extends BrokerFlags {
  readonly role?: string;
  readonly principal?: string;
  readonly seen?: string;
  readonly json?: boolean;
}

const KINDS: readonly [PersonKind, ...PersonKind[]] = ['approver', 'administrator', 'requester'];

export function audit(command: Command, shell: Shell): void {
  command
    .description(
      'Shows the events of a lease, and verifies on this machine that they are numbered without gaps, that each ' +
        'contains the hash of the previous one, and that each was permitted when it happened: for example, that ' +
        'nothing was issued without its approvals, and that no approval was for another grant. The broker reports ' +
        'events that its own function did not write. With --role, it audits every lease of a role in the last day. ' +
        'With --principal, it shows the changes that administrators made to the groups and the policy of a person or ' +
        'an agent.',
    )
    .argument('[lease]', 'the lease id')
    .option('--role <name>', 'every lease of a role in the last day')
    .addOption(
      command
        .createOption(
          '--principal <name>',
          'the changes that administrators made to an agent or a person; for administrators',
        )
        .conflicts(['role', 'seen']),
    )
    .addOption(
      command
        .createOption('--seen <hash>', 'the last hash of an earlier audit: the record must still contain that event')
        .conflicts('role'),
    )
    .option('--json', 'print the stored events, and the result of the audit, as JSON');
  brokerOptions(command, KINDS).action(
    shell.ends((id: string | undefined, options: Options) =>
      speaking(shell, (signal) =>
        options.principal === undefined
          ? tell(id, options, shell, signal)
          : tellChanges(id, options.principal, options, shell, signal),
      ),
    ),
  );
  explainHelp(command, {
    examples: [
      ['leasehold audit lh-01jd3m8q4v7x2k9p5r6t0w1y2z', 'the events of one lease'],
      ['leasehold audit --role s3-deploy', 'whether every record of a role is valid'],
      ['leasehold audit --principal alice', 'who added alice to groups, when, and which roles that opened'],
      ['leasehold audit --role s3-deploy --kind administrator --json > audit.json', 'as a file'],
    ],
    exits: {
      0: 'every record is valid',
      1: 'a record is broken, impossible or unreadable; or AWS or the broker refused the call',
    },
    details: '[Approving](approving.md#what-an-audit-shows) describes what an audit proves, and what it does not.',
  });
}

async function tell(text: string | undefined, options: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const { host, out } = shell;
  const { role: named, seen, json } = options;
  if (seen !== undefined && !/^[0-9a-f]{64}$/.test(seen)) {
    throw new UsageError(`"${seen}" is no hash`, {
      expected: '64 hexadecimal digits',
      hint: 'Take it from the last line of an earlier audit.',
    });
  }
  if ((text === undefined) === (named === undefined)) {
    throw new UsageError(text === undefined ? 'nothing is named' : 'too much is named', {
      expected: 'a lease, or --role NAME',
      hint: 'Name one of them.',
    });
  }
  const id = text === undefined ? undefined : leaseIdOf(text);
  const role = named === undefined ? undefined : roleNameOf(named);
  const place = demandBroker(options, shell);
  const broker = await openBroker(options, KINDS, shell, signal, place);
  const now = nowOf(host);
  const { ids, unread } = id === undefined ? await idsOf(broker, role, signal) : { ids: [id] };
  const audited: Audited[] = [];
  for (const each of ids) audited.push(await read(broker, each, seen, signal));
  const [only] = audited;
  if (json) host.out(jsonText(auditJson(audited, now, unread)));
  else if (id !== undefined && only) host.out(renderAudit(only, now, out, host.outColumns));
  else host.out(renderAudits(audited, now, out, host.outColumns));
  if (unread !== undefined) host.err(`error: ${unread}\n`);
  const holds = unread === undefined && audited.every(({ record }) => record.kind === 'holds');
  return holds ? EXIT.fine : EXIT.findings;
}

/** Prints the recorded changes of a principal. Only administrators may read them. */
async function tellChanges(
  id: string | undefined,
  name: string,
  options: Options,
  shell: Shell,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { host, out } = shell;
  const { PRINCIPAL_NAME } = require('@leasehold/contract') as typeof import('@leasehold/contract');
  if (id !== undefined) {
    throw new UsageError('too much is named', { expected: 'a lease, or --principal NAME', hint: 'Name one of them.' });
  }
  if (!PRINCIPAL_NAME.test(name)) {
    throw new UsageError(`"${name}" is no name of a principal`, { hint: 'Take it from `leasehold principals`.' });
  }
  const place = demandBroker(options, shell);
  const { client } = await openBroker(options, ['administrator'], shell, signal, place);
  const { changes = [], more } = await client.principal(name, { changes: true, signal });
  host.out(
    options.json
      ? jsonText(changesJson(name, changes, more === true))
      : renderChanges(name, changes, out, host.outColumns),
  );
  if (more) host.err(`error: ${UNREAD}\n`);
  return more !== true && changes.every(({ authentic }) => authentic) ? EXIT.fine : EXIT.findings;
}

const UNREAD = 'not every change was read: there are older ones';

/** A record whose events the broker cannot list counts as broken, too. */
async function read(
  { client }: OpenBroker,
  id: string,
  seen: string | undefined,
  signal: AbortSignal,
): Promise<Audited> {
  try {
    const { events, unauthentic } = await client.events(id, { signal });
    return { id, stored: events, record: readRecord(id, events, { seen, unauthentic }) };
  } catch (error) {
    if (!(error instanceof BrokerProblem) || error.problem.code !== 'broken-record') throw error;
    const because = 'What is stored is no list of events.';
    return { id, stored: [], record: { kind: 'broken', events: [], code: 'malformed', because } };
  }
}

/** Maximum number of leases of a role whose records are read: more than a day produces at one request a second. */
const MOST_AUDITED = 100_000;

async function idsOf(
  broker: OpenBroker,
  role: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly ids: readonly string[]; readonly unread?: string }> {
  const { leases, broken, more } = await fetchLeases(broker, defined({ role }), signal, MOST_AUDITED);
  const ids = [...broken, ...leases.map(({ id }) => id)];
  return more ? { ids, unread: `not every record was read: there are older ones than these ${ids.length}` } : { ids };
}
