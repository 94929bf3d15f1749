/**
 * `leasehold audit [lease]`: shows who did what and who authorized it, based on a record that is verified on this
 * machine. Also shows who was added to groups.
 */

import { exportText, verifyExport } from '@leasehold/broker';
import type { PersonKind } from '@leasehold/documents';
import type { Command } from 'commander';
import { auditAdministration } from '../broker/audit-administration';
import { fetchAudit, readExport } from '../broker/audit-export';
import { leaseIdOf, roleNameOf, speaking } from '../broker/broker-calls';
import { type BrokerFlags, brokerOptions, demandBroker } from '../broker/broker-location';
import { openBroker } from '../broker/open';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import { nowOf } from '../host';
import { auditJson, renderAudit, renderAudits, renderTrust, renderUnsigned } from '../render/audit';
import { changesJson, isProven, renderChanges, renderRevocations, renderUnsignedActs } from '../render/changes';
import { jsonText } from '../render/json';
import type { Shell } from '../shell';

interface Options extends BrokerFlags {
  readonly role?: string;
  readonly principal?: string;
  readonly revocations?: boolean;
  readonly seen?: string;
  readonly json?: boolean;
  readonly export?: boolean;
  readonly verify?: string;
  readonly root?: readonly string[];
  readonly signed?: boolean;
}

const KINDS: readonly [PersonKind, ...PersonKind[]] = ['approver', 'administrator', 'requester'];

export function audit(command: Command, shell: Shell): void {
  command
    .description(
      'Shows the events of a lease, and verifies on this machine that they are numbered without gaps, that each ' +
        'contains the hash of the previous one, and that each was permitted when it happened: for example, that ' +
        'nothing was issued without its approvals, and that no approval was for another grant. The audit verifies signatures ' +
        'of passkeys with the public keys in the records of the people who signed. The broker reports events that its ' +
        'own function did not write. With --role, the command audits every lease of a role in the last day. With --principal, ' +
        'it verifies and shows the changes that administrators made to the groups and the policy of a person or an ' +
        'agent. With --revocations, it verifies and shows who revoked all leases of a role, all leases of a requester, or the leases of all roles.',
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
        .createOption('--revocations', 'the revocations of more than one lease; for approvers and administrators')
        .conflicts(['role', 'principal', 'seen']),
    )
    .addOption(
      command
        .createOption('--seen <hash>', 'the last hash of an earlier audit: the record must still contain that event')
        .conflicts('role'),
    )
    .addOption(
      command
        .createOption('--export', 'print everything that proves the signatures, as JSON, for --verify elsewhere')
        .conflicts(['json', 'principal', 'revocations']),
    )
    .addOption(
      command
        .createOption('--verify <file>', 'verify an exported audit, without a broker and without credentials')
        .conflicts(['role', 'principal', 'revocations', 'export']),
    )
    .option('--root <thumbprint...>', 'the passkeys on which trust may depend, as you noted them at enrolment')
    .option('--signed', 'count every decision without a signature of a passkey as a finding')
    .option('--json', 'print the stored events, and the result of the audit, as JSON');
  brokerOptions(command, KINDS).action(
    shell.ends((id: string | undefined, options: Options) =>
      speaking(shell, (signal) =>
        options.principal === undefined && options.revocations !== true
          ? tell(id, options, shell, signal)
          : tellAdministration(id, options, shell, signal),
      ),
    ),
  );
  explainHelp(command, {
    examples: [
      ['leasehold audit lh-01jd3m8q4v7x2k9p5r6t0w1y2z', 'the events of one lease'],
      ['leasehold audit --role s3-deploy', 'whether every record of a role is valid'],
      ['leasehold audit --principal alice', 'who added alice to groups, when, and which roles that opened'],
      ['leasehold audit --revocations', 'who shut which roles, when and why'],
      ['leasehold audit --role s3-deploy --kind administrator --json > audit.json', 'as a file'],
      ['leasehold audit lh-01jd3m8q4v7x2k9p5r6t0w1y2z --export > lease.json', 'for an auditor without access'],
      ['leasehold audit --verify lease.json --root 3f0c… --signed', 'what that auditor does'],
    ],
    exits: {
      0: 'every record is valid, and every signature in it',
      1: 'a record is broken, impossible or unreadable, or a signature is not valid; or AWS or the broker refused the call',
    },
    details: '[Approving](approving.md#what-an-audit-shows) describes what an audit proves, and what it does not.',
  });
}

