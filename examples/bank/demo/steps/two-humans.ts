/** A write in production: pending until two people have said yes to exactly this, then used, then taken back. */
import { granted, keysOf } from '../granted';
import { book, query, statement } from '../rows';
import type { Stage } from '../stage';
import type { Teller } from '../teller';

const REASON = 'Take back the rent of Mara that was booked twice on 5 October: support request sr-2041';

/** @returns the lease's id */
export async function twoHumans({ person, dynamodb }: Stage, teller: Teller): Promise<string> {
  teller.chapter('Mara’s rent was booked twice. Emil, who leads payment operations, is to correct it in production.');
  const emil = await person('emil', 'requester');
  const requested = await teller.goes(
    `POST /leases ledger-correction customer=c-1001: “${REASON}”`,
    () => emil.request({ role: 'ledger-correction', parameters: { customer: 'c-1001' }, reason: REASON }),
    granted,
  );
  const { id, grant, state } = requested.lease;
  teller.demand(state === 'pending' && requested.credentials === undefined, 'nothing is handed over yet');
  const hash = grant?.hash ?? '';
  teller.note(`What they say yes to is the grant ${short(hash)}: not a byte can change.`);

  const collect = 'POST /leases/…/collect';
  await teller.refused(`${collect}, by Emil`, () => emil.collect(id), { by: 'The broker', code: 'wrong-state' });
  const emilApproving = await person('emil', 'approver');
  await teller.refused('POST /leases/…/approve, by Emil, with MFA', () => emilApproving.approve(id, { hash }), {
    by: 'The broker',
    code: 'own-lease',
  });

  const olga = await person('olga', 'approver');
  const told = (lease: Awaited<ReturnType<typeof olga.approve>>) => ({
    outcome: `${lease.state}: ${lease.approval?.approvals.join(' and ')} said yes`,
  });
  const once = await teller.goes('POST /leases/…/approve, by Olga, with MFA', () => olga.approve(id, { hash }), told);
  teller.demand(once.state === 'pending', 'one yes is not enough');
  await teller.refused('POST /leases/…/approve, by Olga, once more', () => olga.approve(id, { hash }), {
    by: 'The broker',
    code: 'said-already',
  });
  await teller.refused(`${collect}, by Emil`, () => emil.collect(id), { by: 'The broker', code: 'wrong-state' });
  const ravi = await person('ravi', 'approver');
  const other = { hash: hash.replace(/.$/, (last) => (last === '0' ? '1' : '0')) };
  await teller.refused(`POST /leases/…/approve, by Ravi, of another grant`, () => ravi.approve(id, other), {
    by: 'The broker',
    code: 'another-grant',
  });
  const twice = await teller.goes('POST /leases/…/approve, by Ravi, with MFA', () => ravi.approve(id, { hash }), told);
  teller.demand(twice.state === 'approved', 'two people are enough');

  const collected = await teller.goes(`${collect}, by Emil`, () => emil.collect(id), granted);
  const client = dynamodb(keysOf(collected));
  await teller.goes(
    'dynamodb:PutItem bank-prod-transactions, customer = c-1001',
    () => book(client, 'c-1001', 'Correction of rent, sr-2041'),
    () => ({ outcome: 'booked' }),
  );
  const rows = await teller.goes(
    'dynamodb:Query bank-prod-transactions, customer = c-1001',
    () => query(client, 'transactions', 'customer', 'c-1001'),
    statement,
  );
  teller.demand(rows.length === 5, 'the correction stands among the transactions');
  await teller.refused(
    'dynamodb:PutItem bank-prod-transactions, customer = c-1002',
    () => book(client, 'c-1002', 'A gift'),
    { by: 'AWS', code: 'AccessDeniedException', says: /dynamodb:PutItem/ },
  );

  teller.chapter('Ada, the administrator, takes the lease back: the work is done.');
  const ada = await person('ada', 'administrator');
  await teller.goes(
    'POST /leases/…/revoke',
    () => ada.revoke(id, { because: 'The correction is booked' }),
    ({ leases }) => ({ outcome: `${leases.length} lease revoked` }),
  );
  await teller.refused(
    'dynamodb:PutItem bank-prod-transactions, customer = c-1001',
    () => book(client, 'c-1001', 'Once more'),
    { by: 'AWS', code: 'AccessDeniedException', says: /explicit deny/ },
  );
  teller.moral('Its minutes were not over. The very next call is denied by AWS.');
  return id;
}

function short(hash: string): string {
  return `${hash.slice(0, 12)}…`;
}
