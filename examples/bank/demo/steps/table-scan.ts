/** An analyst gets the sums that are made for her, and no scan of the customers' rows by any way. */
import { granted, keysOf } from '../granted';
import { query, scan } from '../rows';
import type { Stage } from '../stage';
import type { Teller } from '../teller';

const REASON = 'Compare the daily totals of October with the forecast, for the monthly report';

export async function tableScan({ person, dynamodb }: Stage, teller: Teller): Promise<void> {
  teller.chapter('Nora, an analyst, wants the whole table of transactions.');
  const nora = await person('nora', 'requester');
  const scanning = 'Scan the whole table of transactions for the monthly report';
  await teller.refused(`POST /leases: “${scanning}”`, () => nora.request({ intent: scanning }), {
    by: 'The broker',
    code: 'reviewer-denied',
  });
  await teller.refused(
    'POST /leases customer-transactions',
    () => nora.request({ role: 'customer-transactions', reason: REASON }),
    { by: 'The broker', code: 'not-eligible' },
  );
  await teller.refused(
    'POST /leases daily-report month=2026-10, with dynamodb:Scan',
    () =>
      nora.request({
        role: 'daily-report',
        parameters: { month: '2026-10' },
        actions: ['dynamodb:Query', 'dynamodb:Scan'],
        reason: REASON,
      }),
    { by: 'The broker', code: 'outside-envelope', says: /dynamodb:Scan/ },
  );
  const requested = await teller.goes(
    `POST /leases daily-report month=2026-10: “${REASON}”`,
    () => nora.request({ role: 'daily-report', parameters: { month: '2026-10' }, reason: REASON }),
    granted,
  );
  const client = dynamodb(keysOf(requested));
  await teller.goes(
    'dynamodb:Query bank-prod-daily-totals, month = 2026-10',
    () => query(client, 'daily-totals', 'month', '2026-10'),
    (rows) => ({
      outcome: `${rows.length} rows`,
      lines: rows.map(({ month, day, bookings, euros }) => `${month}-${day}  ${bookings} bookings  ${euros} EUR`),
    }),
  );
  await teller.refused('dynamodb:Scan bank-prod-transactions', () => scan(client, 'transactions'), {
    by: 'AWS',
    code: 'AccessDeniedException',
    says: /dynamodb:Scan/,
  });
  teller.moral('No role of this bank has a scan: there is nothing that anybody could approve by mistake.');
}
