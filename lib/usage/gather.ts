/**
 * Reads every unit of the event sources and counts the calls of the project's roles. An interrupted run can be resumed.
 */
import { types } from 'node:util';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import { type Catalogue, loadCatalogueFor } from '@leasehold/policy';
import { TrailError } from './error';
import { ReadAhead } from './read/ahead';
import { type ProblemKind, ProblemLog, type TrailProblem } from './read/problem';
import type { StreamReader } from './read/stream';
import type { TrailUnit } from './read/unit';
import type { Unpacked } from './read/unpack';
import { Attributor } from './record/attribution';
import { readRecord } from './record/record';
import { type Coverage, emptyCoverage, noteListing, noteRecord } from './tally/coverage';
import { SeenEvents } from './tally/seen';
import type { StateFile } from './tally/state-file';
import { type RoleTally, Tally } from './tally/tally';

export interface GatherOptions {
  /** Parts of the event sources, in reading order. */
  readonly units: readonly TrailUnit[];
  /** In seconds since 1970. Earlier events are ignored. @default no event is ignored */
  readonly since?: number;
  /** Only events before this time are counted. @default no event is ignored */
  readonly until?: number;
  /**
   * The file in which the progress is stored, so that an interrupted run can be resumed.
   * @default the progress is not stored
   */
  readonly state?: StateFile;
  /** Called after each chunk and each unit. */
  readonly onProgress?: (progress: Progress) => void;
  /** Stops reading after the current unit. The state file then contains the progress so far. */
  readonly signal?: AbortSignal;
}

export interface Progress {
  readonly units: number;
  readonly unitsDone: number;
  /** Compressed sizes, in bytes, of the finished units and of all units. */
  readonly sizeDone: number;
  readonly size: number;
  /** Uncompressed bytes read in this run. */
  readonly bytes: number;
}

/** The data about the project's roles that the event sources contain. */
export interface Gathered {
  readonly environments: readonly Environment[];
  /** The requested time window, in seconds since 1970. */
  readonly window: { readonly since?: number; readonly until?: number };
  readonly catalogue: Catalogue;
  readonly roles: ReadonlyMap<string, RoleTally>;
  /** By account. */
  readonly coverage: ReadonlyMap<string, Coverage>;
  /** One entry for each location and each kind of problem at that location, limited to the first hundred entries. */
  readonly problems: readonly TrailProblem[];
  /** Total number of problems. */
  readonly problemCount: number;
  /** Number of skipped units that belong to other accounts. */
  readonly unitsOfOthers: number;
  /** Number of units that were skipped because an earlier run had read them. */
  readonly resumed: number;
  /** Whether events may have been counted twice, because not every duplicate was detected. */
  readonly maybeRepeated: boolean;
  /** Whether all units were read. */
  readonly complete: boolean;
}

/**
 * Of the records of other identities, only a sample is used as evidence of coverage: the first `SAMPLE_FIRST` records
 * of each unit, and then one of every `SAMPLE_EACH` records.
 */
const SAMPLE_FIRST = 8;
const SAMPLE_EACH = 256;

/** @see Gathered */
export async function gather(environments: readonly Environment[], options: GatherOptions): Promise<Gathered> {
  const catalogue = await loadCatalogueFor(actionsOf(environments));
  const attributor = new Attributor(environments);
  const earlier = options.state?.load();
  const tally = new Tally(attributor.roles, catalogue, earlier?.roles);
  const coverage = new Map<string, Coverage>(
    environments.map(({ account }) => [account, earlier?.coverage.get(account) ?? emptyCoverage()]),
  );
  const seen = new SeenEvents(earlier?.seen);
  const problems = new ProblemLog(earlier?.problems);
  const done = new Map(earlier?.done ?? []);
  const size = options.units.reduce((sum, unit) => sum + unit.size, 0);
  const progress = { units: options.units.length, unitsDone: 0, sizeDone: 0, size, bytes: 0 };
  let [unitsOfOthers, resumed, complete] = [0, 0, true];
  const state = () => ({ roles: tally.roles, coverage, problems, done, seen });
  const isForeign = ({ account }: TrailUnit) => account !== undefined && !attributor.hasAccount(account);
  const isDone = (unit: TrailUnit) => done.get(unit.place) === fingerprintOf(unit);
  const ahead = new ReadAhead(options.units, (unit) => !isForeign(unit) && !isDone(unit));
  try {
    for (const [index, unit] of options.units.entries()) {
      if (options.signal?.aborted) {
        complete = false;
        break;
      }
      if (isForeign(unit)) unitsOfOthers += 1;
      else if (isDone(unit)) resumed += 1;
      else {
        // The problems of an earlier attempt may be gone.
        problems.forget(unit.place);
        let opened = true;
        const problem = (kind: ProblemKind) => {
          problems.add(unit.place, kind);
          if (kind === 'unopened') opened = false;
        };
        const reading = { attributor, tally, coverage, seen, options, problem };
        await readUnit(unit, ahead.at(index), reading, (bytes) => {
          progress.bytes += bytes;
          options.onProgress?.({ ...progress });
        });
        if (opened) done.set(unit.place, fingerprintOf(unit));
        else done.delete(unit.place);
        options.state?.keep(state());
      }
      if (unit.query) for (const each of coverage.values()) each.lakeQueries.add(unit.query);
      progress.unitsDone += 1;
      progress.sizeDone += unit.size;
      options.onProgress?.({ ...progress });
    }
  } finally {
    ahead.close();
  }
  options.state?.keep(state(), 'now');
  return {
    environments,
    window: defined({ since: options.since, until: options.until }),
    catalogue,
    roles: tally.roles,
    coverage,
    problems: problems.list(),
    problemCount: problems.count,
    unitsOfOthers,
    resumed,
    maybeRepeated: seen.unsure,
    complete,
  };
}

