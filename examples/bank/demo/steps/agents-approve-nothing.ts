/** An agent that asks for a write in production cannot say yes to it: AWS does not let it call that route at all. */
import { granted } from '../granted';
import { rawPost } from '../raw-call';
import type { Stage } from '../stage';
import type { Teller } from '../teller';

export async function agentsApproveNothing(stage: Stage, teller: Teller): Promise<void> {
  const { agent, person, dev } = stage;
  teller.chapter('The operator, an agent, wants a release live in production, and approves it itself.');
  const operator = agent('operator');
  const reason = 'Set release 7.4.0 of payments live, as change CHG-318 asks';
  const { lease } = await teller.goes(
    `POST /leases release-config service=payments: “${reason}”`,
    () => operator.request({ role: 'release-config', parameters: { service: 'payments' }, reason }),
    granted,
  );
  const hash = lease.grant?.hash ?? '';
  const approve = () => rawPost(stage, dev.agent('operator'), `/leases/${lease.id}/approve`, { hash });
  await teller.refused('POST /leases/…/approve, by the operator', approve, { by: 'AWS', code: '403' });
  teller.note(dev.sandbox.log.last?.decisions[0]?.because ?? '');
  const olga = await person('olga', 'approver');
  const denied = await teller.goes(
    'POST /leases/…/deny, by Olga, with MFA',
    () => olga.deny(lease.id, { because: 'CHG-318 is for next week' }),
    ({ state, because }) => ({ outcome: `${state}: ${because}` }),
  );
  teller.demand(denied.state === 'denied', 'one no ends it');
  await teller.refused('POST /leases/…/collect, by the operator', () => operator.collect(lease.id), {
    by: 'The broker',
    code: 'approver-denied',
  });
  teller.moral('An agent’s identity can ask and collect. The yes and the no are people’s, and one no is enough.');
}
