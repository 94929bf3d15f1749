/** A probe tests one assumption about AWS. */
import type { Bench } from './bench';

/** Topics of the probes, in the order of the report. */
export const TOPICS = ['mfa', 'session', 'scoped', 'policies', 'console', 'services', 'broker'] as const;
export type Topic = (typeof TOPICS)[number];

/**
 * `holds`: AWS behaves as assumed. `violated`: AWS does not behave as assumed. `not decided`: the probe ran, but its
 * results are not conclusive. `not run`: the probe did not run.
 */
export const VERDICTS = ['holds', 'violated', 'not decided', 'not run'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The result of a probe. */
export interface ProbeResult {
  readonly verdict: Verdict;
  /** The reason for the verdict, as one or two sentences. */
  readonly because: string;
  /** Measured values, for the report. */
  readonly measured?: Readonly<Record<string, string>>;
}

/** An input that is optional for a run but required for this probe. */
export type Prerequisite = 'bucket' | 'table' | 'console';

/** A setting in the definitions that makes a deployment independent of the assumption. */
export interface Alternative {
  /** Key in the YAML, for example `mfa.oneCodeOneLease`. */
  readonly key: string;
  readonly value: string;
}

/** The properties of every probe. */
export interface ProbeFacts {
  /** In kebab-case. It never changes. */
  readonly id: string;
  readonly topic: Topic;
  /** The assumption about AWS, as one sentence without a full stop. */
  readonly assumption: string;
  /** How the probe tests the assumption, as one or two sentences. */
  readonly tried: string;
  /** The consequence of a wrong assumption, as one sentence. */
  readonly consequence: string;
  /** What to change if the assumption is violated, as one or two sentences. */
  readonly change: string;
  /** The setting that makes a deployment independent of the assumption, if there is such a setting. */
  readonly alternative?: Alternative;
}

/** A probe that a program can run. */
export interface RunnableProbe extends ProbeFacts {
  readonly needs?: readonly Prerequisite[];
  readonly run: (bench: Bench) => Promise<ProbeResult>;
}

/** A probe that only a person can run. The report always shows it as `not run`. */
export interface ManualProbe extends ProbeFacts {
  /** Why no program can run the probe. */
  readonly byHand: string;
}

export type Probe = RunnableProbe | ManualProbe;

/** Returns the result `holds`: AWS behaves as assumed. */
export function holds(because: string, measured?: Readonly<Record<string, string>>): ProbeResult {
  return { verdict: 'holds', because, ...(measured && { measured }) };
}

/** Returns the result `violated`: AWS does not behave as assumed. */
export function violated(because: string, measured?: Readonly<Record<string, string>>): ProbeResult {
  return { verdict: 'violated', because, ...(measured && { measured }) };
}

/** The result of a probe that ran, but whose results are not conclusive. */
export function notDecided(because: string, measured?: Readonly<Record<string, string>>): ProbeResult {
  return { verdict: 'not decided', because, ...(measured && { measured }) };
}
