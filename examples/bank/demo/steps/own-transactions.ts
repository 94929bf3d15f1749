/** A customer's own transactions: asked for by intent, granted, and really read. And nobody else's with the same lease. */
import { actionsOf, granted, keysOf } from '../granted';
import { query, scan, statement } from '../rows';
import type { Stage } from '../stage';
import type { Teller } from '../teller';

export async function ownTransactions({ agent, login, dynamodb }: Stage, teller: Teller): Promise<void> {
  teller.chapter('Mara (c-1001) asks the assistant in the bank’s app what she paid in October.');
  const intent = 'Tell Mara what she paid in October';
  const requested = await teller.goes(
    `POST /leases: “${intent}”, on behalf of Mara, by her token`,
    () => agent('assistant').request({ intent, subjectToken: login.token('c-1001') }),
    granted,
  );
  const { lease } = requested;
  teller.demand(lease.grant?.parameters.customer === 'c-1001', 'the customer is the one of the token');
  teller.demand(actionsOf(lease).join() === 'dynamodb:Query', 'the reviewer chose the one action that is needed');
  const client = dynamodb(keysOf(requested));
  const rows = await teller.goes(
    'dynamodb:Query bank-prod-transactions, customer = c-1001',
    () => query(client, 'transactions', 'customer', 'c-1001'),
    statement,
  );
  teller.demand(rows.length === 4 && rows.every(({ customer }) => customer === 'c-1001'), 'the rows are Mara’s four');
  teller.moral('Nobody named a table or a customer. The reviewer chose role and action; the customer is in the token.');

  teller.chapter('With the same lease it tries what is not Mara’s.');
  await teller.refused(
    'dynamodb:Query bank-prod-transactions, customer = c-1002',
    () => query(client, 'transactions', 'customer', 'c-1002'),
    { by: 'AWS', code: 'AccessDeniedException', says: /dynamodb:Query/ },
  );
  await teller.refused('dynamodb:Scan bank-prod-transactions', () => scan(client, 'transactions'), {
    by: 'AWS',
    code: 'AccessDeniedException',
    says: /dynamodb:Scan/,
  });
  await teller.refused(
    'dynamodb:Query bank-prod-balances, customer = c-1001',
    () => query(client, 'balances', 'customer', 'c-1001'),
    { by: 'AWS', code: 'AccessDeniedException', says: /bank-prod-balances/ },
  );
  teller.moral('Jonas’s rows, the whole table, even Mara’s own balance: another lease, or none.');
}
