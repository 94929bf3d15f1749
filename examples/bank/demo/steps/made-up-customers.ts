/** Who the customer is says a signature alone. */
import { rawPost } from '../raw-call';
import type { Stage } from '../stage';
import type { Teller } from '../teller';

const INTENT = 'Tell the customer what they paid in October';

export async function madeUpCustomers(stage: Stage, teller: Teller): Promise<void> {
  const { agent, login, dev } = stage;
  const assistant = agent('assistant');
  const plainField = () => rawPost(stage, dev.agent('assistant'), '/leases', { intent: INTENT, subject: 'c-1002' });
  teller.chapter('It says that it acts for Jonas (c-1002), who is not signed in.');
  await teller.refused(
    'POST /leases, with a token of Jonas that somebody else signed',
    () => assistant.request({ intent: INTENT, subjectToken: login.forged('c-1002') }),
    { by: 'The broker', code: 'subject-invalid', says: /signature/ },
  );
  await teller.refused(
    'POST /leases, with a token of Jonas from yesterday',
    () => assistant.request({ intent: INTENT, subjectToken: login.token('c-1002', -86_400) }),
    { by: 'The broker', code: 'subject-invalid', says: /expired/ },
  );
  await teller.refused('POST /leases, with “subject”: “c-1002” as a field', plainField, {
    by: 'The broker',
    code: 'malformed',
  });
  await teller.refused(
    'POST /leases customer-transactions customer=c-1002, on behalf of Mara',
    () =>
      assistant.request({
        role: 'customer-transactions',
        parameters: { customer: 'c-1002' },
        reason: INTENT,
        subjectToken: login.token('c-1001'),
      }),
    { by: 'The broker', code: 'invalid-request', says: /subject\.claims\.username/ },
  );
  teller.moral('No field says who somebody is: not a token that others signed, not a name, not a parameter.');
}
