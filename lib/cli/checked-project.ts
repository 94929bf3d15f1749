/** A loaded and checked project. */
import type { Definitions, Finding } from '@leasehold/definitions';
import type { WaivedFinding } from '@leasehold/guardrails';

/** A project, and everything that the rules and guardrails found in it. */
export interface CheckedProject {
  /** The definitions. Undefined if they cannot be read. */
  readonly definitions: Definitions | undefined;
  /** Number of files read. */
  readonly files: number;
  readonly findings: readonly Finding[];
  /** Findings that are suppressed by a waiver that is valid today. */
  readonly waived: readonly WaivedFinding[];
}
