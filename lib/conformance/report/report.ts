/** The results of a run. */
import type { Answer } from '../aws/answer';
import type { Left } from '../identities/remove';
import type { Probe, ProbeResult } from '../probe';

/** What one probe found, with its evidence. */
export interface Probed extends ProbeResult {
  readonly probe: Probe;
  readonly answers: readonly Answer[];
}

export interface ConformanceReport {
  /** Twelve digits; `undefined` if nothing was run. */
  readonly account?: string;
  readonly regions: readonly string[];
  /** Name of the run, the prefix of every identity that it created. */
  readonly run?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly probed: readonly Probed[];
  /** What could not be removed. */
  readonly left: readonly Left[];
  /** Whether the run was ended before its last probe. */
  readonly interrupted: boolean;
  /** Hosts that answered and are not AWS's, for example the sandbox. Then the report states nothing about AWS. */
  readonly otherHosts: readonly string[];
}

/** A report in which nothing was run, as a template. */
export function emptyReport(probes: readonly Probe[]): ConformanceReport {
  return {
    regions: [],
    probed: probes.map((probe) => ({ probe, verdict: 'not run', because: 'Nothing was run.', answers: [] })),
    left: [],
    interrupted: false,
    otherHosts: [],
  };
}

/** Whether everything that was tried was decided and holds, and nothing is left. */
export function isConformant({ probed, left, interrupted }: ConformanceReport): boolean {
  const tried = probed.filter(({ verdict }) => verdict !== 'not run');
  return !interrupted && left.length === 0 && tried.length > 0 && tried.every(({ verdict }) => verdict === 'holds');
}
