/** Reads the records of all people whose keys are needed to verify signatures. */
import { inBatches } from '../batches';
import { administratorOf } from './administration';

/** Whether at least one of the events of a lease is signed. */
function isSigned(event: unknown): boolean {
  return (event as { body?: { assertion?: unknown } } | null)?.body?.assertion !== undefined;
}

/**
 * Names of the people who signed events. Their records are needed to verify the events: {@link readPeopleRecords}.
 * @param events Events of leases and of people, unverified.
 */
export function namedPeople(events: readonly unknown[]): readonly string[] {
  const names = new Set<string>();
  for (const event of events.filter(isSigned)) {
    const { by } = (event as { body: { by?: unknown } }).body;
    const name = typeof by === 'string' ? administratorOf({ by }) : (by as { name?: unknown })?.name;
    if (typeof name === 'string') names.add(name);
  }
  return [...names].sort();
}

/** Maximum number of records that are read in parallel. */
const AT_ONCE = 6;
/**
 * Maximum number of people whose records are read only because other records name them. Without this limit, a broker
 * could name new people endlessly.
 */
const MOST_NAMED = 1000;

/**
 * Reads the records of people, of the people who signed events in these records, and so on.
 * @param read Reads the record of one person. Without `events`, the record cannot be read.
 * @returns the records, by the names that were asked for: the name in an answer is not trusted. Records beyond a limit
 *   are missing, so the signatures of these people are not valid.
 */
export async function readPeopleRecords<R extends { readonly events: readonly unknown[] | undefined }>(
  names: readonly string[],
  read: (name: string) => Promise<R>,
): Promise<ReadonlyMap<string, R>> {
  const records = new Map<string, R>();
  const most = new Set(names).size + MOST_NAMED;
  for (let missing: readonly string[] = [...new Set(names)]; missing.length > 0; ) {
    const answers = await inBatches(missing, AT_ONCE, async (name) => [name, await read(name)] as const);
    for (const [name, record] of answers) records.set(name, record);
    const events = missing.flatMap((name) => records.get(name)?.events ?? []);
    missing = namedPeople(events)
      .filter((name) => !records.has(name))
      .slice(0, most - records.size);
  }
  return records;
}
