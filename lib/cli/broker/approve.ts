/**
 * Approves a lease at the broker. The approval contains the hash of the grant that was shown to the approver. The
 * command computes this hash on this machine from the record.
 */

import { type FoldedLease, isOwnLease, stateAt } from '@leasehold/broker';
import { defined } from '@leasehold/contract/defined';
import { moment, visible } from '@leasehold/contract/text';
import { LeaseError } from '@leasehold/runtime';
import { BrokerProblem, type LeaseView } from '@leasehold/runtime/broker';
import { demandTerminal, saysYes } from '../confirm';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { nowOf } from '../host';
import { tellRefusal } from '../leasing';
import { renderWaiting } from '../render/grant';
import { renderLeases } from '../render/leases';
import { count, wrap } from '../render/text';
import type { Shell } from '../shell';
import { leaseIdOf } from './broker-calls';
import type { BrokerFlags, BrokerPlace } from './broker-location';
import { type OpenBroker, openBroker } from './open';
import { fetchLeases, tellBroken } from './pages';
import { fetchLease } from './record';

interface Options extends BrokerFlags {
  readonly place: BrokerPlace;
  /** The beginning of the hash that the caller saw. Without this value, the command asks a person for confirmation. */
  readonly yes: string | undefined;
}

/**
 * Checks the typed beginning of a hash. The beginning must be long enough that no other hash matches it by chance.
 * @throws UsageError
 */
export function hashPrefix(text: string): string {
  if (/^[0-9a-f]{8,64}$/i.test(text)) return text.toLowerCase();
  throw new UsageError(`"${text}" is not how a hash begins`, {
    expected: 'at least 8 hexadecimal digits',
    hint: 'Copy these digits from the grant that you were shown, never directly from the broker. Otherwise you would approve whatever grant the broker returns.',
  });
}

/**
 * Shows a lease, asks for confirmation, and approves the lease.
 * @param text The lease's id. Default: the only lease that the signed-in person can approve.
 * @throws UsageError, LeaseError
 */
export async function approveLease(
  text: string | undefined,
  options: Options,
  shell: Shell,
  signal: AbortSignal,
): Promise<ExitCode> {
  const named = text === undefined ? undefined : leaseIdOf(text);
  const { yes, place } = options;
  if (yes === undefined) demandTerminal(shell, '--yes with the beginning of the hash that you saw');
  const broker = await openBroker(options, ['approver'], shell, signal, place);
  const id = named ?? (await onlyOne(broker, shell, signal));
  if (id === undefined) return EXIT.fine;
  for (;;) {
    const { lease, proposal } = await show(id, broker, shell, signal);
    const { hash } = proposal;
    if (yes !== undefined && !hash.startsWith(yes)) {
      const message = `the grant of ${id} is not the one that you saw: its hash begins with ${hash.slice(0, yes.length)}`;
      return tellRefusal({ code: 'another-grant', message, hint: 'Look at it as it is now.' }, shell);
    }
    const question = `Approve grant ${hash.slice(0, 12)}… of ${visible(lease.requester.name)} as ${visible(broker.as.name)}?`;
    if (yes === undefined && !(await saysYes(question, shell, signal))) {
      shell.host.err(`note: not approved; it goes on waiting. To end it: leasehold deny ${id} --because "…"\n`);
      return EXIT.findings;
    }
    try {
      tellApproved(await broker.client.approve(id, { hash }, { signal }), broker, shell);
      return EXIT.fine;
    } catch (error) {
      const changed = error instanceof BrokerProblem && error.problem.code === 'another-grant';
      if (!changed || yes !== undefined) throw error;
      shell.host.err('note: the grant has changed since it was shown; this is how it is now\n\n');
    }
  }
}

/**
 * The id of the only lease that the signed-in person can approve. If there are several leases, lists them; if there
 * is no lease, reports that.
 */