/** A unit that is read as another kind of source is not the same unit. */
function fingerprintOf({ kind, fingerprint }: TrailUnit): string {
  return `${kind} ${fingerprint}`;
}

interface Reading {
  readonly attributor: Attributor;
  readonly tally: Tally;
  readonly coverage: ReadonlyMap<string, Coverage>;
  readonly seen: SeenEvents;
  readonly options: GatherOptions;
  readonly problem: (kind: ProblemKind) => void;
}

async function readUnit(
  unit: TrailUnit,
  opened: Unpacked | undefined,
  reading: Reading,
  read: (bytes: number) => void,
): Promise<void> {
  const { attributor, tally, coverage, seen, problem } = reading;
  const { since = 0, until = Number.POSITIVE_INFINITY } = reading.options;
  const own = unit.account === undefined ? undefined : coverage.get(unit.account);
  let index = 0;
  let listing = false;
  const record = (bytes: Buffer) => {
    if (own) own.records += 1;
    const sampled = index < SAMPLE_FIRST || index % SAMPLE_EACH === 0;
    index += 1;
    if (!sampled && !attributor.mayConcern(bytes)) return;
    const found = readRecord(bytes);
    // Without the sandbox's verdict, it is not known whether the sandbox allowed the call.
    if (found === undefined || (unit.kind === 'sandbox' && found.verdict === undefined)) {
      problem('unreadable-record');
      return;
    }
    // A file in the folder of one account is not evidence of the coverage of another account.
    const foreignFile = unit.account !== undefined && found.recipient !== unit.account;
    const covered = foreignFile ? undefined : coverage.get(found.recipient ?? '');
    const isListed = unit.kind === 'trail' && (listing || found.listed);
    if (covered && isListed) noteListing(covered);
    if (found.at < since || found.at >= until) return;
    if (covered) {
      noteRecord(covered, found, isListed ? 'lookup' : unit.kind);
      if (!own) covered.records += 1;
    }
    const attribution = attributor.of(found);
    if (attribution.kind === 'other') return;
    if (attribution.kind === 'unclear') tally.addUnclear(attribution);
    if (attribution.kind === 'foreign' || attribution.kind === 'unclear' || covered === undefined) {
      for (const each of covered ? [covered] : coverage.values()) each.foreign += 1;
    } else if (seen.repeats(found)) covered.repeated += 1;
    else {
      covered.ours += 1;
      tally.add(found, attribution);
    }
  };
  try {
    const reader: StreamReader = {
      record,
      problem,
      listing: () => {
        listing = true;
      },
      read: (bytes) => {
        if (own) own.bytes += bytes;
        read(bytes);
      },
    };
    await unit.read(reader, opened);
  } catch (error) {
    if (!isFailureOfSource(error)) throw error;
    problem('unopened');
  } finally {
    await opened?.close();
  }
}

/**
 * Whether the disk or the network caused the error, and not a defect in this program. Only the former has a system
 * error code.
 */
function isFailureOfSource(error: unknown): boolean {
  if (!types.isNativeError(error) || error instanceof TrailError) return false;
  return /^E[A-Z]+$/.test(String((error as NodeJS.ErrnoException).code));
}

/** The action patterns of all roles. */
export function actionsOf(environments: readonly Environment[]): readonly string[] {
  return environments.flatMap(({ roles }) => roles.flatMap(({ allow }) => allow.flatMap(({ actions }) => actions)));
}
