/** A probe: one assumption about AWS, and how it is tried. */
import type { Bench } from './bench';

/** What the probes are about, in the order of the report. */
export const TOPICS = ['mfa', 'session', 'scoped', 'policies', 'console', 'services', 'broker'] as const;
export type Topic = (typeof TOPICS)[number];

/**
 * `holds`: AWS behaves as assumed. `violated`: it does not. `not decided`: it was tried, and the answers do not tell.
 * `not run`: it was not tried.
 */
export const VERDICTS = ['holds', 'violated', 'not decided', 'not run'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a probe found out. */
export interface ProbeResult {
  readonly verdict: Verdict;
  /** Why, as one or two sentences. */
  readonly because: string;
  /** Numbers that were measured, for people. */
  readonly measured?: Readonly<Record<string, string>>;
}

/** Something that a run must be given so that the probe can run. */
export type Prerequisite = 'bucket' | 'table' | 'console';

/** A choice in the definitions that does not depend on the assumption. */
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
  /** What is assumed about AWS, as one sentence without a full stop. */
  readonly assumption: string;
  /** How it is tried, as one or two sentences. */
  readonly tried: string;
  /** What a wrong assumption leads to: one sentence. */
  readonly consequence: string;
  /** What to change if it is violated: one or two sentences. */
  readonly change: string;
  /** The choice in the definitions, if there is one. */
  readonly alternative?: Alternative;
}

/** A probe that a program can try. */
export interface RunnableProbe extends ProbeFacts {
  readonly needs?: readonly Prerequisite[];
  readonly run: (bench: Bench) => Promise<ProbeResult>;
}

/** A probe that only a person can try: it is always reported as `not run`. */
export interface ManualProbe extends ProbeFacts {
  /** Why no program tries it. */
  readonly byHand: string;
}

export type Probe = RunnableProbe | ManualProbe;

/** The assumption holds. */
export function holds(because: string, measured?: Readonly<Record<string, string>>): ProbeResult {
  return { verdict: 'holds', because, ...(measured && { measured }) };
}

/** The assumption is wrong. */
export function violated(because: string, measured?: Readonly<Record<string, string>>): ProbeResult {
  return { verdict: 'violated', because, ...(measured && { measured }) };
}

/** It was tried, and the answers do not tell. */
export function notDecided(because: string, measured?: Readonly<Record<string, string>>): ProbeResult {
  return { verdict: 'not decided', because, ...(measured && { measured }) };
}