async function onlyOne(broker: OpenBroker, shell: Shell, signal: AbortSignal): Promise<string | undefined> {
  const { host, out } = shell;
  const { name } = broker.as;
  const found = await fetchLeases(broker, { open: true }, signal);
  tellBroken(found, shell);
  const mine = found.leases.filter(
    ({ approval }) => approval?.approvers.includes(name) && !approval.approvals.includes(name),
  );
  const [only, ...others] = mine;
  if (only !== undefined && others.length === 0) return only.id;
  host.out(
    only === undefined
      ? `Nothing waits for ${visible(name)} at the broker.\n`
      : renderLeases(mine, nowOf(host), out, host.outColumns),
  );
  if (only !== undefined) host.err('note: name the one to answer: leasehold approve <id>\n');
  return undefined;
}

/**
 * Shows a lease that the caller can approve.
 * @throws LeaseError if the caller cannot approve it
 */
async function show(id: string, broker: OpenBroker, shell: Shell, signal: AbortSignal) {
  const { client, place, as } = broker;
  const lease = await fetchLease(broker, id, signal);
  const now = nowOf(shell.host);
  const { proposal } = lease;
  if (proposal === undefined || stateAt(lease, now) !== 'pending') throw notOpen(lease, as.name, now);
  const { grant } = proposal;
  const { manifest } = place;
  if (manifest !== undefined && (manifest.environment !== grant.environment || manifest.account !== grant.account)) {
    const message = `${id} is a lease in ${grant.project} ${grant.environment}, and the manifest is of ${manifest.stack}`;
    throw new LeaseError('denied', message, 'Specify the manifest of the stack that you want to use.', false);
  }
  const view = await client.status(id, { signal });
  const role =
    manifest !== undefined && Object.hasOwn(manifest.roles, grant.role) ? manifest.roles[grant.role] : undefined;
  const purpose = role?.purpose ?? (view.grant?.role === grant.role ? view.grant.purpose : undefined);
  shell.host.out(
    renderWaiting({ lease, proposal, purpose, ...defined({ entry: role }), now }, shell.out, shell.host.outColumns),
  );
  demandAnswerOf(as.name, lease, proposal);
  return { lease, proposal };
}

/** Reports every reason for which the broker would refuse the approval, before the command asks a person. */
function demandAnswerOf(name: string, lease: FoldedLease, { approvers }: NonNullable<FoldedLease['proposal']>): void {
  const { id, requester, subject, approvals } = lease;
  const no = (message: string, hint: string) => new LeaseError('denied', message, hint, false);
  if (isOwnLease({ name }, requester, subject)) {
    throw no(`${name} cannot approve a lease of their own`, 'Let another approver answer.');
  }
  if (!approvers.includes(name)) {
    throw no(`${name} is not among the approvers of ${id}`, `Have one of them answer: ${approvers.join(', ')}.`);
  }
  if (approvals.includes(name)) throw no(`${id} is already approved by you`, 'Wait for the other approvers.');
}

function notOpen(lease: FoldedLease, name: string, now: number): LeaseError {
  const state = stateAt(lease, now);
  if (['approved', 'issued'].includes(state) && lease.approvals.includes(name)) {
    const hint = `No further approval is needed; ${lease.requester.name} can collect the lease.`;
    return new LeaseError('denied', `${lease.id} is already approved by you, and is ${state}`, hint, false);
  }
  const because = lease.because === undefined ? '' : `: ${lease.because}`;
  return new LeaseError(
    'denied',
    `${lease.id} waits for nobody: it is ${state}${because}`,
    `\`leasehold audit ${lease.id}\` tells its story.`,
    false,
  );
}

function tellApproved({ approval, state, requester }: LeaseView, { as }: OpenBroker, { host }: Shell): void {
  const { humans = 0, approvals = [], approvers = [], until = 0 } = approval ?? {};
  const missing = Math.max(0, humans - approvals.length);
  const others = approvers.filter((name) => !approvals.includes(name));
  const [said, next] =
    state === 'pending'
      ? [`${approvals.length} of ${count(humans, 'human')}`, `Still needed: ${missing} of ${others.join(', ')}`]
      : ['that was the last yes it needed', `${requester} can collect it`];
  const columns = host.outColumns ?? Number.POSITIVE_INFINITY;
  host.out(`\nApproved as ${visible(as.name)}: ${said}.\n`);
  host.out(`${wrap(visible(`${next}, until ${moment(until)}.`), columns).join('\n')}\n`);
}
