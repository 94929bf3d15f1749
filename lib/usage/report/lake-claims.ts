/** Decides whether queries of CloudTrail Lake cover everything that a role did in the time window. */
import { roleArn } from '@leasehold/documents';
import type { Gathered } from '../gather';
import { type LakeQuery, selectsRole } from '../lake/query';
import type { RoleInEnvironment } from '../record/attribution';
import type { Coverage } from '../tally/coverage';
import type { EventDataStore, Recorders } from './selectors';

/** The event data stores whose queries cover a role, or the reason why no event data store is known to cover it. */
export type LakeCover =
  | { readonly kind: 'covered'; readonly stores: readonly EventDataStore[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** @see LakeCover */
export function lakeCover(
  { role, environment }: RoleInEnvironment,
  { lakeQueries, first, last }: Coverage,
  { window }: Pick<Gathered, 'window'>,
  recorders: Recorders,
): LakeCover {
  const { account } = environment;
  const owner = { arn: roleArn(role, environment), account };
  const queries = [...lakeQueries].filter((query) => selectsRole(query, owner));
  if (queries.length === 0) return unknown('no known query of CloudTrail Lake selects all events of the role');
  const from = window.since ?? first ?? 0;
  const to = window.until ?? (last ?? 0) + 1;
  if (!covers(queries, from, to)) {
    return unknown('the queries of CloudTrail Lake do not cover the whole time');
  }
  const stores: EventDataStore[] = [];
  for (const id of new Set(queries.map(({ store }) => store))) {
    const store = recorders.store(id, account);
    if (store === undefined) return unknown(`what the event data store ${id} records is not known`);
    if (store.since === undefined || store.since > from) {
      return unknown(`the event data store ${id} is not known to have recorded the whole time`);
    }
    if (store.retention === undefined) return unknown(`how long the event data store ${id} keeps events is not known`);
    stores.push(store);
  }
  if (
    !covers(
      queries.map((query) => asKept(query, stores)),
      from,
      to,
    )
  ) {
    return unknown('a part of the time was no longer in the event data stores when the queries ran');
  }
  return { kind: 'covered', stores };
}

function unknown(why: string): LakeCover {
  return { kind: 'unknown', why };
}

/** The query, limited to the period whose events were still in the event data store when the query ran. */
function asKept(query: LakeQuery, stores: readonly EventDataStore[]): LakeQuery {
  const { retention = 0 } = stores.find(({ id }) => id === query.store) ?? {};
  return { ...query, since: Math.max(query.since, query.created - retention) };
}

/** Whether the time windows of the queries cover an entire period without a gap. */
function covers(queries: readonly LakeQuery[], from: number, to: number): boolean {
  let end = from;
  for (const { since, until } of [...queries].sort((a, b) => a.since - b.since)) {
    if (since <= end) end = Math.max(end, until);
  }
  return end >= to;
}
