/** Leases in every state, from the last three hours. */
import { BrokerProblem } from '@leasehold/runtime/broker';
import type { Stage } from '../stage';
import type { Approvers } from './people';

const HOUR = 3600;

/**
 * Requests leases, and has them answered, collected, revoked or left alone.
 * @param passkeys Registers the passkeys of the approvers, three hours ago.
 * @returns the approvers, and the lease that waits for two approvals
 */
export async function makeLeases(
  stage: Stage,
  passkeys: (stage: Stage) => Promise<Approvers>,
): Promise<{ readonly approvers: Approvers; readonly waiting: string }> {
  const { agent, person, dev } = stage;
  const { clock } = dev.sandbox;
  const operator = agent('operator');
  const release = async (service: string, reason: string) =>
    (await operator.request({ role: 'release-config', parameters: { service }, reason })).lease.id;
  const correction = async (customer: string, reason: string) => {
    const emil = await person('emil', 'requester');
    return (await emil.request({ role: 'ledger-correction', parameters: { customer }, reason })).lease.id;
  };

  clock.advance(-3 * HOUR);
  const registered = await passkeys(stage);
  // Each session of a person ends after an hour.
  const signIn = async (name: 'emil' | 'hana') => registered[name].signedInAgain(await person(name, 'approver'));
  const approveTwice = async (lease: string) => {
    await (await signIn('emil')).approve(lease);
    await (await signIn('hana')).approve(lease);
  };
  // Lapsed: nobody answered.
  await correction('c-1003', 'Take back the card fee of October: complaint cp-311');
  await dev.sweep();

  clock.advance(HOUR);
  // Expired: used, and over.
  const used = await release('onboarding', 'Set release 2.8.1 of onboarding live, ticket OPS-871');
  await approveTwice(used);
  await operator.collect(used);
  // Denied by the reviewer.
  const nora = () => person('nora', 'requester');
  const report = { role: 'daily-report', parameters: { month: '2026-10' } };
  await (await nora()).request({ ...report, reason: 'Export all rows of October for the auditors' }).catch(onlyDenials);

  clock.advance(HOUR + 1800);
  // Denied by an approver.
  const refused = await correction('c-1002', 'Credit 40 euros as a goodwill gesture: complaint cp-318');
  const hana = await person('hana', 'approver');
  await hana.deny(refused, { because: 'Goodwill credits are booked by the branch, not by payment operations' });

  clock.advance(1800);
  await dev.sweep();
  // Revoked: the release was withdrawn.
  const withdrawn = await release('cards', 'Set release 5.0.0 of cards live, ticket OPS-874');
  await approveTwice(withdrawn);
  await operator.collect(withdrawn);
  const ada = await person('ada', 'administrator');
  await ada.revoke(withdrawn, { because: 'Release 5.0.0 was withdrawn' });
  // Issued: no human has to approve it.
  await (await nora()).request({
    role: 'ops-metrics',
    parameters: {},
    reason: 'Look at the error rate of cards after OPS-874',
  });
  // Approved, and not collected yet.
  const approved = await release('cards', 'Set release 4.9.7 of cards live again, ticket OPS-875');
  await approveTwice(approved);
  // Pending: one approval of two, and none.
  const once = await release('payments', 'Set release 3.2.0 of payments live, ticket OPS-880');
  await (await signIn('hana')).approve(once);
  const waiting = await correction('c-1001', 'Take back the rent of Mara that was booked twice on 5 October: sr-2041');
  const deputy = registered.deputy.signedInAgain(await person('bruno', 'administrator'));
  return { approvers: { ...registered, deputy }, waiting };
}

/** The reviewer's denial is the expected answer. */
function onlyDenials(error: unknown): void {
  if (!(error instanceof BrokerProblem && error.problem.code === 'reviewer-denied')) throw error;
}
