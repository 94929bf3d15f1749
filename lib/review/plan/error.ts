/** The only error for unreadable plans. It states the problem, the location in the JSON, and how to fix the problem. */
import { defined } from '@leasehold/contract/defined';
import { LeaseholdError } from '@leasehold/contract/error';

/** Stable codes for the problems that a plan can have. */
export type PlanErrorCode =
  /** The input is empty or contains only white space. */
  | 'empty'
  /** The text ends before the JSON is complete. */
  | 'truncated'
  | 'invalid-json'
  /** The text is neither UTF-8 nor UTF-16 with a byte order mark. */
  | 'invalid-text'
  /** A key appears twice in one object, so two parsers could interpret the plan differently. */
  | 'duplicate-key'
  /** The JSON is nested deeper than in any real plan. */
  | 'too-deep'
  /** The input is a binary plan instead of the plan's JSON. */
  | 'binary-plan'
  /** The input is the log of `terraform plan -json`. */
  | 'plan-log'
  /** The input is a state file, or a state shown by `terraform show -json`. */
  | 'state'
  /** The input is JSON of some other kind. */
  | 'not-a-plan'
  | 'unsupported-format'
  /** Terraform could not finish planning. */
  | 'errored-plan'
  /** A part of the JSON does not match the plan format. */
  | 'wrong-shape'
  /** Neither terraform nor tofu is installed. */
  | 'no-program'
  /** Neither `terraform show` nor `tofu show` could read the plan. */
  | 'program-failed';

/** The input of a {@link PlanError}. */
export interface PlanFault {
  readonly code: PlanErrorCode;
  /** The problem: one sentence that contains the value. */
  readonly message: string;
  /** How to fix the problem: one imperative sentence. */
  readonly hint: string;
  /** JSON pointer (RFC 6901) into the plan, for example `/resource_changes/3/change`; empty for the entire plan. */
  readonly path?: string;
  /** Byte offset in the text, counted from 0, if known. */
  readonly offset?: number;
}

/**
 * The error for a plan that cannot be read. A plan that cannot be read was not reviewed, so it never counts as passed.
 */
export class PlanError extends LeaseholdError<PlanErrorCode> {
  override readonly name = 'PlanError';
  readonly path: string;
  readonly offset: number | undefined;

  constructor(fault: PlanFault, options?: ErrorOptions) {
    const { code, message, hint } = fault;
    super({ code, message: `${where(fault)}${message}`, hint }, options);
    this.path = fault.path ?? '';
    this.offset = fault.offset;
  }

  override toJSON() {
    const { path, offset } = this;
    return { ...super.toJSON(), path, ...defined({ offset }) };
  }
}

function where({ path = '', offset }: PlanFault): string {
  const places = [...(path === '' ? [] : [path]), ...(offset === undefined ? [] : [`byte ${offset}`])];
  return places.length === 0 ? '' : `${places.join(', ')}: `;
}

/** A value in one short line. */
export function brief(value: unknown, longest = 80): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
