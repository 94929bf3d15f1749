/** The results of a run. */
import type { Answer } from '../aws/answer';
import type { Left } from '../identities/remove';
import type { Probe, ProbeResult } from '../probe';

/** The result of one probe, with its evidence. */
export interface Probed extends ProbeResult {
  readonly probe: Probe;
  readonly answers: readonly Answer[];
}

export interface ConformanceReport {
  /** The account id, twelve digits; `undefined` if no probe was run. */
  readonly account?: string;
  readonly regions: readonly string[];
  /** Name of the run, which is the prefix of the names of all created identities. */
  readonly run?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly probed: readonly Probed[];
  /** Resources that could not be removed. */
  readonly left: readonly Left[];
  /** Whether the run ended before its last probe. */
  readonly interrupted: boolean;
  /**
   * Hosts outside AWS that responded to calls, for example the sandbox. If there are any such hosts, the report is
   * not evidence about AWS.
   */
  readonly otherHosts: readonly string[];
}

/** An empty report as a template: every probe is `not run`. */
export function emptyReport(probes: readonly Probe[]): ConformanceReport {
  return {
    regions: [],
    probed: probes.map((probe) => ({ probe, verdict: 'not run', because: 'Nothing was run.', answers: [] })),
    left: [],
    interrupted: false,
    otherHosts: [],
  };
}

/** Whether every probe that ran has the verdict `holds`, and every created resource was removed. */
export function isConformant({ probed, left, interrupted }: ConformanceReport): boolean {
  const tried = probed.filter(({ verdict }) => verdict !== 'not run');
  return !interrupted && left.length === 0 && tried.length > 0 && tried.every(({ verdict }) => verdict === 'holds');
}
