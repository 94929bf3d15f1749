/** The usage as JSON, for programs. */
import { defined } from '@leasehold/contract/defined';
import type { Gathered } from '../gather';
import { gaps } from '../tally/coverage';
import type { Use } from '../tally/use';
import { type LeaseRecord, type LeaseRecords, recordsOf } from './records';
import type { EntryUsage, RoleUsage } from './usage';

/**
 * Version of the JSON format. Removing a field or changing its meaning increases the version; adding a field does not.
 */
const VERSION = 1;

/** The usage of every role as JSON. Text from records is neither escaped nor changed. */
export function usageJson(gathered: Gathered, usage: readonly RoleUsage[], { records, broken }: LeaseRecords) {
  const { coverage, problems, problemCount, complete, resumed, unitsOfOthers, maybeRepeated } = gathered;
  return {
    version: VERSION,
    complete,
    coverage: [...coverage].map(([account, each]) => ({
      account,
      records: each.records,
      ofRoles: each.ours,
      notOfRoles: each.foreign,
      repeated: each.repeated,
      ...defined({ from: isoOf(each.first), to: isoOf(each.last) }),
      regions: [...each.regions].sort(),
      sources: [...each.kinds].sort(),
      daysWithoutRecords: gaps(each).map((day) => isoOf(day * 86_400)?.slice(0, 10)),
    })),
    problems,
    problemCount,
    filesOfOtherAccounts: unitsOfOthers,
    resumed,
    countsMayRepeat: maybeRepeated,
    brokenRecords: broken,
    roles: usage.map((each) => roleJson(each, records)),
  };
}

function roleJson({ of, tally, entries, nothing, denials }: RoleUsage, records: LeaseRecords['records']) {
  const own = recordsOf(of, records);
  return {
    environment: of.environment.name,
    role: of.role.name,
    ...askedAndGranted({ of, tally }, records),
    calls: tally.calls,
    deniedCalls: tally.denied,
    ...defined({ nothingClaimed: nothing }),
    actions: entries.filter(({ list }) => list === 'actions').map(entryJson),
    resources: entries.filter(({ list }) => list === 'resources').map(entryJson),
    usedActions: usesJson(tally.actions),
    usedOutsideDefinition: usesJson(tally.outside),
    eventsNotUnderstood: usesJson(tally.unmapped),
    denials: denials.map(({ action, event, resource, how, calls, first, last, leases }) => ({
      ...defined({ action, resource, how }),
      event,
      calls,
      first: isoOf(first),
      last: isoOf(last),
      leases: [...leases],
      leasesThatWorkedOtherwise: [...leases].filter((id) => (tally.leases.get(id)?.calls ?? 0) > 0).length,
    })),
    leases: [...new Set([...tally.leases.keys(), ...own.map(({ lease }) => lease)])].map((id) =>
      leaseJson(id, tally.leases.get(id), records.get(id)),
    ),
  };
}

function leaseJson(
  id: string,
  lease: RoleUsage['tally']['leases'] extends ReadonlyMap<string, infer L> ? L | undefined : never,
  record: LeaseRecord | undefined,
) {
  return {
    lease: id,
    granted: lease?.granted ?? record?.outcome === 'issued',
    ...defined({
      requestedAt: isoOf(lease?.requestedAt ?? record?.requestedAt),
      reason: record?.reason ?? lease?.reason,
      requester: record?.requester ?? lease?.sourceIdentity,
      outcome: record?.outcome,
      denialCode: record?.denialCode,
    }),
    approvedBy: record?.approvedBy ?? [],
    tags: [...(lease?.tags ?? [])].map(([key, value]) => ({ key, value })),
    calls: lease?.calls ?? 0,
    deniedCalls: lease?.denied ?? 0,
    actions: [...(lease?.actions ?? [])].map(([action, { calls }]) => ({ action, calls })),
  };
}

/** How often a role was requested, granted and refused by the broker and by STS. Each lease is counted once. */
export function askedAndGranted(
  { of, tally }: Pick<RoleUsage, 'of' | 'tally'>,
  records: LeaseRecords['records'],
): { readonly asked: number; readonly granted: number; readonly refused: number } {
  const own = recordsOf(of, records);
  const granted = new Set([...tally.leases].filter(([, lease]) => lease.granted).map(([id]) => id));
  for (const { lease, outcome } of own) if (outcome === 'issued' || outcome === 'revoked') granted.add(lease);
  const asked = new Set([...tally.leases.keys(), ...own.map(({ lease }) => lease), ...granted]);
  const named = [...tally.leases.values()].filter((lease) => !lease.granted).length;
  const unnamed = Math.max(0, tally.refused - named);
  return { asked: asked.size + unnamed, granted: granted.size, refused: asked.size + unnamed - granted.size };
}

function entryJson({ text, at, status, why, use, leases, samples, narrower }: EntryUsage) {
  return {
    text,
    at: { file: at.file, line: at.line, column: at.column },
    status,
    ...defined({ why, leases, onlyUsed: narrower }),
    calls: use?.calls ?? 0,
    ...defined({ first: isoOf(use?.first), last: isoOf(use?.last) }),
    samples,
  };
}

function usesJson(uses: ReadonlyMap<string, Use>) {
  return [...uses]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { calls, first, last }]) => ({ name, calls, first: isoOf(first), last: isoOf(last) }));
}

function isoOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
