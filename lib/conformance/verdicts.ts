/** Results that several probes share. */
import type { Answer } from './aws/answer';
import { notDecided, type ProbeResult } from './probe';

/** The result for a response that is neither `allowed` nor `denied` by the probe's policy. */
export function undecided({ what, code, outcome }: Answer): ProbeResult {
  return notDecided(`AWS neither allowed nor denied ${what} (${code ?? outcome}).`);
}

/** Formats a number of seconds for people. */
export function seconds(count: number): string {
  return `${Math.round(count)} s`;
}
