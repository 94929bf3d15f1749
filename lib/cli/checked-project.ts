/** A project, loaded and checked. */
import type { Definitions, Finding } from '@leasehold/definitions';
import type { WaivedFinding } from '@leasehold/guardrails';

/** A project, and all that the rules and guardrails say of it. */
export interface CheckedProject {
  /** Absent where the definitions cannot be read. */
  readonly definitions: Definitions | undefined;
  /** Number of files that were read. */
  readonly files: number;
  readonly findings: readonly Finding[];
  /** Guardrails that are set aside today. */
  readonly waived: readonly WaivedFinding[];
}