async function tell(text: string | undefined, options: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const { host, out } = shell;
  const { role: named, seen, json, verify, root: roots } = options;
  for (const hash of [...(seen === undefined ? [] : [seen]), ...(roots ?? [])]) demandHash(hash);
  if (verify === undefined && (text === undefined) === (named === undefined)) {
    throw new UsageError(text === undefined ? 'nothing is named' : 'too much is named', {
      expected: 'a lease, --role NAME, or --verify FILE',
      hint: 'Name one of them.',
    });
  }
  const id = text === undefined ? undefined : leaseIdOf(text);
  const role = named === undefined ? undefined : roleNameOf(named);
  const { unread, ...audit } =
    verify === undefined
      ? await fetchAudit(
          await openBroker(options, KINDS, shell, signal, demandBroker(options, shell)),
          id === undefined ? { role } : { id },
          signal,
        )
      : readExport(verify, id, shell);
  if (options.export) {
    host.out(exportText(audit));
    if (unread !== undefined) host.err(`error: ${unread}\n`);
    return unread === undefined ? EXIT.fine : EXIT.findings;
  }
  const verified = await verifyExport(audit, { roots, seen });
  const { leases } = verified;
  const now = nowOf(host);
  const [only] = leases;
  if (json) host.out(jsonText(auditJson(verified, now, unread)));
  else if (id !== undefined && only) host.out(renderAudit(only, now, out, host.outColumns));
  else host.out(renderAudits(leases, now, out, host.outColumns));
  if (!json) host.out(renderTrust(verified, out, host.outColumns));
  if (unread !== undefined) host.err(`error: ${unread}\n`);
  const unsigned = options.signed ? renderUnsigned(verified) : '';
  host.err(unsigned);
  const holds = unread === undefined && unsigned === '' && leases.every(({ valid }) => valid);
  return holds ? EXIT.fine : EXIT.findings;
}

function demandHash(text: string): void {
  if (/^[0-9a-f]{64}$/.test(text)) return;
  throw new UsageError(`"${text}" is not a hash`, {
    expected: '64 hexadecimal digits',
    hint: 'Take the hash from the last lines of the output of an earlier audit.',
  });
}

/**
 * Verifies and prints the changes of a principal, which only administrators may read, or the revocations of more than
 * one lease.
 */
async function tellAdministration(
  id: string | undefined,
  options: Options,
  shell: Shell,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { host, out } = shell;
  const { PRINCIPAL_NAME } = require('@leasehold/contract') as typeof import('@leasehold/contract');
  const { principal, root: roots, signed = false, json } = options;
  if (id !== undefined) {
    throw new UsageError('too much is named', {
      expected: 'a lease, --principal NAME, or --revocations',
      hint: 'Name one of them.',
    });
  }
  for (const hash of roots ?? []) demandHash(hash);
  if (principal !== undefined && !PRINCIPAL_NAME.test(principal)) {
    throw new UsageError(`"${principal}" is not the name of a principal`, {
      hint: 'Take it from `leasehold principals`.',
    });
  }
  const kinds: typeof KINDS = principal === undefined ? ['approver', 'administrator'] : ['administrator'];
  const broker = await openBroker(options, kinds, shell, signal, demandBroker(options, shell));
  const audited = await auditAdministration(
    broker,
    principal === undefined ? 'revocations' : { principal },
    roots,
    signal,
  );
  if (json) host.out(jsonText(changesJson(audited)));
  else if (principal === undefined) host.out(renderRevocations(audited, out, host.outColumns));
  else host.out(renderChanges(principal, audited, out, host.outColumns));
  if (signed) host.err(renderUnsignedActs(audited.verified));
  return isProven(audited.verified, signed) ? EXIT.fine : EXIT.findings;
}
